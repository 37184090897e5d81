"""The invented cluster of the samples: twelve organisations of Abşeron and Sumqayıt that make polymer products."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.people import person

LLC: Final = "Məhdud Məsuliyyətli Cəmiyyəti"
OJSC: Final = "Açıq Səhmdar Cəmiyyəti"
PUBLIC: Final = "publik hüquqi şəxs"
SUMQAYIT: Final = "Sumqayıt şəhəri"

_ORGANISATIONS: Final = (
    ("“Xəzər Polimer”", OJSC, "1400512381", "1402510034",
     "AZ5000, Sumqayıt şəhəri, Sənayeçilər prospekti 14", ("Rəhimov", "Fuad", "Tahir oğlu"), "İdarə Heyətinin sədri"),
    ("“Abşeron Boru Sistemləri”", LLC, "1701884421", "1703510218",
     "AZ0100, Abşeron rayonu, Xırdalan şəhəri, Zavod küçəsi 3", ("Mehdiyeva", "Səbinə", "Oqtay qızı"), "direktor"),
    ("“Sumqayıt Qablaşdırma”", LLC, "1400633981", "1404511092",
     "AZ5001, Sumqayıt şəhəri, Sülh küçəsi 27", ("Cavadov", "Rövşən", "İlham oğlu"), "direktor"),
    ("“Plastform”", LLC, "1701992061", "1705510477",
     "AZ0104, Abşeron rayonu, Masazır qəsəbəsi, Sənaye küçəsi 8", ("Nəsirov", "Kamran", "Elşad oğlu"), "direktor"),
    ("“Kimya Texno Servis”", LLC, "1400745511", "1406510561",
     "AZ5008, Sumqayıt şəhəri, Nizami küçəsi 112", ("Ağayeva", "Ülviyyə", "Sabir qızı"), "baş direktor"),
    ("“Kabel İzolyasiya Materialları”", LLC, "1702104351", "1707510883",
     "AZ0101, Abşeron rayonu, Xırdalan şəhəri, Bakı yolu 19", ("Qurbanov", "Azad", "Mirzə oğlu"), "direktor"),
    ("“Geomembran”", LLC, "1400858171", "1408511205",
     "AZ5004, Sumqayıt şəhəri, Kimyaçılar küçəsi 5", ("Tağıyev", "Murad", "Vasif oğlu"), "direktor"),
    ("“Təkrar Emal Polimer”", LLC, "1702216641", "1709510339",
     "AZ0106, Abşeron rayonu, Saray qəsəbəsi, Çevrə yolu 41", ("İbrahimova", "Nərgiz", "Adil qızı"), "direktor"),
    ("“Sumqayıt Texnologiya Parkı”", LLC, "1400961231", "1401512770",
     "AZ5023, Sumqayıt şəhəri, Mühəndislər prospekti 1", ("Hacıyev", "Şahin", "Ramiz oğlu"), "direktor"),
    ("“Polimer Materialları İnstitutu”", PUBLIC, "1401073891", "1403512114",
     "AZ5004, Sumqayıt şəhəri, Səməd Vurğun küçəsi 124", ("Əsgərov", "Tofiq", "Nadir oğlu"), "direktor"),
    ("“Sumqayıt Peşə Təhsil Mərkəzi”", PUBLIC, "1401186451", "1405512390",
     "AZ5015, Sumqayıt şəhəri, Cəfər Cabbarlı küçəsi 33", ("Səfərova", "Mehriban", "Yusif qızı"), "direktor"),
    ("“Sənaye Lizinq”", OJSC, "1702329011", "1701512026",
     "AZ1025, Bakı şəhəri, Nobel prospekti 60", ("Kazımov", "Ramin", "Arif oğlu"), "İdarə Heyətinin sədri"),
)  # fmt: skip
PARTICIPANTS: Final = 8
"""Organisations 1 to 8 are participants, 9 to 12 are of the infrastructure."""

_BY_POWER: Final = {
    4: (("Vəlizadə", "Anar", "Kamal oğlu"), "direktor müavini", "17", "2026-03-02"),
    7: (("Orucova", "Lamiyə", "Fikrət qızı"), "direktor müavini", "06/26", "2026-03-05"),
}


def cluster() -> dict[str, Any]:
    """The data of ``ClusterData``."""
    return {
        "id": "abseron-polimer",
        "name": "Abşeron polimer sənaye klasteri",
        "territory": "Sumqayıt şəhəri və Abşeron rayonu",
        "product": "polimer borular, fitinqlər və qablaşdırma materialları",
    }


def organisation(place: int) -> dict[str, Any]:
    """The organisation at ``place``, from 1 to 12, as ``OrganisationData``."""
    name, form, voen, registration, address, _, _ = _ORGANISATIONS[place - 1]
    return {
        "id": f"kl-t{place:02d}",
        "name": name,
        "legal_form": form,
        "voen": voen,
        "state_registration": registration,
        "legal_address": address,
        "actual_address": "",
    }


def full_name(place: int) -> str:
    """Name and legal form of the organisation at ``place``."""
    name, form = _ORGANISATIONS[place - 1][:2]
    return f"{name} {form}"


def head(place: int) -> dict[str, Any]:
    """The first person of the organisation at ``place``, as ``PersonData``."""
    *_, name, post = _ORGANISATIONS[place - 1]
    return person(f"kl-p{place:02d}", name, full_name(place), post)


def representative(place: int) -> dict[str, Any]:
    """Who acts for the organisation at ``place``: its head by the charter; for 4 and 7 a deputy by power."""
    who, authority = head(place), {"kind": "charter", "number": "", "issued_on": None, "valid_until": None}
    if place in _BY_POWER:
        name, post, number, issued = _BY_POWER[place]
        who = person(f"kl-v{place:02d}", name, full_name(place), post)
        authority = {"kind": "power", "number": number, "issued_on": issued, "valid_until": "2027-03-01"}
    return {
        "person": who,
        "authority": authority,
        "phone": f"+994 12 555 01 {place:02d}",
        "email": f"t{place:02d}@polimer.example",
    }


def represented(place: int) -> dict[str, Any]:
    """An organisation with its representative, as ``RepresentedData``."""
    return {"organisation": organisation(place), "representative": representative(place)}


def specialised() -> dict[str, Any]:
    """The specialised organisation, an association that eight participants founded, as ``HeadedOrganisationData``."""
    name, form = "“Abşeron Polimer Klasteri”", "Assosiasiyası"
    return {
        "organisation": {
            "id": "kl-it",
            "name": name,
            "legal_form": form,
            "voen": "1401299871",
            "state_registration": "1426510093",
            "legal_address": "AZ5023, Sumqayıt şəhəri, Mühəndislər prospekti 1",
            "actual_address": "",
        },
        "head": person("kl-rehber", ("Allahverdiyev", "Nicat", "Rasim oğlu"), f"{name} {form}", "icraçı direktor"),
        "place": SUMQAYIT,
        "contact": "AZ5023, Sumqayıt şəhəri, Mühəndislər prospekti 1 · tel.: (018) 555-02-00 · info@klaster.example",
        "has_seal": True,
    }


def executive(place: int = 1) -> dict[str, Any]:
    """The executive bodies of the cluster's territory, 1 and 2, as ``HeadedOrganisationData``."""
    name, voen, address, who, town, code = (
        ("Sumqayıt Şəhər", "1400000131", "AZ5001, Sumqayıt şəhəri, Meydan küçəsi 1",
         ("Mirzəyev", "Elxan", "Cavad oğlu"), SUMQAYIT, "018"),
        ("Abşeron Rayon", "1700000241", "AZ0100, Abşeron rayonu, Xırdalan şəhəri, Mərkəzi küçə 2",
         ("Zeynalova", "Pərvanə", "İsmayıl qızı"), "Xırdalan şəhəri", "012"),
    )[place - 1]  # fmt: skip
    return {
        "organisation": {
            "id": f"ih-{place}",
            "name": name,
            "legal_form": "İcra Hakimiyyəti",
            "voen": voen,
            "state_registration": "",
            "legal_address": address,
            "actual_address": "",
        },
        "head": person(f"ih-p{place}", who, f"{name} İcra Hakimiyyəti", "icra hakimiyyətinin başçısı"),
        "place": town,
        "contact": f"{address} · tel.: ({code}) 555-03-0{place}",
        "has_seal": True,
    }

"""Samples of the cluster's registry: from the twelve organisations of the sample cluster up to 5,000 invented ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from doc_service.instruments.samples.cluster import (
    PARTICIPANTS,
    cluster,
    head,
    organisation,
    representative,
    specialised,
)

KINDS: Final = (
    "large", "medium", "small", "university", "college", "research",
    "development", "technology", "marketing", "finance", "ngo", "government",
    "other",
)  # fmt: skip
_KNOWN: Final = (
    ("large", "polietilen qranulları, polipropilen"),
    ("medium", "polietilen borular və fitinqlər"),
    ("medium", "çoxqatlı qablaşdırma materialları"),
    ("small", "plastik tara və qapaqlar"),
    ("small", "istehsal xətlərinin quraşdırılması və təmiri"),
    ("medium", "kabel izolyasiyası üçün kompaundlar"),
    ("small", "geomembran və geotekstil"),
    ("small", "təkrar emal edilmiş polimer qranulları"),
    ("technology", "sınaq laboratoriyası, istehsal sahələrinin icarəsi"),
    ("research", "polimer materialların tədqiqi və sınağı"),
    ("college", "aparatçı və operatorların hazırlanması"),
    ("finance", "avadanlığın lizinqi"),
)
_MANY: Final = ("small",) * 9 + ("medium",) * 5 + ("large",) * 2 + KINDS[3:]
_PLACES: Final = (
    ("AZ5000, Sumqayıt şəhəri", ("Sülh küçəsi", "Nizami küçəsi", "Kimyaçılar küçəsi", "Sənayeçilər prospekti")),
    ("AZ0100, Abşeron rayonu, Xırdalan şəhəri", ("Zavod küçəsi", "Bakı yolu", "Mərkəzi küçə")),
    ("AZ0104, Abşeron rayonu, Masazır qəsəbəsi", ("Sənaye küçəsi", "Göl küçəsi")),
    ("AZ1025, Bakı şəhəri, Xətai rayonu", ("Nobel prospekti", "Gəncə prospekti", "Səməd Vurğun küçəsi")),
)
_WORDS: Final = (
    "Abşeron", "Xəzər", "Günəşli", "Şimal", "Çinar", "Üfüq", "Dəniz", "İnci", "Araz", "Kəpəz", "Qızılgül", "Yeni",
    "Şərq", "Ulduz", "Bərəkət", "Əlvan", "Zirvə", "Körpü", "Novator", "Hazar",
)  # fmt: skip
_TRADES: Final = (
    ("Plast", "plastik qablar və qapaqlar"),
    ("Boru", "polietilen borular, birləşdirici hissələr"),
    ("Qablaşdırma", "çoxqatlı plyonka və kisələr"),
    ("Kompozit", "kompozit panellər və profillər"),
    ("Servis", "avadanlığın təmiri və sazlanması"),
    ("Polimer", "polimer qatqıları və boyayıcılar"),
    ("Ekologiya", "tullantıların yığılması və təkrar emalı"),
)
_FORMS: Final = ("Məhdud Məsuliyyətli Cəmiyyəti", "Açıq Səhmdar Cəmiyyəti", "Qapalı Səhmdar Cəmiyyəti")
_SURNAMES: Final = (
    "Əliyev", "Məmmədov", "Hüseynov", "Quliyev", "İsmayılov", "Rzayev", "Süleymanov", "Cəfərov", "Şirinov", "Ağayev",
)  # fmt: skip
_GIVEN: Final = ("Elçin", "Rəşad", "Orxan", "Tural", "Vüqar", "Anar", "Kənan", "Samir", "Ülvi", "Fərid")
_FATHERS: Final = ("Rauf", "Kamil", "Namiq", "Şamil", "Zakir", "Hikmət", "Aqil", "Valeh", "İlham")
_CHANGING: Final = 5
_FIRST_DAY: Final = date(2026, 3, 16)


def registry_sample(rows: int = 24) -> dict[str, Any]:
    """The data of ``klaster-reyestr`` with so many organisations, the same for the same number: the sample cluster's
    own first. It is the second edition, two organisations newer than the first and without one that left."""
    listed = [registry_row(place) for place in range(1, rows + 1)]
    new = [row["voen"] for row in listed[-2:]] if rows >= _CHANGING else []
    moved = {"legal_address": "AZ0100, Abşeron rayonu, Xırdalan şəhəri, Köhnə zavod küçəsi 1"}
    changed = [listed[1] | moved] if rows >= _CHANGING else []
    return {
        "cluster": cluster(),
        "specialised": specialised(),
        "edition": 2,
        "made_on": "2026-11-20",
        "basis": "iştirakçıların tərkibinə yeni təşkilatların qoşulması (ümumi yığıncağın 2026-cı il 18 noyabr "
        "tarixli protokolu)",
        "previous": {
            "edition": 1,
            "number": "KL-RY-1/2026",
            "registered_on": "2026-04-06",
            "sha256": "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce",
        },
        "rows": listed,
        "changes": {"added": new, "removed": [registry_row(rows + 1)], "changed": changed},
    }


def registry_row(place: int) -> dict[str, Any]:
    """The row at ``place``, from 1: beyond the sample cluster's twelve, an invented organisation."""
    return _known(place) if place <= len(_KNOWN) else _invented(place)


def _known(place: int) -> dict[str, Any]:
    found, who, reached = organisation(place), head(place)["name"], representative(place)
    kind, products = _KNOWN[place - 1]
    agreed = place <= PARTICIPANTS
    return {
        "kind": kind,
        **{name: found[name] for name in ("name", "legal_form", "voen", "state_registration", "legal_address")},
        "actual_address": found["actual_address"],
        "products": products,
        "head": f"{who['surname']} {who['given']} {who['patronymic']}",
        "phone": reached["phone"],
        "email": reached["email"],
        "agreement_number": "KL-IS-1/2026" if agreed else "",
        "agreement_date": "2026-03-16" if agreed else None,
        "specialised": False,
        "final_producer": place in (2, 3),
    }


def _invented(place: int) -> dict[str, Any]:
    kind = KINDS[place] if place < 13 else _MANY[place % len(_MANY)]
    word, (trade, products) = _WORDS[place % len(_WORDS)], _TRADES[place * 3 % len(_TRADES)]
    town, streets = _PLACES[place % len(_PLACES)]
    joined = _FIRST_DAY + timedelta(days=place % 240)
    surname, given, father = (
        words[place * step % len(words)] for words, step in ((_SURNAMES, 7), (_GIVEN, 3), (_FATHERS, 5))
    )
    address = f"{town}, {streets[place % len(streets)]} {place % 190 + 1}"
    return {
        "kind": kind,
        "name": f"“{word} {trade} {place}”",
        "legal_form": _FORMS[place % len(_FORMS)],
        "voen": f"{140_000_000 + place * 7_919 % 90_000_000:09d}1",
        "state_registration": f"14{place * 104_729 % 100_000_000:08d}",
        "legal_address": address,
        "actual_address": f"{town}, {streets[-1]} {place % 90 + 1}" if place % 4 == 0 else "",
        "products": products,
        "head": f"{surname} {given} {father} oğlu",
        "phone": f"+994 50 {place % 900 + 100} {place % 89 + 10} {place % 79 + 10}",
        "email": f"info{place}@klaster.example",
        "agreement_number": f"KL-QV-{place}/2026",
        "agreement_date": joined.isoformat(),
        "specialised": False,
        "final_producer": kind in ("large", "medium", "small") and place % 9 == 0,
    }

"""``klaster-qosulma-erizesi``: the application to accede to the agreement (003 Əlavə 4, annex 1).

Each of the seven enclosures is named with its details and with the SHA-256 of the file that was uploaded, so that the
signed application says which files it came with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_email
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    cluster_faults,
    nco,
    organisation_faults,
)
from doc_service.instruments.cluster.participation_data import (
    PartyData,
    parties_faults,
    party_signatories,
)
from doc_service.instruments.fields import Line, OptionalLine, Sha256, Strict
from doc_service.instruments.issuer import Issuer, issuer_heading
from doc_service.instruments.people_data import NameData
from doc_service.instruments.samples.application import application_sample
from doc_service.instruments.signature_table import signature_rows

ENCLOSURES: Final = (
    "Hüquqi şəxsin nizamnaməsinin surəti (ərizəçi hüquqi şəxs olduqda)",
    "Hüquqi şəxslərin (fərdi sahibkarların) dövlət qeydiyyatına alınması barədə şəhadətnamə",
    "Hüquqi şəxslərin (fərdi sahibkarların) dövlət reyestrindən çıxarışın surəti",
    "Vergi qeydiyyatına dair Şəhadətnamə (VÖEN)",
    "Səlahiyyətli nümayəndənin (təmsilçinin) səlahiyyətlərini təsdiq edən sənəd",
    "Baş mühasib haqqında məlumatları əks edən sənəd",
    "Klaster iştirakçısının anketi",
)
"""The form's table, word by word; a place in it is an enclosure's ``number`` minus one."""

CHARTER: Final = 1
_NATURAL: Final = "2"


class FileData(Strict):
    """The file as it was uploaded."""

    name: Line = Field(title="Faylın adı")
    size: int = Field(ge=1, le=1 << 40, title="Faylın ölçüsü, bayt")
    sha256: Sha256 = Field(title="Faylın SHA-256 nəzarət cəmi")


class EnclosureData(Strict):
    """One line of the table of enclosures."""

    number: int = Field(ge=1, le=len(ENCLOSURES), title="Sıra nömrəsi", description="Formadakı 1–7")
    details: OptionalLine = Field(
        default="", title="Sənədin rekvizitləri", description="Kim tərəfindən və nə vaxt verildiyi, qeydiyyatı, təsdiqi"
    )
    file: FileData | None = Field(default=None, title="Yüklənmiş fayl")


class PostalAddressData(Strict):
    """The block "Ərizəçinin ünvanı"."""

    postal_code: Line = Field(title="Poçt indeksi", description="Məsələn: AZ5023")
    settlement: Line = Field(title="Yaşayış yeri (şəhər, kənd və s.)")
    street: Line = Field(title="Küçə (prospekt, döngə və s.)")
    flat: OptionalLine = Field(default="", title="Mənzilin nömrəsi")
    building: Line = Field(title="Binanın nömrəsi")
    organisation: Line = Field(title="Təşkilatın (şirkətin) ünvanı")


class EntrustedData(Strict):
    """The representative for dealings with the specialised organisation, and the contact block of the form."""

    name: NameData = Field(title="Soyadı, adı, atasının adı")
    post: Line = Field(title="Vəzifəsi")
    work_phone: Line = Field(title="İş telefonu")
    mobile: OptionalLine = Field(default="", title="Mobil telefon nömrəsi")
    fax: OptionalLine = Field(default="", title="Faks")
    email: Line = Field(title="Elektron poçt ünvanı")
    postal_code: Line = Field(title="Poçt ünvanının indeksi")


class AccessionApplicationData(Strict):
    """The application of one organisation."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    specialised: HeadedOrganisationData = Field(
        title="Klasterin ixtisaslaşdırılmış təşkilatı", description="Ünvanlanır"
    )
    applicant: PartyData = Field(title="Ərizəçi", description="Təşkilatın rəhbəri imzalayır")
    place: Line = Field(title="Sənədin tərtib edildiyi yer")
    entrusted: EntrustedData = Field(title="Təmsilçi", description="Maraqların təmsil edilməsi tapşırılan şəxs")
    address: PostalAddressData = Field(title="Ərizəçinin ünvanı")
    enclosures: tuple[EnclosureData, ...] = Field(
        min_length=len(ENCLOSURES), max_length=len(ENCLOSURES), title="Əlavə edilən sənədlər"
    )


@dataclass(frozen=True, kw_only=True)
class KlasterQosulmaErizesi(Instrument[AccessionApplicationData]):
    """Signed by the applicant's head, with its seal."""

    def check(self, data: AccessionApplicationData) -> tuple[Fault, ...]:
        """All seven enclosures, each with details and a file of its own; the charter may lack for a natural person."""
        return tuple(self._faults(data))

    def _faults(self, data: AccessionApplicationData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.specialised.organisation, "specialised.organisation")
        applicant = parties_faults(data.specialised, (data.applicant,), "applicant")
        yield from (fault for fault in applicant if fault.field.startswith("applicant"))
        yield from check_email(data.entrusted.email, "entrusted.email")
        yield from _enclosure_faults(data)

    def signatories(self, data: AccessionApplicationData) -> tuple[Signatory, ...]:
        """The head of the organisation, then its seal (annex 1: "Təşkilatın rəhbəri", "MY")."""
        label = f"{genitive(data.applicant.organisation.full_name)} rəhbəri"
        return party_signatories(data.applicant, 1, 1, label)

    def context(
        self,
        data: AccessionApplicationData,
        registration: Registration | None = None,
        stand_ins: StandIns = NO_STAND_INS,
    ) -> dict[str, Any]:
        applicant = data.applicant
        signs = applicant.representative.person
        people = {person.id: person.to_domain() for person in (applicant.keeper, signs)}
        rows = signature_rows(self.signatories(data), people, stand_ins)
        issuer = Issuer(name=applicant.organisation.full_name, place=data.place)
        return {
            "line": issuer_heading(issuer, registration)["line"],
            "cluster": genitive(data.cluster.name),
            "nco": nco(data.specialised.organisation),
            "addressee": {
                "organisation": data.specialised.organisation.full_name,
                "name": data.specialised.head.to_domain().name.full,
            },
            "applicant": {
                "name": applicant.organisation.full_name,
                "basis": applicant.representative.authority.text,
                "person": f"{signs.post} {signs.to_domain().name.full}",
            },
            "entrusted": {
                "person": f"{data.entrusted.post} {data.entrusted.name.to_domain().full}",
                "name": data.entrusted.name.to_domain().full,
                **{key: getattr(data.entrusted, key) for key in _CONTACT},
            },
            "address": data.address.model_dump(),
            "enclosures": [_enclosure(item) for item in sorted(data.enclosures, key=lambda e: e.number)],
            "signatory": rows[0],
            "seal": rows[1],
        }

    def sample(self) -> dict[str, Any]:
        return application_sample()


def klaster_qosulma_erizesi() -> KlasterQosulmaErizesi:
    """The instrument of 003 Əlavə 4 annex 1."""
    return KlasterQosulmaErizesi(
        model=AccessionApplicationData,
        id="klaster-qosulma-erizesi",
        title_az="Sazişə qoşulmaq üçün ərizə",
        title_en="Application to accede to the agreement",
        template="klaster-qosulma-erizesi.v1",
        journal="KL-QE",
        journal_title="İştirak haqqında sazişə qoşulma ərizələrinin qeydiyyatı jurnalı",
        case_index="KL-03",
        sources=("003 Əlavə 4, §3.5", "003 Əlavə 4, 1 nömrəli əlavə"),
    )


_CONTACT: Final = ("work_phone", "mobile", "fax", "email", "postal_code")


def _enclosure_faults(data: AccessionApplicationData) -> Iterator[Fault]:
    natural = data.applicant.organisation.voen.endswith(_NATURAL)
    numbers: set[int] = set()
    files: dict[str, int] = {}
    for place, item in enumerate(data.enclosures):
        where, params = f"enclosures[{place}]", {"number": item.number, "title": ENCLOSURES[item.number - 1]}
        if item.number in numbers:
            yield Fault("application.enclosure_repeated", f"{where}.number", params)
        numbers.add(item.number)
        needless = natural and item.number == CHARTER and not item.details.strip() and item.file is None
        if needless:
            continue
        if not item.details.strip():
            yield Fault("application.enclosure_details", f"{where}.details", params)
        if item.file is None:
            yield Fault("application.enclosure_missing", f"{where}.file", params)
        elif item.file.sha256 in files:
            same = params | {"other": files[item.file.sha256]}
            yield Fault("application.same_file", f"{where}.file.sha256", same)
        else:
            files[item.file.sha256] = item.number


def _enclosure(item: EnclosureData) -> dict[str, Any]:
    """``no title details file sha256``; the file's line is empty where there is none."""
    file = item.file
    return {
        "no": str(item.number),
        "title": ENCLOSURES[item.number - 1],
        "details": item.details or "–",
        "file": f"{file.name} ({file.size} bayt)" if file else "",
        "sha256": file.sha256 if file else "",
    }

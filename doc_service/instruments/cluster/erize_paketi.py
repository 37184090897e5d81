"""``erize-paketi``: the signed inventory (siyahı) of the application package (003 §2 stage table, §6).

The inventory names every paper with its number, page count and digest; the papers travel beside it in one container, so
whoever holds the container can see that nothing was added, left out or changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.clusters.stages import STAGE_TABLE, STAGE_TITLES, Form, StageItem
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    cluster_faults,
    organisation_faults,
    seal,
)
from doc_service.instruments.fields import Identifier, Line, OptionalLine, Sha256, Strict
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.application_package import package_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import counted, day_text

FILE_NAME: Final = r"^[0-9]{3}_[a-z0-9-]{1,60}\.(pdf|png|jpg)$"
PLACES: Final = {item.id: place for place, item in enumerate(STAGE_TABLE)}
NEEDED: Final = tuple(item for item in STAGE_TABLE if item.in_package)

FileName = Annotated[str, StringConstraints(pattern=FILE_NAME)]


class EntryForm(StrEnum):
    """``ORIGINAL``: the signed original; ``COPY``: a certified copy of it; ``FILE``: a paper of somebody else."""

    ORIGINAL = "original"
    COPY = "copy"
    FILE = "file"


FORMS: Final = {
    EntryForm.ORIGINAL: "əsli",
    EntryForm.COPY: "təsdiq edilmiş surət",
    EntryForm.FILE: "təqdim edilmiş fayl",
}


class EntryData(Strict):
    """One paper of the package."""

    item: Identifier = Field(title="Mərhələ cədvəlinin bəndi", description="003 §2")
    form: EntryForm = Field(title="Forması", description="əsli, təsdiq edilmiş surət və ya fayl")
    document_id: Identifier = Field(title="Sənədin və ya faylın identifikatoru")
    number: OptionalLine = Field(default="", title="Nömrəsi", description="Surət üçün surətin qeydiyyat nömrəsi")
    registered_on: date | None = Field(default=None, title="Tarixi")
    owner: OptionalLine = Field(default="", title="Kimə aiddir", description="Hər iştirakçı üzrə verilən sənədlərdə")
    pages: int = Field(ge=1, le=100_000, title="Səhifələrin sayı")
    size: int = Field(ge=1, title="Həcmi", description="bayt")
    sha256: Sha256 = Field(title="SHA-256 nəzarət cəmi")
    name: FileName = Field(title="Paketdəki faylın adı")


class PackageData(Strict):
    """The inventory of the package."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    addressee: Line = Field(title="Ünvanlandığı orqan", description="Yönlük halda: 003 §6.2")
    members: int = Field(ge=0, le=10_000, title="İştirakçıların sayı", description="Hər birindən anket tələb olunur")
    entries: tuple[EntryData, ...] = Field(max_length=2_000, title="Paketin sənədləri")


@dataclass(frozen=True, kw_only=True)
class ErizePaketi(Instrument[PackageData]):
    def check(self, data: PackageData) -> tuple[Fault, ...]:
        """Every paper of the stage table is there in the form that it asks for; each gap is named with its clause."""
        return tuple(self._faults(data))

    def _faults(self, data: PackageData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation.organisation, "organisation.organisation")
        for item in NEEDED:
            yield from _gap(item, data)
        yield from _entry_faults(data)

    def signatories(self, data: PackageData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation, with its seal where there is one (003 §6.4)."""
        role = f"{genitive(data.cluster.name)} ixtisaslaşdırılmış təşkilatının rəhbəri"
        head = data.organisation.head
        signs = Signatory(field=field_name(1), order=1, person_id=head.id, role_label=role)
        if not data.organisation.has_seal:
            return (signs,)
        return (signs, seal(data.organisation.organisation, head, field=field_name(2), order=2))

    def context(
        self, data: PackageData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.organisation.head.id: data.organisation.head.to_domain()}
        return {
            **issuer_heading(data.organisation.issuer(), registration),
            "addressee": data.addressee,
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "groups": _groups(data),
            "total": {"papers": counted(len(data.entries)), "pages": counted(sum(e.pages for e in data.entries))},
            "signatories": signature_rows(self.signatories(data), people, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return package_sample()


def erize_paketi() -> ErizePaketi:
    """The application package (003 §2, §6)."""
    return ErizePaketi(
        model=PackageData,
        id="erize-paketi",
        title_az="Sənədlər paketinin siyahısı",
        title_en="Application package",
        template="erize-paketi.v1",
        journal="KL-SP",
        journal_title="Sənədlər paketlərinin qeydiyyatı jurnalı",
        case_index="KL-08",
        sources=("003 §2", "003 §6.2", "003 §6.4"),
    )


def _gap(item: StageItem, data: PackageData) -> Iterator[Fault]:
    there = [e for e in data.entries if e.item == item.id]
    params = {"title": item.title, "clause": item.clause}
    if not there and not item.optional:
        yield Fault("package.missing", "entries", params)
    elif item.each_member and len(there) < data.members:
        yield Fault("package.members_missing", "entries", {**params, "there": len(there), "needed": data.members})
    if item.form is Form.COPY and item.instruments and any(e.form is EntryForm.ORIGINAL for e in there):
        yield Fault("package.copy_needed", "entries", params)


def _entry_faults(data: PackageData) -> Iterator[Fault]:
    for place, entry in enumerate(data.entries):
        if entry.item not in PLACES or not STAGE_TABLE[PLACES[entry.item]].in_package:
            yield Fault("package.unknown_item", f"entries[{place}].item", {"item": entry.item})
    known = [PLACES[e.item] for e in data.entries if e.item in PLACES]
    if known != sorted(known):
        yield Fault("package.order", "entries")
    for name, times in Counter(e.name for e in data.entries).items():
        if times > 1:
            yield Fault("package.repeated_name", "entries", {"name": name})


def _groups(data: PackageData) -> list[dict[str, Any]]:
    """By stage of the table, numbered through."""
    rows = [(e, STAGE_TABLE[PLACES[e.item]], n) for n, e in enumerate(data.entries, 1) if e.item in PLACES]
    stages = dict.fromkeys(item.stage for _, item, _ in rows)
    return [
        {
            "title": f"Mərhələ {int(stage)}. {STAGE_TITLES[stage]}",
            "rows": [_row(e, i, n) for e, i, n in rows if i.stage is stage],
        }
        for stage in stages
    ]


def _row(entry: EntryData, item: StageItem, number: int) -> dict[str, str]:
    reference = ", ".join(filter(None, (f"№ {entry.number}" if entry.number else "", day_text(entry.registered_on))))
    return {
        "number": str(number),
        "title": item.title,
        "clause": item.clause.replace("003", "Metodologiya"),
        "owner": entry.owner,
        "reference": reference,
        "form": FORMS[entry.form],
        "pages": str(entry.pages),
        "file": entry.name,
        "sha256": entry.sha256,
    }


def file_name(place: int, item_id: str, media_type: str) -> str:
    """ "007_reyestr.pdf": the order of the package, also where names are sorted."""
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[media_type]
    name = f"{place:03d}_{item_id}.{ending}"
    assert re.fullmatch(FILE_NAME, name), name
    return name

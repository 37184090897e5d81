"""The data of a registry's edition, and the rules of its rows (003 §4.16, Əlavə 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from pydantic import Field

from doc_service.domain.clusters.kinds import PRODUCERS, ParticipantKind
from doc_service.domain.clusters.registry import RegistryEntry, row_faults
from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_email
from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData
from doc_service.instruments.fields import Line, Number, OptionalLine, Sha256, Strict

MOST_ROWS = 5_000


class RowData(Strict):
    """One organisation; the columns of the form are made from these fields."""

    kind: ParticipantKind = Field(title="Təşkilatın növü", description="Reyestrin bölməsi: 003 Əlavə 6")
    name: Line = Field(title="Təşkilatın adı", description="Dırnaqda, təşkilati-hüquqi forması olmadan; 1-ci sütun")
    legal_form: OptionalLine = Field(default="", title="Təşkilati-hüquqi forması", description="1-ci sütun")
    voen: Line = Field(title="VÖEN", description="10 rəqəm; 2-ci sütun")
    state_registration: OptionalLine = Field(default="", title="Dövlət qeydiyyat nömrəsi", description="2-ci sütun")
    legal_address: Line = Field(title="Hüquqi ünvanı", description="3-cü sütun")
    actual_address: OptionalLine = Field(
        default="", title="Faktiki ünvanı", description="Boş: hüquqi ünvanla eynidir; 4-cü sütun"
    )
    products: Line = Field(title="Əsas məhsulları (xidmətləri)", description="5-ci sütun")
    head: Line = Field(title="Rəhbəri", description="Soyadı, adı, atasının adı; 6-cı sütun")
    phone: OptionalLine = Field(default="", title="Telefon", description="6-cı sütun")
    email: OptionalLine = Field(default="", title="Elektron poçt ünvanı", description="6-cı sütun")
    agreement_number: OptionalLine = Field(
        default="", title="İştirak haqqında sazişin nömrəsi", description="7-ci sütun: 003 §4.15"
    )
    agreement_date: date | None = Field(default=None, title="İştirak haqqında sazişin tarixi", description="7-ci sütun")
    specialised: bool = Field(default=False, title="İT", description="İxtisaslaşdırılmış təşkilat; 8-ci sütun")
    final_producer: bool = Field(default=False, title="MSB", description="Məhsulun son buraxılışı; 8-ci sütun")

    def to_domain(self) -> RegistryEntry:
        return RegistryEntry(**{name: getattr(self, name) for name in type(self).model_fields})


class PreviousEdition(Strict):
    """The edition that this one supersedes, as it was signed."""

    edition: Number = Field(title="Əvvəlki nəşrin nömrəsi")
    number: Line = Field(title="Sənədin nömrəsi")
    registered_on: date = Field(title="Sənədin tarixi")
    sha256: Sha256 = Field(title="İmzalanmış sənədin SHA-256 nəzarət cəmi")


class ChangesData(Strict):
    """What changed since the previous edition. New rows by VÖEN; rows that left or changed as they were."""

    added: tuple[Line, ...] = Field(default=(), max_length=MOST_ROWS, title="Daxil edilənlər (VÖEN)")
    removed: tuple[RowData, ...] = Field(default=(), max_length=MOST_ROWS, title="Xaric edilənlər")
    changed: tuple[RowData, ...] = Field(
        default=(), max_length=MOST_ROWS, title="Dəyişənlər", description="Əvvəlki nəşrdəki məlumatlar"
    )


class RegistryData(Strict):
    """One edition. The order of ``rows`` does not matter: they are printed by group and alphabet."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    specialised: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    edition: Number = Field(title="Nəşrin nömrəsi", description="1-dən başlayaraq ardıcıl: 003 §4.16")
    made_on: date = Field(title="Məlumatların tarixi")
    basis: OptionalLine = Field(default="", title="Yenilənmənin əsası", description="003 §4.16: hər il və ya zərurət")
    previous: PreviousEdition | None = Field(default=None, title="Əvvəlki nəşr")
    rows: tuple[RowData, ...] = Field(min_length=1, max_length=MOST_ROWS, title="İştirakçılar və infrastruktur")
    changes: ChangesData = Field(default=ChangesData(), title="Əvvəlki nəşrdən fərqlər")


def row_dict(row: RegistryEntry) -> dict[str, Any]:
    """A row as data."""
    data = {f.name: getattr(row, f.name) for f in fields(row)}
    day = row.agreement_date
    return data | {"kind": str(row.kind), "agreement_date": day.isoformat() if day else None}


def data_rows(rows: Sequence[RowData]) -> list[RegistryEntry]:
    return [row.to_domain() for row in rows]


def rows_faults(rows: Sequence[RowData], field: str = "rows") -> Iterator[Fault]:
    """Faults of the domain; "registry.agreement_incomplete" for an agreement with only one of number and date;
    "registry.final_producer": only a producer makes the final product (Əlavə 6, footnote: "müəssisədirsə");
    "person.bad_email"."""
    yield from row_faults(data_rows(rows), field)
    for place, row in enumerate(rows):
        where = f"{field}[{place}]"
        if bool(row.agreement_number.strip()) != (row.agreement_date is not None) and _agrees(row):
            at = "agreement_date" if row.agreement_number.strip() else "agreement_number"
            yield Fault("registry.agreement_incomplete", f"{where}.{at}", {"name": row.name})
        if row.final_producer and row.kind not in PRODUCERS:
            yield Fault("registry.final_producer", f"{where}.final_producer", {"name": row.name})
        yield from check_email(row.email, f"{where}.email")


def _agrees(row: RowData) -> bool:
    """A participant without number has its own fault already."""
    return bool(row.agreement_number.strip()) or row.kind not in PRODUCERS

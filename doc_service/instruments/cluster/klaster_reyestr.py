"""``klaster-reyestr``: the registry of a cluster's participants and infrastructure (003 §4.16, Əlavə 6).

The form's two parts and thirteen groups are always printed, also when nobody stands in them. An edition after the first
carries, before the signature, what changed since the one it supersedes, in the same columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.domain.azerbaijani import plain_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.clusters.registry import Difference, Edition, RegistryEntry
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    cluster_faults,
    organisation_faults,
    seal,
)
from doc_service.instruments.cluster.registry_data import RegistryData, data_rows, row_dict, rows_faults
from doc_service.instruments.cluster.registry_rows import FOOTNOTES, printed_rows, tables
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.registry import registry_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import cited


@dataclass(frozen=True, kw_only=True)
class KlasterReyestr(Instrument[RegistryData]):
    """The registry, edition by edition."""

    def from_edition(
        self,
        edition: Edition,
        difference: Difference | None,
        *,
        cluster: Mapping[str, Any],
        specialised: Mapping[str, Any],
        previous: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The data of an edition of the cluster's registry. ``previous`` (``PreviousEdition``) and ``difference`` are
        those to the last signed edition, None for the first."""
        change = difference if previous is not None else None
        return {
            "cluster": dict(cluster),
            "specialised": dict(specialised),
            "edition": edition.number,
            "made_on": edition.made_on.isoformat(),
            "basis": edition.basis,
            "previous": dict(previous) if previous is not None else None,
            "rows": [row_dict(row) for row in edition.rows],
            "changes": {
                "added": [row.voen for row in change.added] if change else [],
                "removed": [row_dict(row) for row in change.removed] if change else [],
                "changed": [row_dict(item.before) for item in change.changed] if change else [],
            },
        }

    def check(self, data: RegistryData) -> tuple[Fault, ...]:
        """Every row by ``row_faults``; the edition follows its predecessor, and the difference fits the rows."""
        return tuple(self._faults(data))

    def _faults(self, data: RegistryData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.specialised.organisation, "specialised.organisation")
        yield from rows_faults(data.rows)
        yield from _edition_faults(data)
        yield from _change_faults(data)

    def signatories(self, data: RegistryData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation, and its seal (Əlavə 6: "MY")."""
        role = f"{genitive(data.cluster.name)} ixtisaslaşdırılmış təşkilatının rəhbəri"
        head = Signatory(field=field_name(1), order=1, person_id=data.specialised.head.id, role_label=role)
        if not data.specialised.has_seal:
            return (head,)
        sealed = seal(data.specialised.organisation, data.specialised.head, field=field_name(2), order=2)
        return (head, sealed)

    def context(
        self, data: RegistryData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.specialised.head.id: data.specialised.head.to_domain()}
        signed = signature_rows(self.signatories(data), people, stand_ins)
        first, middle, last = tables(printed_rows(data_rows(data.rows), *_changes(data)))
        return {
            **issuer_heading(data.specialised.issuer(), registration),
            "cluster": genitive(data.cluster.name),
            "edition": _edition_line(data),
            "basis": data.basis,
            "first": first,
            "tables": middle,
            "last": last,
            "footnotes": list(FOOTNOTES),
            "signatory": signed[0],
            "seal": signed[1] if len(signed) > 1 else None,
        }

    def sample(self) -> dict[str, Any]:
        return registry_sample()


def klaster_reyestr() -> KlasterReyestr:
    """The instrument of 003 Əlavə 6, §4.16."""
    return KlasterReyestr(
        model=RegistryData,
        id="klaster-reyestr",
        title_az="Klasterin iştirakçılarının və infrastrukturunun reyestri",
        title_en="Registry of the cluster's participants and infrastructure",
        template="klaster-reyestr.v1",
        journal="KL-RY",
        journal_title="Klasterin iştirakçılarının və infrastrukturunun reyestrlərinin qeydiyyatı jurnalı",
        case_index="KL-05",
        sources=("003 §4.16", "003 Əlavə 6"),
    )


def _edition_faults(data: RegistryData) -> Iterator[Fault]:
    before = data.previous
    if (before.edition if before else 0) != data.edition - 1:
        params = {"edition": data.edition, "previous": before.edition if before else "–"}
        yield Fault("registry.edition_gap", "previous", params)
    if before is not None and data.made_on < before.registered_on:
        yield Fault("registry.earlier_day", "made_on", {"last": before.registered_on.isoformat()})
    if before is not None and not data.basis.strip():
        yield Fault("registry.basis_missing", "basis")


def _change_faults(data: RegistryData) -> Iterator[Fault]:
    """ "registry.change_wrong" for each entry of the difference that the rows contradict."""
    now = {row.voen: row for row in data.rows}
    changes = data.changes
    if data.previous is None and (changes.added or changes.removed or changes.changed):
        yield Fault("registry.change_wrong", "changes", {"voen": "–"})
    for place, voen in enumerate(changes.added):
        if voen not in now:
            yield Fault("registry.change_wrong", f"changes.added[{place}]", {"voen": voen})
    for place, row in enumerate(changes.removed):
        if row.voen in now:
            yield Fault("registry.change_wrong", f"changes.removed[{place}].voen", {"voen": row.voen})
    for place, row in enumerate(changes.changed):
        if row.voen not in now or now[row.voen] == row or row.voen in changes.added:
            yield Fault("registry.change_wrong", f"changes.changed[{place}].voen", {"voen": row.voen})


def _changes(
    data: RegistryData,
) -> tuple[str, list[RegistryEntry], list[RegistryEntry], list[tuple[RegistryEntry, ...]]]:
    """Title of the annex ("" for none), rows added, removed, and pairs of changed ones before and after."""
    if data.previous is None:
        return "", [], [], []
    now = {row.voen: row.to_domain() for row in data.rows}
    source = f"{cited(data.previous.registered_on, data.previous.number)} reyestr (nəşr № {data.previous.edition})"
    return (
        f"Əvvəlki nəşrdən fərqlər: {source}",
        [now[voen] for voen in data.changes.added if voen in now],
        data_rows(data.changes.removed),
        [(row.to_domain(), now[row.voen]) for row in data.changes.changed if row.voen in now],
    )


def _edition_line(data: RegistryData) -> str:
    line = f"Nəşr № {data.edition}, {plain_date(data.made_on)} tarixinə olan məlumatlar; təşkilatların sayı: "
    line += str(len(data.rows))
    if data.previous is None:
        return f"{line}."
    number = f"{cited(data.previous.registered_on, data.previous.number)} reyestri (nəşr № {data.previous.edition}"
    return f"{line}. {number}, SHA-256: {data.previous.sha256}) əvəz edir."

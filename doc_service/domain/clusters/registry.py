"""The registry of a cluster's participants and infrastructure, edition by edition (003 §4.16, Əlavə 6).

An edition is a list that is never changed: a new one supersedes the last, and the difference between the two is part of
the record. Applied to the old edition, the difference gives the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from doc_service.domain.azerbaijani import sort_key
from doc_service.domain.clusters.kinds import ParticipantKind, RegistryPart
from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.domain.identifiers import check_voen

SPECIALISED: Final = "İT"
FINAL_PRODUCER: Final = "MSB"


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """One organisation as the form shows it (columns 1 to 8). ``voen`` names it: an organisation stands once.

    ``head``: name and post of the first person. ``agreement_number``, ``agreement_date``: of the agreement on
    participation ("", None: an infrastructure organisation without one, 003 §4.15). ``specialised``: chosen as the
    specialised organisation (mark İT); ``final_producer``: makes the final industrial product (mark MSB)."""

    kind: ParticipantKind
    name: str
    legal_form: str
    voen: str
    state_registration: str
    legal_address: str
    actual_address: str
    products: str
    head: str
    phone: str = ""
    email: str = ""
    agreement_number: str = ""
    agreement_date: date | None = None
    specialised: bool = False
    final_producer: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """Footnote 2 of the form."""
        return (*((SPECIALISED,) if self.specialised else ()), *((FINAL_PRODUCER,) if self.final_producer else ()))


@dataclass(frozen=True, slots=True)
class Edition:
    """``number`` from 1, gapless in a cluster; ``basis``: what asked for it, as printed ("" for the first).
    ``rows`` in the order of the form: by kind, within it by the Azerbaijani alphabet."""

    cluster_id: str
    number: int
    made_on: date
    rows: tuple[RegistryEntry, ...]
    basis: str = ""

    @property
    def by_voen(self) -> Mapping[str, RegistryEntry]:
        return {row.voen: row for row in self.rows}

    def of_kind(self, kind: ParticipantKind) -> tuple[RegistryEntry, ...]:
        return tuple(row for row in self.rows if row.kind is kind)


@dataclass(frozen=True, slots=True)
class Change:
    """A row before and after; its VÖEN is the same."""

    before: RegistryEntry
    after: RegistryEntry

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the columns that differ."""
        names = (f.name for f in fields(RegistryEntry))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class Difference:
    """From edition ``old`` (0: none) to ``new``. Each list in the order of the form."""

    cluster_id: str
    old: int
    new: int
    made_on: date
    added: tuple[RegistryEntry, ...] = ()
    removed: tuple[RegistryEntry, ...] = ()
    changed: tuple[Change, ...] = ()
    basis: str = ""

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def ordered(rows: Iterable[RegistryEntry]) -> tuple[RegistryEntry, ...]:
    """In the order of the form."""
    return tuple(sorted(rows, key=lambda row: (row.kind.place, sort_key(row.name), row.voen)))


def row_faults(rows: Iterable[RegistryEntry], field: str = "rows") -> tuple[Fault, ...]:
    """ "organisation.bad_voen", "registry.repeated_voen", "registry.no_agreement" (a participant without agreement,
    003 §4.15), "registry.two_specialised"; ``field[i]`` names the row."""
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    chosen = 0
    for place, row in enumerate(rows):
        where = f"{field}[{place}]"
        faults.extend(check_voen(row.voen, f"{where}.voen"))
        if row.voen in seen:
            faults.append(Fault("registry.repeated_voen", f"{where}.voen", {"voen": row.voen, "row": seen[row.voen]}))
        seen.setdefault(row.voen, place + 1)
        if row.kind.part is RegistryPart.PARTICIPANTS and not row.agreement_number.strip():
            faults.append(Fault("registry.no_agreement", f"{where}.agreement_number", {"name": row.name}))
        chosen += row.specialised
        if row.specialised and chosen > 1:
            faults.append(Fault("registry.two_specialised", f"{where}.specialised", {"name": row.name}))
    return tuple(faults)


def first_edition(cluster_id: str, made_on: date, rows: Iterable[RegistryEntry], basis: str = "") -> Edition:
    """Raises ``DomainError`` with the faults of ``row_faults``."""
    return _edition(cluster_id, 1, made_on, rows, basis)


def next_edition(last: Edition, made_on: date, rows: Iterable[RegistryEntry], basis: str) -> Edition:
    """Raises as ``first_edition``; ``ConflictError`` "registry.earlier_day" for a day before the last edition's."""
    if made_on < last.made_on:
        raise ConflictError("registry.earlier_day", "made_on", last=last.made_on.isoformat())
    return _edition(last.cluster_id, last.number + 1, made_on, rows, basis)


def _edition(cluster_id: str, number: int, made_on: date, rows: Iterable[RegistryEntry], basis: str) -> Edition:
    sorted_rows = ordered(rows)
    faults = row_faults(sorted_rows)
    if faults:
        raise DomainError.of(faults)
    return Edition(cluster_id, number, made_on, sorted_rows, basis)


def difference(old: Edition | None, new: Edition) -> Difference:
    """What changed from ``old`` (None: there was none) to ``new``."""
    before = {} if old is None else old.by_voen
    after = new.by_voen
    return Difference(
        cluster_id=new.cluster_id,
        old=0 if old is None else old.number,
        new=new.number,
        made_on=new.made_on,
        added=tuple(row for row in new.rows if row.voen not in before),
        removed=tuple(row for row in (old.rows if old else ()) if row.voen not in after),
        changed=tuple(
            Change(before[row.voen], row) for row in new.rows if row.voen in before and before[row.voen] != row
        ),
        basis=new.basis,
    )


def apply(old: Edition | None, change: Difference) -> Edition:
    """The new edition. Raises ``ConflictError`` "registry.other_edition" when ``change`` is not of ``old``."""
    before = {} if old is None else dict(old.by_voen)
    fits = (0 if old is None else old.number) == change.old
    fits = fits and all(before.get(row.voen) == row for row in change.removed)
    fits = fits and all(before.get(c.before.voen) == c.before for c in change.changed)
    if not fits or any(row.voen in before for row in change.added):
        raise ConflictError("registry.other_edition", "", old=change.old, new=change.new)
    gone = {row.voen for row in change.removed}
    kept = {voen: row for voen, row in before.items() if voen not in gone}
    kept.update({c.after.voen: c.after for c in change.changed})
    kept.update({row.voen: row for row in change.added})
    return Edition(change.cluster_id, change.new, change.made_on, ordered(kept.values()), change.basis)

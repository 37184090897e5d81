"""Editions of a cluster's registry and what changed from one to the next (003 §4.16).

An organisation is known by its VÖEN: everything else about it may change between two editions, its name included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from doc_service.domain.participant_kinds import ParticipantKind


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """One row of the registry (003 Əlavə 6). ``actual_address`` is empty when it is the legal one; ``specialised`` is
    the mark İT, ``final_producer`` the mark MSB."""

    kind: ParticipantKind
    name: str
    legal_form: str
    voen: str
    state_registration: str
    legal_address: str
    actual_address: str
    products: str
    head: str
    phone: str
    email: str
    agreement_number: str
    agreement_date: date | None
    specialised: bool
    final_producer: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in the entry of one organisation: new values by field name."""

    voen: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """From one edition to the next. ``removed`` holds the entries as they were, ``changed`` only what is new."""

    added: tuple[RegistryEntry, ...] = ()
    removed: tuple[RegistryEntry, ...] = ()
    changed: tuple[Change, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def by_voen(entries: Iterable[RegistryEntry]) -> dict[str, RegistryEntry]:
    """Entries by VÖEN. Raises ``ValueError`` when one stands twice: an edition has each organisation once."""
    found: dict[str, RegistryEntry] = {}
    for entry in entries:
        if entry.voen in found:
            raise ValueError(f"VÖEN {entry.voen} twice in one edition")
        found[entry.voen] = entry
    return found


def difference(old: Iterable[RegistryEntry], new: Iterable[RegistryEntry]) -> Difference:
    """What turns edition ``old`` into ``new``, each part in the order of VÖEN. Raises as ``by_voen``."""
    before, after = by_voen(old), by_voen(new)
    return Difference(
        added=tuple(after[voen] for voen in sorted(after.keys() - before.keys())),
        removed=tuple(before[voen] for voen in sorted(before.keys() - after.keys())),
        changed=tuple(
            Change(voen, _changed(before[voen], after[voen]))
            for voen in sorted(before.keys() & after.keys())
            if before[voen] != after[voen]
        ),
    )


def apply(old: Iterable[RegistryEntry], change: Difference) -> tuple[RegistryEntry, ...]:
    """The next edition, in the order of VÖEN. Raises ``ValueError`` when ``change`` is not one of ``old``: it removes
    or changes an organisation that is not there, or adds one that is."""
    entries = by_voen(old)
    for entry in change.removed:
        if entries.pop(entry.voen, None) != entry:
            raise ValueError(f"VÖEN {entry.voen} cannot be removed: it is not there as it was")
    for item in change.changed:
        if item.voen not in entries:
            raise ValueError(f"VÖEN {item.voen} cannot be changed: it is not there")
        entries[item.voen] = replace(entries[item.voen], **item.values)
    for entry in change.added:
        if entry.voen in entries:
            raise ValueError(f"VÖEN {entry.voen} cannot be added: it is there")
        entries[entry.voen] = entry
    return tuple(entries[voen] for voen in sorted(entries))


def _changed(before: RegistryEntry, after: RegistryEntry) -> dict[str, Any]:
    names = (f.name for f in fields(RegistryEntry))
    return {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}

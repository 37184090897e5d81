"""Faults of an attendance list: who counts as attending, and on what paper (001 §5.9.1, §5.11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from doc_service.domain.bodies import Membership
from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_email
from doc_service.domain.meetings import Attendance, Delegate, Invited, Presence


def attendance_faults(
    members: Sequence[Membership], attendance: Sequence[Attendance], invited: Sequence[Invited], day: date
) -> Iterator[Fault]:
    """Every member of ``members`` (those of the day) is recorded exactly once, and nobody else; delegates act on a
    power of attorney in force on ``day`` and take one seat only."""
    yield from _listed_once(members, attendance)
    for index, entry in enumerate(attendance):
        yield from _entry_faults(f"attendance[{index}]", entry, day)
    yield from _delegate_faults(members, attendance, invited)


def invited_faults(members: Sequence[Membership], invited: Sequence[Invited]) -> Iterator[Fault]:
    """Nobody is both a member, who votes, and invited, who may only propose and give an opinion (001 §5.11)."""
    ids = {m.person.id for m in members}
    seen: set[str] = set()
    for index, guest in enumerate(invited):
        if guest.id in ids:
            yield Fault("invited.is_member", f"invited[{index}].id", {"person": guest.name.full})
        if guest.id in seen:
            yield Fault("invited.duplicate", f"invited[{index}].id", {"person": guest.name.full})
        seen.add(guest.id)


def _listed_once(members: Sequence[Membership], attendance: Sequence[Attendance]) -> Iterator[Fault]:
    names = {m.person.id: m.person.name.full for m in members}
    seen: set[str] = set()
    for index, entry in enumerate(attendance):
        field = f"attendance[{index}].member_id"
        if entry.member_id not in names:
            yield Fault("attendance.unknown_member", field, {"member": entry.member_id})
        elif entry.member_id in seen:
            yield Fault("attendance.duplicate", field, {"member": names[entry.member_id]})
        seen.add(entry.member_id)
    for member_id, name in names.items():
        if member_id not in seen:
            yield Fault("attendance.missing", "attendance", {"member": name})


def _entry_faults(field: str, entry: Attendance, day: date) -> Iterator[Fault]:
    if entry.presence is Presence.ABSENT and not entry.reason.strip():
        yield Fault("attendance.reason_missing", f"{field}.reason")
    if entry.presence is not Presence.DELEGATED:
        if entry.delegate is not None:
            yield Fault("attendance.delegate_unexpected", f"{field}.delegate")
    elif entry.delegate is None:
        yield Fault("attendance.delegate_missing", f"{field}.delegate")
    else:
        yield from _power_faults(f"{field}.delegate.power", entry.delegate, day)
        yield from check_email(entry.delegate.person.email, f"{field}.delegate.person.email")


def _power_faults(field: str, delegate: Delegate, day: date) -> Iterator[Fault]:
    power, name = delegate.power, delegate.person.name.full
    if not power.number.strip():
        yield Fault("attendance.power_missing", f"{field}.number", {"delegate": name})
    if power.issued_on > day:
        issued = {"delegate": name, "issued_on": power.issued_on.isoformat(), "meeting_day": day.isoformat()}
        yield Fault("attendance.power_not_yet_valid", f"{field}.issued_on", issued)
    if power.valid_until is not None and power.valid_until < day:
        expired = {"delegate": name, "valid_until": power.valid_until.isoformat(), "meeting_day": day.isoformat()}
        yield Fault("attendance.power_expired", f"{field}.valid_until", expired)


def _delegate_faults(
    members: Sequence[Membership], attendance: Sequence[Attendance], invited: Sequence[Invited]
) -> Iterator[Fault]:
    """A person attends once: a delegate is no member, no invited person, and stands for one member only; otherwise one
    person would count twice in the quorum (001 §5.9.1) or an invited one would vote (001 §5.11)."""
    ids, guests = {m.person.id for m in members}, {g.id for g in invited}
    seats = Counter(a.delegate.person.id for a in attendance if a.delegate is not None)
    for index, entry in enumerate(attendance):
        if entry.delegate is None:
            continue
        field, person = f"attendance[{index}].delegate.person.id", entry.delegate.person
        params = {"delegate": person.name.full}
        if person.id in ids:
            yield Fault("attendance.delegate_is_member", field, params)
        if person.id in guests:
            yield Fault("attendance.delegate_is_invited", field, params)
        if seats[person.id] > 1:
            yield Fault("attendance.delegate_repeated", field, params)

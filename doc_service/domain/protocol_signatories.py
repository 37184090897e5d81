"""Who signs the protocol: the head, the deputy head and the members who attended (001 §5.9.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.bodies import BodyRules, Membership, Role
from doc_service.domain.meetings import Attendance, PowerOfAttorney, Presence
from doc_service.domain.people import Person

_ORDER = (Role.HEAD, Role.DEPUTY_HEAD, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class ProtocolSignatory:
    """One signature of the protocol. ``signer`` signs with their own certificate: the member, or the delegate who
    attended for ``member``; ``power`` is then the basis printed in the signature block ("… əvəzinə")."""

    signer: Person
    member: Membership
    is_delegate: bool = False
    power: PowerOfAttorney | None = None


def protocol_signatories(
    rules: BodyRules, members: Sequence[Membership], attendance: Sequence[Attendance]
) -> tuple[ProtocolSignatory, ...]:
    """Signatories in the order of the form: head, deputy head, then members as recorded in the body.

    Nobody signs for a meeting they did not attend: an absent member has no line, a delegated one is signed for by the
    delegate. A DELEGATED entry without a delegate gives none; ``check_meeting`` reports it.
    """
    entries = {a.member_id: a for a in attendance}
    found = []
    for role in _ORDER:
        if role not in rules.protocol_signatories:
            continue
        for member in members:
            entry = entries.get(member.person.id)
            if member.role is role and entry is not None:
                found.append(_signatory(member, entry))
    return tuple(s for s in found if s is not None)


def _signatory(member: Membership, entry: Attendance) -> ProtocolSignatory | None:
    if entry.presence is Presence.PRESENT:
        return ProtocolSignatory(member.person, member)
    if entry.presence is Presence.DELEGATED and entry.delegate is not None:
        return ProtocolSignatory(entry.delegate.person, member, is_delegate=True, power=entry.delegate.power)
    return None

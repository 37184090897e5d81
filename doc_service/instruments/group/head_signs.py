"""What the instruments that the head signs or approves share: the head, or the deputy for the absent head."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import Field

from doc_service.domain.bodies import Body, Membership, Role
from doc_service.domain.errors import DomainError, Fault
from doc_service.instruments.base import Signatory
from doc_service.instruments.fields import Strict
from doc_service.instruments.kq_akt import DEPUTY_BASIS
from doc_service.instruments.people_data import BodyData, MemberData, NameData, person_dict
from doc_service.instruments.signature_table import field_name
from doc_service.instruments.wording import role_label

_SIGNING_ROLES: Final = (Role.HEAD, Role.DEPUTY_HEAD)


class HeadSigned(Strict):
    """Of a body whose head signs. ``absent_head`` is set when the deputy does (001 §5.4)."""

    body: BodyData = Field(title="Kollegial orqan")
    signatory: MemberData = Field(title="İmzalayan", description="rəhbər, olmadıqda müavini: 001 §5.4")
    absent_head: NameData | None = Field(default=None, title="Əvəz olunan rəhbər", description="001 §5.4")


def head_data(body: Body, day: date, *, by_deputy: bool = False) -> dict[str, Any]:
    """``signatory`` and ``absent_head`` as the body's members stand on ``day``.

    Raises ``DomainError`` "head.none" when nobody holds the office that is asked for."""
    members = body.members_on(day)
    head = _holder(members, Role.HEAD)
    signs = _holder(members, Role.DEPUTY_HEAD) if by_deputy else head
    if signs is None:
        raise DomainError("head.none", "signatory", day=day.isoformat())
    name = head.person.name if head and by_deputy else None
    return {
        "signatory": {"person": person_dict(signs.person), "role": str(signs.role)},
        "absent_head": None
        if name is None
        else {"surname": name.surname, "given": name.given, "patronymic": name.patronymic},
    }


def head_faults(data: HeadSigned, clause: str) -> Iterator[Fault]:
    """The head signs by ``clause``, or the deputy in the place of a named head (001 §5.4)."""
    role = data.signatory.role
    if role not in _SIGNING_ROLES:
        yield Fault("head.signatory_role", "signatory.role", {"role": str(role), "clause": clause})
    if (role is Role.DEPUTY_HEAD) != (data.absent_head is not None):
        yield Fault("head.absent_head", "absent_head", {"role": str(role)})


def head_signatory(data: HeadSigned, *, place: int = 1, order: int = 1) -> Signatory:
    """The head, or the deputy for the absent head (001 §5.4)."""
    head = data.absent_head
    return Signatory(
        field=field_name(place),
        order=order,
        person_id=data.signatory.person.id,
        role_label=role_label(data.body, data.signatory.role),
        in_place_of=head.to_domain().full if head else "",
        basis=DEPUTY_BASIS if head else "",
    )


def _holder(members: tuple[Membership, ...], role: Role) -> Membership | None:
    return next((m for m in members if m.role is role), None)

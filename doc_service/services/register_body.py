"""Records a collegial body with its members and terms (001 §5.1, §5.2)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.bodies import Body
from doc_service.domain.composition import composition_faults
from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.domain.identifiers import check_email
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class RegisterBody:
    """Adds ``body``; the same record again changes nothing, another one under its id is refused
    ("body.exists"), as are addresses that are none ("person.bad_email") and more heads or deputy heads at a time than
    its rules know ("body.several_heads", "body.several_deputies")."""

    work: Workspace

    def __call__(self, body: Body, actor: str) -> Body:
        with self.work.uow() as uow:
            known = uow.bodies.find(body.id)
            if known is not None:
                if known != body:
                    raise ConflictError("body.exists", "id", body=body.id)
                return known
            faults = [*_address_faults(body), *composition_faults(body.rules, body.members)]
            if faults:
                raise DomainError.of(faults)
            uow.bodies.add(body)
            details = {"kind": body.rules.kind, "members": len(body.members)}
            self.work.record(uow, actor, Action.BODY_REGISTERED, ("body", body.id), details)
            uow.commit()
        return body


def _address_faults(body: Body) -> list[Fault]:
    addresses = {f"members[{i}].person.email": m.person.email for i, m in enumerate(body.members)}
    addresses["secretary.email"] = body.secretary.email
    return [fault for field, address in addresses.items() for fault in check_email(address, field)]

"""From an instrument's signature table to the persons who are asked to sign (INSTRUMENTS §2, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from doc_service.domain.azerbaijani import plain_date
from doc_service.domain.bodies import Body
from doc_service.domain.errors import NotFoundError
from doc_service.domain.meetings import Meeting
from doc_service.domain.people import Person
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution, substitution_for
from doc_service.instruments.base import Signatory, StandIn
from doc_service.ports import Ids


def people_of(body: Body, meeting: Meeting | None) -> dict[str, Person]:
    """Everybody who may appear in a signature table, by id: members, the secretary, delegates of the meeting."""
    people = {m.person.id: m.person for m in body.members}
    people[body.secretary.id] = body.secretary
    for attendance in meeting.attendance if meeting else ():
        if attendance.delegate is not None:
            people[attendance.delegate.person.id] = attendance.delegate.person
    return people


def requests_for(
    document_id: str,
    signatories: Sequence[Signatory],
    people: dict[str, Person],
    substitutions: dict[str, Sequence[Substitution]],
    day: date,
    ids: Ids,
) -> tuple[SignatureRequest, ...]:
    """One request for each signatory; on ``day`` a recorded substitute takes the place of an absent person.

    Raises ``NotFoundError`` "person.not_found" for a signatory whom the body does not know."""
    requests = []
    for signatory in signatories:
        person = people.get(signatory.person_id)
        if person is None:
            raise NotFoundError("person.not_found", signatory.field, person=signatory.person_id)
        substitution = substitution_for(substitutions.get(person.id, ()), person.id, day)
        request = SignatureRequest(
            id=ids.new(),
            document_id=document_id,
            order=signatory.order,
            field=signatory.field,
            role_label=signatory.role_label,
            signer=substitution.substitute if substitution else person,
            substitution_id=substitution.id if substitution else None,
            in_place_of=person.name.full if substitution else signatory.in_place_of,
            basis=substitution_basis(substitution) if substitution else signatory.basis,
        )
        requests.append(request)
    return tuple(requests)


def substitution_basis(substitution: Substitution) -> str:
    """The legal basis as printed in the signature block."""
    return f"{plain_date(substitution.order_date)} tarixli {substitution.order_number} nömrəli əmr"


def stand_ins(signatories: Sequence[Signatory], requests: Sequence[SignatureRequest]) -> dict[str, StandIn]:
    """The recorded substitutes by the absent person's id, as the signature table prints them."""
    absent = {s.field: s.person_id for s in signatories}
    return {
        absent[r.field]: StandIn(r.signer.name.full, r.signer.post, r.basis)
        for r in requests
        if r.substitution_id is not None
    }

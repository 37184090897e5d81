"""From an instrument's signature table to the persons who are asked to sign (001 §5.9.5, 004 §7.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.azerbaijani import plain_date
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.meetings import Meeting, PowerOfAttorney
from doc_service.domain.people import Person
from doc_service.domain.signatures import SignatureRequest, SignerKind
from doc_service.domain.substitution import Substitution, substitution_for
from doc_service.instruments.base import Signatory, StandIn
from doc_service.ports import Ids, UnitOfWork


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who signs one field, for whom and on what basis; ``acts_until`` as in ``SignatureRequest``."""

    signer: Person
    substitution_id: str | None = None
    in_place_of: str = ""
    basis: str = ""
    acts_until: date | None = None

    @classmethod
    def of(cls, request: SignatureRequest) -> Assignment:
        """As the request has it now."""
        return cls(request.signer, request.substitution_id, request.in_place_of, request.basis, request.acts_until)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who may appear in a signature table, by id; and the delegates' recorded powers of attorney. Whom the
    body does not know, the register of persons may: heads of organisations that sign for themselves."""

    people: Mapping[str, Person]
    powers: Mapping[str, PowerOfAttorney]

    @classmethod
    def read(cls, uow: UnitOfWork, document: Document, signatories: Sequence[Signatory] = ()) -> Roster:
        body = uow.bodies.get(document.body_id)
        meeting = uow.meetings.get(document.meeting_id) if document.meeting_id else None
        delegates = [a.delegate for a in meeting.attendance if a.delegate is not None] if meeting else []
        people = people_of(body, meeting)
        registered = uow.people.of_ids({s.person_id for s in signatories} - people.keys())
        return cls({**registered, **people}, {d.person.id: d.power for d in delegates})


def people_of(body: Body, meeting: Meeting | None) -> dict[str, Person]:
    """Everybody who may appear in a signature table, by id: members, the secretary, delegates of the meeting."""
    people = {m.person.id: m.person for m in body.members}
    people[body.secretary.id] = body.secretary
    for attendance in meeting.attendance if meeting else ():
        if attendance.delegate is not None:
            people[attendance.delegate.person.id] = attendance.delegate.person
    return people


def assignments(
    uow: UnitOfWork, document: Document, signatories: Sequence[Signatory], day: date
) -> dict[str, Assignment]:
    """Who signs each field on ``day``: a recorded substitute takes the place of an absent person, a delegate signs on
    the power of attorney that is recorded with the meeting, and nobody substitutes for a delegate or a seal's keeper.

    Raises ``NotFoundError`` "person.not_found" for a signatory whom neither the body nor the register knows,
    ``DomainError`` "delegation.not_recorded" for a delegate on another power of attorney than the recorded one,
    "seal.unknown_organisation" and "seal.not_keeper" for a seal that this person does not keep."""
    roster = Roster.read(uow, document, signatories)
    found = {}
    for signatory in signatories:
        person = roster.people.get(signatory.person_id)
        if person is None:
            raise NotFoundError("person.not_found", signatory.field, person=signatory.person_id)
        if signatory.power is not None:
            found[signatory.field] = _delegate(signatory, person, roster.powers.get(person.id))
            continue
        if signatory.seal_voen:
            found[signatory.field] = _keeper(uow, signatory, person)
            continue
        if signatory.by_power:
            found[signatory.field] = _oneself(signatory, person)
            continue
        substitution = substitution_for(uow.substitutions.of_person(person.id), person.id, day)
        found[signatory.field] = _substitute(substitution, person) if substitution else _oneself(signatory, person)
    return found


def _keeper(uow: UnitOfWork, signatory: Signatory, person: Person) -> Assignment:
    organisation = uow.organisations.of_voen(signatory.seal_voen)
    if organisation is None:
        raise NotFoundError("seal.unknown_organisation", signatory.field, voen=signatory.seal_voen)
    if not organisation.may_seal(person.id):
        raise DomainError("seal.not_keeper", signatory.field, person=person.id, organisation=organisation.full_name)
    return Assignment(person)


def _delegate(signatory: Signatory, person: Person, recorded: PowerOfAttorney | None) -> Assignment:
    if recorded is None or recorded != signatory.power:
        raise DomainError("delegation.not_recorded", signatory.field, person=person.id)
    until = recorded.valid_until
    return Assignment(person, None, signatory.in_place_of, signatory.basis, until)


def _substitute(substitution: Substitution, absent: Person) -> Assignment:
    basis = substitution_basis(substitution)
    return Assignment(substitution.substitute, substitution.id, absent.name.full, basis)


def _oneself(signatory: Signatory, person: Person) -> Assignment:
    return Assignment(person, None, signatory.in_place_of, signatory.basis)


def requests_for(
    document_id: str, signatories: Sequence[Signatory], assigned: Mapping[str, Assignment], ids: Ids
) -> tuple[SignatureRequest, ...]:
    """One request for each signatory, in the order of the signature table."""
    return tuple(
        SignatureRequest(
            id=ids.new(),
            document_id=document_id,
            order=signatory.order,
            field=signatory.field,
            role_label=signatory.role_label,
            signer=assigned[signatory.field].signer,
            substitution_id=assigned[signatory.field].substitution_id,
            in_place_of=assigned[signatory.field].in_place_of,
            basis=assigned[signatory.field].basis,
            acts_until=assigned[signatory.field].acts_until,
            kind=SignerKind.SEAL if signatory.seal_voen else SignerKind.PERSON,
            voen=signatory.seal_voen,
        )
        for signatory in signatories
    )


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

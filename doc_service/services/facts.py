"""What decisions on access rest on: whom an object concerns, gathered in one place (002 §7.1.5, §7.1.11).

A body's business concerns its present members and secretary; a meeting also the delegates who came; a document also
whoever is or was asked to sign it, and the units asked for a visa on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doc_service.domain.authorisation import Facts
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document
from doc_service.domain.meetings import Meeting
from doc_service.domain.principals import Principal
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import Concern


@dataclass(frozen=True, slots=True)
class Gather:
    """Facts of objects in the transaction ``uow``, for ``principal``, as of ``today`` (civil date)."""

    uow: UnitOfWork
    principal: Principal
    today: date

    def of_body(self, body: Body) -> Facts:
        return Facts(concerned=body.people_on(self.today))

    def of_meeting(self, meeting: Meeting) -> Facts:
        body = self.uow.bodies.get(meeting.body_id)
        delegates = {a.delegate.person.id for a in meeting.attendance if a.delegate is not None}
        return Facts(concerned=body.people_on(self.today) | delegates)

    def of_document(self, document: Document) -> Facts:
        """``unit``: the caller's among those asked for a visa."""
        body = self.uow.bodies.get(document.body_id)
        signers = {request.signer.id for request in self.uow.signatures.of_document(document.id)}
        asked = {visa.unit for visa in self.uow.visas.of_document(document.id)}
        unit = next(iter(sorted(asked & self.principal.units)), "")
        return Facts(concerned=body.people_on(self.today) | signers, unit=unit, document_id=document.id)

    def of_request(self, request: SignatureRequest) -> Facts:
        """A request is its signer's alone; nobody else's business, whatever the document."""
        return Facts(concerned=frozenset({request.signer.id}), document_id=request.document_id)

    def of_substitution(self, substitution: Substitution) -> Facts:
        return Facts(concerned=frozenset({substitution.absent_id, substitution.substitute.id}))

    def concern(self) -> Concern:
        """What the lists of the caller are narrowed to."""
        person = self.principal.person_id
        bodies = self.uow.queries.bodies_of(person, self.today) if person else frozenset()
        return Concern(person, bodies, self.principal.units, self.principal.document_id)

"""The one place where routes get an object: read, and shown or refused by what concerns the caller (002 §7.1.5).

Who may read no object of a kind is told so (403) whatever was asked for; who may read some is told of any other that
there is none (404), so that nobody learns what exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends

from doc_service.api.context import Api, TheApi
from doc_service.api.principal import Allow, Authorise
from doc_service.api.problems import ApiError
from doc_service.domain.authorisation import Facts, Permission, Reach, holds
from doc_service.domain.bodies import Body
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document
from doc_service.domain.errors import NotFoundError
from doc_service.domain.meetings import Meeting
from doc_service.domain.principals import AccountRole, Principal
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.ports import UnitOfWork
from doc_service.services.facts import Gather

_REGISTER = frozenset({AccountRole.SECRETARIAT, AccountRole.AUDITOR})


@dataclass(frozen=True, slots=True)
class Guard:
    """For one request. Every method raises ``ApiError`` "access.denied" and the object's own "….not_found"."""

    api: Api
    allow: Authorise

    @property
    def principal(self) -> Principal:
        return self.allow.principal

    @property
    def actor(self) -> str:
        return self.principal.actor

    @property
    def personal(self) -> bool:
        """Whether FİN and addresses are shown: to whoever keeps or audits the register (002 §7.1.11)."""
        return bool(self.principal.roles & _REGISTER)

    @property
    def today(self) -> date:
        return baku_date(self.api.service.work.clock.now())

    def require(self, permission: Permission) -> None:
        """For the whole area."""
        self.allow(permission)

    def whole(self, permission: Permission) -> bool:
        """For a list: True for everybody's objects, False when it is to be narrowed to the caller's own."""
        reach = holds(self.principal, permission)
        if reach is None:
            raise ApiError("access.denied")
        return reach is Reach.ANY

    @contextmanager
    def reading(self) -> Iterator[tuple[UnitOfWork, Gather]]:
        with self.api.service.work.uow.reading() as uow:
            yield uow, Gather(uow, self.principal, self.today)

    def body(self, body_id: str, *needed: Permission) -> Body:
        self.whole(Permission.BODY_READ)
        with self.reading() as (uow, gather):
            body = uow.bodies.get(body_id)
            facts = gather.of_body(body)
        self._decide(Permission.BODY_READ, needed, facts, NotFoundError("body.not_found", "id", id=body_id))
        return body

    def meeting(self, meeting_id: str, *needed: Permission) -> Meeting:
        self.whole(Permission.MEETING_READ)
        with self.reading() as (uow, gather):
            meeting = uow.meetings.get(meeting_id)
            facts = gather.of_meeting(meeting)
        missing = NotFoundError("meeting.not_found", "id", id=meeting_id)
        self._decide(Permission.MEETING_READ, needed, facts, missing)
        return meeting

    def document(self, document_id: str, *needed: Permission) -> Document:
        self.whole(Permission.DOCUMENT_READ)
        with self.reading() as (uow, gather):
            document = uow.documents.get(document_id)
            facts = gather.of_document(document)
        missing = NotFoundError("document.not_found", "id", id=document_id)
        self._decide(Permission.DOCUMENT_READ, needed, facts, missing)
        return document

    def visa(self, document_id: str, unit: str) -> Document:
        """The document, for whoever decides the visas of ``unit``; that a body's business concerns somebody does not
        make them the unit."""
        document = self.document(document_id)
        self.allow(Permission.VISA_DECIDE, Facts(unit=unit, document_id=document_id))
        return document

    def request(self, request_id: str, *needed: Permission) -> SignatureRequest:
        self.whole(Permission.REQUEST_READ)
        with self.reading() as (uow, gather):
            request = uow.signatures.get(request_id)
            facts = gather.of_request(request)
        missing = NotFoundError("signature_request.not_found", "id", id=request_id)
        self._decide(Permission.REQUEST_READ, needed, facts, missing)
        return request

    def substitution(self, substitution_id: str) -> Substitution:
        self.whole(Permission.SUBSTITUTION_READ)
        with self.reading() as (uow, gather):
            substitution = uow.queries.substitution(substitution_id)
            facts = gather.of_substitution(substitution)
        missing = NotFoundError("substitution.not_found", "id")
        self._decide(Permission.SUBSTITUTION_READ, (), facts, missing)
        return substitution

    def _decide(self, read: Permission, needed: tuple[Permission, ...], facts: Facts, missing: NotFoundError) -> None:
        self.allow.see(read, facts, missing)
        for permission in needed:
            self.allow(permission, facts)


async def _guard(api: TheApi, allow: Allow) -> Guard:
    return Guard(api, allow)


TheGuard = Annotated[Guard, Depends(_guard)]

"""How routes get an object: the caller's right is decided (``services.access.authorise``), then it is read.

Who may read no object of a kind, and who may not read this one, is told that there is none (404), so that nobody learns
what exists; who may read but not change it is told so (403).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from doc_service.api.context import Api, TheApi
from doc_service.api.principal import Caller
from doc_service.api.problems import ApiError
from doc_service.bootstrap.use_cases import UseCases
from doc_service.domain.authorisation import Permission, Reach, holds
from doc_service.domain.bodies import Body
from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.documents import Document
from doc_service.domain.meetings import Meeting
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import PersonRecord
from doc_service.domain.principals import AccountRole, Principal
from doc_service.domain.registration import Journal
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import VisaAction
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import Concern
from doc_service.services.access.authorise import Authorise

_REGISTER = frozenset({AccountRole.SECRETARIAT, AccountRole.AUDITOR})


@dataclass(frozen=True, slots=True)
class Guard:
    """For one request. Raises what ``Authorise`` raises."""

    api: Api
    principal: Principal

    @property
    def authorise(self) -> Authorise:
        return self.api.service.access.authorise

    @property
    def use(self) -> UseCases:
        return self.api.service.use_cases

    @property
    def actor(self) -> str:
        return self.principal.actor

    @property
    def personal(self) -> bool:
        """Whether FİN and addresses are shown: to whoever keeps or audits the register (002 §7.1.11)."""
        return bool(self.principal.roles & _REGISTER)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        with self.api.service.work.uow.reading() as uow:
            yield uow

    def require(self, permission: Permission) -> None:
        """For the whole area."""
        self.authorise.area(self.principal, permission)

    def whole(self, permission: Permission) -> bool:
        """For a list: True for everybody's objects, False when it is to be narrowed to the caller's own. ``ApiError``
        "access.denied" when the caller can have none."""
        reach = holds(self.principal, permission)
        if reach is None:
            raise ApiError("access.denied", permission=str(permission))
        return reach is Reach.ANY

    def concern(self, uow: UnitOfWork) -> Concern:
        """What lists are narrowed to."""
        caller = self.principal
        bodies = uow.queries.bodies_of(caller.person_id) if caller.person_id else frozenset()
        return Concern(caller.person_id, bodies, caller.units, caller.document_id)

    def body(self, body_id: str, permission: Permission = Permission.BODY_READ) -> Body:
        self.authorise.body(self.principal, permission, body_id)
        with self.reading() as uow:
            return uow.bodies.get(body_id)

    def meeting(self, meeting_id: str, permission: Permission = Permission.MEETING_READ) -> Meeting:
        self.authorise.meeting(self.principal, permission, meeting_id)
        with self.reading() as uow:
            return uow.meetings.get(meeting_id)

    def document(self, document_id: str, permission: Permission = Permission.DOCUMENT_READ) -> Document:
        self.authorise.document(self.principal, permission, document_id)
        with self.reading() as uow:
            return uow.documents.get(document_id)

    def visa(self, document_id: str, unit: str, action: VisaAction) -> Document:
        """The document on which the caller decides the visa of ``unit``."""
        self.authorise.visa(self.principal, document_id, unit, action)
        with self.reading() as uow:
            return uow.documents.get(document_id)

    def request(
        self, request_id: str, permission: Permission = Permission.REQUEST_READ
    ) -> tuple[SignatureRequest, Document]:
        self.authorise.request(self.principal, permission, request_id)
        with self.reading() as uow:
            request = uow.signatures.get(request_id)
            return request, uow.documents.get(request.document_id)

    def substitution(self, substitution_id: str, permission: Permission = Permission.SUBSTITUTION_READ) -> Substitution:
        self.authorise.substitution(self.principal, permission, substitution_id)
        with self.reading() as uow:
            return uow.queries.substitution(substitution_id)

    def person(self, person_id: str, permission: Permission = Permission.PERSON_READ) -> PersonRecord:
        self.authorise.person(self.principal, permission, person_id)
        with self.reading() as uow:
            return uow.people.get(person_id)

    def organisation(self, organisation_id: str, permission: Permission = Permission.ORGANISATION_READ) -> Organisation:
        self.authorise.organisation(self.principal, permission, organisation_id)
        with self.reading() as uow:
            return uow.organisations.get(organisation_id)

    def cluster(self, cluster_id: str, permission: Permission = Permission.CLUSTER_READ) -> Cluster:
        self.authorise.cluster(self.principal, permission, cluster_id)
        with self.reading() as uow:
            return uow.clusters.get(cluster_id)

    def journal(self, code: str) -> Journal:
        self.authorise.journal(self.principal, Permission.JOURNAL_READ, code)
        with self.reading() as uow:
            found = uow.journals.find(code)
        assert found is not None
        return found


async def _guard(api: TheApi, caller: Caller) -> Guard:
    return Guard(api, caller)


TheGuard = Annotated[Guard, Depends(_guard)]

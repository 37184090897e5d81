"""The one place that says whether a caller may do something to an object (002 §7.1.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.authorisation import Facts, Permission, allowed
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.principals import Principal
from doc_service.domain.visas import VisaAction
from doc_service.ports import UnitOfWork
from doc_service.services.access.facts import body_facts, cluster_facts, document_facts, meeting_facts, request_facts
from doc_service.services.base import Workspace

Gather = Callable[[UnitOfWork], Facts]


@dataclass(frozen=True, slots=True)
class _Object:
    """``kind`` and ``id`` as in the audit log; ``read``: the permission that lets somebody know it exists; ``missing``
    makes the error of one that is not there."""

    kind: str
    id: str
    read: Permission
    missing: Callable[[], NotFoundError]


@dataclass(frozen=True, slots=True)
class Authorise:
    """Gathers the facts of an object and asks the table (``doc_service.domain.authorisation``).

    Each method returns when the caller may. Whoever may not even read the object gets the ``NotFoundError`` of one
    that is not there; whoever may read it but not do this, ``DomainError`` "access.denied" (permission); a token that
    is too narrow for what its account may, "access.scope" (permission). A refused attempt at a change is recorded."""

    work: Workspace

    def area(self, principal: Principal, permission: Permission) -> None:
        """For what concerns no single object: a list of everybody's, making something new."""
        if not allowed(principal, permission):
            self._refuse(
                principal,
                permission,
                ("area", permission.value.partition(".")[0]),
                self._reason(principal, permission, None),
            )

    def may(self, principal: Principal, permission: Permission) -> bool:
        """Whether the caller holds the permission on any object; False: lists are narrowed to what concerns them."""
        return allowed(principal, permission)

    def body(self, principal: Principal, permission: Permission, body_id: str) -> None:
        def missing() -> NotFoundError:
            return NotFoundError("body.not_found", "id", id=body_id)

        thing = _Object("body", body_id, Permission.BODY_READ, missing)
        self._decide(principal, permission, thing, lambda uow: body_facts(uow.bodies.get(body_id)))

    def meeting(self, principal: Principal, permission: Permission, meeting_id: str) -> None:
        def missing() -> NotFoundError:
            return NotFoundError("meeting.not_found", "id", id=meeting_id)

        thing = _Object("meeting", meeting_id, Permission.MEETING_READ, missing)
        self._decide(principal, permission, thing, lambda uow: meeting_facts(uow, uow.meetings.get(meeting_id)))

    def document(self, principal: Principal, permission: Permission, document_id: str) -> None:
        """Also its revisions, registration, visas as a whole, and its place in the archive."""
        thing = _document(document_id)
        self._decide(principal, permission, thing, lambda uow: document_facts(uow, uow.documents.get(document_id)))

    def visa(self, principal: Principal, document_id: str, unit: str, action: VisaAction) -> None:
        """Deciding a unit's visa. Beyond roles: whoever drafted or revised the document cannot grant its visa,
        ``DomainError`` "access.own_draft" (002 §7.1.5; 004 §5.1.9: the check is another's)."""
        permission = Permission.VISA_DECIDE

        def of_unit(uow: UnitOfWork) -> Facts:
            facts = document_facts(uow, uow.documents.get(document_id))
            return Facts(unit=unit if unit in facts.units else "", document_id=document_id, restricted=facts.restricted)

        self._decide(
            principal,
            permission,
            _document(document_id),
            lambda uow: document_facts(uow, uow.documents.get(document_id)),
            narrowed=of_unit,
        )
        if action is VisaAction.GRANT and self._drafted(principal, document_id):
            self._refuse(principal, permission, ("document", document_id), "access.own_draft")

    def request(self, principal: Principal, permission: Permission, request_id: str) -> None:
        """A signature request: its signer's own (``REQUEST_SIGN``), the secretariat's to manage."""

        def missing() -> NotFoundError:
            return NotFoundError("signature_request.not_found", "id", id=request_id)

        thing = _Object("signature_request", request_id, Permission.REQUEST_READ, missing)
        self._decide(principal, permission, thing, lambda uow: request_facts(uow, uow.signatures.get(request_id)))

    def substitution(self, principal: Principal, permission: Permission, substitution_id: str) -> None:
        """Of concern to the absent person and the substitute."""

        def missing() -> NotFoundError:
            return NotFoundError("substitution.not_found", "id", id=substitution_id)

        def facts(uow: UnitOfWork) -> Facts:
            found = uow.queries.substitution(substitution_id)
            return Facts(concerned=frozenset({found.absent_id, found.substitute.id}))

        self._decide(
            principal,
            permission,
            _Object("substitution", substitution_id, Permission.SUBSTITUTION_READ, missing),
            facts,
        )

    def person(self, principal: Principal, permission: Permission, person_id: str) -> None:
        """Of the register; of concern to that person alone."""

        def missing() -> NotFoundError:
            return NotFoundError("person.not_registered", "id", id=person_id)

        thing = _Object("person", person_id, Permission.PERSON_READ, missing)
        self._decide(principal, permission, thing, lambda uow: Facts(owner=uow.people.get(person_id).id))

    def organisation(self, principal: Principal, permission: Permission, organisation_id: str) -> None:
        """Of the register; of concern to its head and to the keeper of its seal."""

        def missing() -> NotFoundError:
            return NotFoundError("organisation.not_found", "id", id=organisation_id)

        def facts(uow: UnitOfWork) -> Facts:
            found = uow.organisations.get(organisation_id)
            return Facts(concerned=frozenset({found.head_id, found.keeper_id}))

        thing = _Object("organisation", organisation_id, Permission.ORGANISATION_READ, missing)
        self._decide(principal, permission, thing, facts)

    def cluster(self, principal: Principal, permission: Permission, cluster_id: str) -> None:
        """Also its participants, accessions, papers and registry. Of concern to the people of its bodies, and to the
        heads and keepers of the organisations that take or took part or ask to."""

        def missing() -> NotFoundError:
            return NotFoundError("cluster.not_found", "id", id=cluster_id)

        thing = _Object("cluster", cluster_id, Permission.CLUSTER_READ, missing)
        self._decide(principal, permission, thing, lambda uow: cluster_facts(uow, uow.clusters.get(cluster_id)))

    def journal(self, principal: Principal, permission: Permission, code: str) -> None:
        def missing() -> NotFoundError:
            return NotFoundError("journal.not_found", "journal", journal=code)

        def facts(uow: UnitOfWork) -> Facts:
            if uow.journals.find(code) is None:
                raise missing()
            return Facts()

        self._decide(principal, permission, _Object("journal", code, Permission.JOURNAL_READ, missing), facts)

    def account(self, principal: Principal, permission: Permission, account_id: str) -> None:
        def missing() -> NotFoundError:
            return NotFoundError("account.not_found", "id", id=account_id)

        thing = _Object("account", account_id, Permission.ACCOUNT_READ, missing)
        self._decide(principal, permission, thing, lambda uow: Facts(owner=uow.accounts.get(account_id).id))

    def job(self, principal: Principal, permission: Permission, job_id: str) -> None:
        """A job concerns whom its document concerns."""

        def missing() -> NotFoundError:
            return NotFoundError("job.not_found", "id", id=job_id)

        def facts(uow: UnitOfWork) -> Facts:
            document_id = uow.jobs.get(job_id).payload.get("document_id", "")
            document = uow.documents.find(document_id) if document_id else None
            return Facts() if document is None else document_facts(uow, document)

        self._decide(principal, permission, _Object("job", job_id, Permission.JOB_READ, missing), facts)

    def _decide(
        self,
        principal: Principal,
        permission: Permission,
        thing: _Object,
        gather: Gather,
        *,
        narrowed: Gather | None = None,
    ) -> None:
        with self.work.uow.reading() as uow:
            facts = gather(uow)
            exact = facts if narrowed is None else narrowed(uow)
        if allowed(principal, permission, exact):
            return
        reason = self._reason(principal, permission, exact)
        if reason == "access.denied" and not allowed(principal, thing.read, facts):
            reason = ""
        self._refuse(principal, permission, (thing.kind, thing.id), reason, thing.missing)

    def _reason(self, principal: Principal, permission: Permission, facts: Facts | None) -> str:
        whole = replace(principal, scopes=None)
        return "access.scope" if allowed(whole, permission, facts) else "access.denied"

    def _refuse(
        self,
        principal: Principal,
        permission: Permission,
        subject: tuple[str, str],
        reason: str,
        missing: Callable[[], NotFoundError] | None = None,
    ) -> None:
        """``reason`` "": not disclosed. Reading is refused without a record: it changes nothing, and a list of what
        somebody looked for in vain would only invite to fill the log."""
        if not permission.value.endswith(".read"):
            with self.work.uow() as uow:
                details = {"permission": str(permission), "reason": reason or "access.not_readable"}
                self.work.record(uow, principal.actor, Action.ACCESS_REFUSED, subject, details)
                uow.commit()
        if not reason and missing is not None:
            raise missing()
        if reason == "access.scope":
            raise DomainError("access.scope", "", permission=str(permission))
        if reason == "access.own_draft":
            raise DomainError("access.own_draft", "")
        raise DomainError("access.denied", "", permission=str(permission))

    def _drafted(self, principal: Principal, document_id: str) -> bool:
        """Whether the caller made the draft or revised it, under whichever name the log has."""
        own = {principal.actor, principal.person_id, f"account:{principal.account_id}"} - {""}
        drafting = {Action.DOCUMENT_DRAFTED, Action.DOCUMENT_REVISED}
        with self.work.uow.reading() as uow:
            events = uow.audit.of_subject("document", document_id)
            return any(event.action in drafting and event.actor in own for event in events)


def _document(document_id: str) -> _Object:
    def missing() -> NotFoundError:
        return NotFoundError("document.not_found", "id", id=document_id)

    return _Object("document", document_id, Permission.DOCUMENT_READ, missing)

"""A person begins to sign one or several documents with one of the ways to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.signing_operations import OperationItem, SigningOperation
from doc_service.ports import UnitOfWork
from doc_service.services.signing_steps import being_signed, may_sign
from doc_service.services.ways.documents import label_of
from doc_service.services.ways.records import Records
from doc_service.services.ways.registry import Ways
from doc_service.services.ways.resume_operation import ResumeOperation
from doc_service.services.ways.session import Sessions
from signing.remote.api import Start

MOST = 500
"""Documents in one operation."""


@dataclass(frozen=True, slots=True)
class StartInput:
    """What the person or the page gives at the start; the meaning of ``parameters`` is the way's own."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    certificate: bytes = b""
    chain: tuple[bytes, ...] = ()
    language: str = "az"
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class StartOperation:
    """Starts and goes as far as the person is not needed. Every request must be agreed to before (``ConsentToSign``).

    Safe to repeat, also from a second tab: the same requests by the same way give the live operation back. Raises
    "operation.in_progress" when another live operation holds one of the requests, "operation.unknown_way",
    "operation.no_requests", "operation.too_many", "operation.same_document", "consent.missing",
    "signature_request.signed", and what ``may_sign`` refuses.
    """

    ways: Ways
    records: Records
    sessions: Sessions
    resume: ResumeOperation

    def __call__(
        self, request_ids: Sequence[str], means: str, provider: str, actor: str, given: StartInput | None = None
    ) -> SigningOperation:
        self.ways.signer(means, provider)
        wanted = self._wanted(request_ids)
        self._end_overdue(wanted)
        operation, fresh = self._open(wanted, means, provider, actor, given or StartInput())
        return self.resume.run(operation) if fresh else operation

    def _wanted(self, request_ids: Sequence[str]) -> list[str]:
        """In the order of their documents, in which units take their locks."""
        names = list(dict.fromkeys(request_ids))
        if not names:
            raise DomainError("operation.no_requests", "requests")
        if len(names) > MOST:
            raise DomainError("operation.too_many", "requests", limit=MOST)
        with self.records.work.uow.reading() as uow:
            documents = {name: uow.signatures.get(name).document_id for name in names}
        if len(set(documents.values())) != len(names):
            raise DomainError("operation.same_document", "requests")
        return sorted(names, key=lambda name: documents[name])

    def _end_overdue(self, wanted: Sequence[str]) -> None:
        now = self.records.work.clock.now()
        with self.records.work.uow.reading() as uow:
            overdue = [o for o in uow.operations.live_of_requests(wanted) if o.overdue(now)]
        for operation in overdue:
            self.resume(operation.id, operation.signer_id)

    def _open(
        self, wanted: Sequence[str], means: str, provider: str, actor: str, given: StartInput
    ) -> tuple[SigningOperation, bool]:
        work = self.records.work
        now = work.clock.now()
        with work.uow() as uow:
            items = [self._item(uow, name, actor) for name in wanted]
            running = uow.operations.live_of_requests(wanted)
            if running:
                return _same(running, wanted, means, provider), False
            operation = SigningOperation(
                id=work.ids.new(),
                signer_id=actor,
                means=means,
                provider=provider,
                items=tuple(item for item, _ in items),
                created_at=now,
                expires_at=now + self.records.policy.start,
                claim=work.ids.new(),
            )
            start = _start(operation, items[0][1], given)
            operation = self.sessions.put(operation, start, b"")
            uow.operations.add(operation)
            self.records.take(uow, operation.id, operation.claim)
            self.records.record(uow, operation, Action.OPERATION_STARTED)
            uow.commit()
        return operation, True

    def _item(self, uow: UnitOfWork, request_id: str, actor: str) -> tuple[OperationItem, SignatureRequest]:
        request = uow.signatures.get(request_id)
        may_sign(uow, request, actor, self.records.work.clock.now())
        if request.state is RequestState.SIGNED:
            raise ConflictError("signature_request.signed", "")
        if request.state is not RequestState.CONSENTED:
            raise ConflictError("consent.missing", "", state=str(request.state))
        document = uow.documents.get(request.document_id)
        being_signed(document, "prepare")
        return OperationItem(request.id, document.id, label_of(document)), request


def _same(running: Sequence[SigningOperation], wanted: Sequence[str], means: str, provider: str) -> SigningOperation:
    first = running[0]
    same_way = (first.means, first.provider) == (means, provider)
    if len(running) == 1 and same_way and {i.request_id for i in first.items} == set(wanted):
        return first
    raise ConflictError("operation.in_progress", "requests", operation=first.id)


def _start(operation: SigningOperation, request: SignatureRequest, given: StartInput) -> Start:
    return Start(
        operation_id=operation.id,
        fin=request.signer.fin,
        voen=request.voen,
        count=len(operation.items),
        language=given.language,
        return_url=given.return_url,
        parameters=dict(given.parameters),
        certificate=given.certificate,
        chain=given.chain,
    )

"""The documents of an operation: their leases, what the device is to sign, and whether it still holds."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import PreparedSigning
from doc_service.domain.signing_operations import ItemState, OperationItem, OperationState, SigningOperation
from doc_service.domain.signing_queue import QueuePatience, QueuePlace
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.prepare_signature import PrepareSignature, check_signer
from doc_service.services.refusals import recorded
from doc_service.services.signing_turns import Turns, busy
from signing.api import CertificateChecker, CertificateInfo, CertificateStatus
from signing.remote.api import FileToSign, ToSign

BUSY = frozenset({"lease.busy", "lease.lost"})
"""Somebody else has the document; it will be free again."""

WHOLE_FILE = "file"
"""``PreparedSigning.signature_algorithm`` of a document that a device signs as a whole."""


@dataclass(frozen=True, slots=True)
class HoldDocuments:
    """Takes the leases of all documents of an operation, or none: two operations that each held some of the other's
    documents would wait for ever. "lease.busy" while it is anybody else's turn at one of them; the place in that queue
    is kept by trying again."""

    work: Workspace
    patience: QueuePatience

    def __call__(self, items: Sequence[OperationItem], hold: timedelta) -> None:
        turns = Turns(self.patience, self.work.clock.now())
        with self.work.uow() as uow:
            requests = [uow.signatures.get(i.request_id) for i in sorted(items, key=lambda i: i.document_id)]
            taken = turns.take_all(uow, requests, hold)
            uow.commit()
        if isinstance(taken, QueuePlace):
            raise busy(taken)

    def waits(self, operation: SigningOperation) -> QueuePlace | None:
        """The place of an operation that would only find what its last try found: a turn has not come, and the places
        are known. Nothing is written, so that many who wait do not slow down the one who signs."""
        turns = Turns(self.patience, self.work.clock.now())
        with self.work.uow.reading() as uow:
            places = (self._waits(turns, uow, item) for item in operation.open_items)
            if operation.state is not OperationState.AUTHORISED:
                return next((place for place in places if place), None)
            known = list(takewhile(lambda place: place is not None, places))
            return known[0] if known and len(known) == len(operation.open_items) else None

    def _waits(self, turns: Turns, uow: UnitOfWork, item: OperationItem) -> QueuePlace | None:
        place, to_write = turns.look(uow, uow.signatures.get(item.request_id))
        in_vain = place.position and not (to_write or place.your_turn or place.holds_lease)
        return place if in_vain else None

    def let_go(self, items: Sequence[OperationItem]) -> None:
        """Ends the leases that these requests still hold."""
        now = self.work.clock.now()
        with self.work.uow() as uow:
            for item in sorted(items, key=lambda i: i.document_id):
                lease = uow.signatures.lease(item.document_id)
                if lease is not None and lease.request_id == item.request_id and lease.holds(now):
                    uow.signatures.release_lease(item.document_id, lease.token, now)
            uow.commit()


@dataclass(frozen=True, slots=True)
class HoldFile:
    """Binds a request to the newest revision of its document, which a device signs as a whole."""

    work: Workspace

    def __call__(self, item: OperationItem) -> FileToSign:
        """After ``HoldDocuments``. Raises "lease.lost"."""
        with self.work.uow() as uow:
            request = uow.signatures.get(item.request_id)
            document = uow.documents.get(item.document_id)
            lease = uow.signatures.lease(item.document_id)
            if lease is None or lease.request_id != request.id or document.head is None:
                raise ConflictError("lease.lost", "")
            head = document.head
            uow.signatures.put_prepared(
                PreparedSigning(
                    request_id=request.id,
                    document_id=document.id,
                    lease_token=lease.token,
                    base_revision=head.number,
                    base_sha256=head.sha256,
                    to_be_signed=bytes.fromhex(head.sha256),
                    signature_algorithm=WHOLE_FILE,
                    certificate=b"",
                    state=b"",
                    created_at=self.work.clock.now(),
                )
            )
            uow.commit()
        return FileToSign(request.id, f"{document.id}.pdf", head.sha256, head.size)


class _Once:
    """``CertificateChecker`` that asks about one certificate and person once: 200 documents of one operation are
    checked by one answer of the responder."""

    def __init__(self, inner: CertificateChecker) -> None:
        self._inner = inner
        self._known: dict[tuple[bytes, str | None, str | None], CertificateStatus] = {}

    def inspect(self, certificate: bytes) -> CertificateInfo:
        return self._inner.inspect(certificate)

    def check(
        self,
        certificate: bytes,
        chain: Sequence[bytes],
        *,
        at: datetime,
        expected_fin: str | None,
        expected_organisation: str | None = None,
    ) -> CertificateStatus:
        key = (certificate, expected_fin, expected_organisation)
        if key not in self._known:
            self._known[key] = self._inner.check(
                certificate, chain, at=at, expected_fin=expected_fin, expected_organisation=expected_organisation
            )
        return self._known[key]


@dataclass(frozen=True, slots=True)
class PrepareItems:
    """Prepares documents of an operation with its certificate; the certificate is checked once."""

    work: Workspace
    prepare: PrepareSignature

    def check(self, operation: SigningOperation, certificate: bytes, chain: Sequence[bytes]) -> None:
        """Before the person is asked: whether this certificate may sign at all. Refusals are recorded."""
        item = operation.items[0]
        with recorded(self.work, item.request_id, operation.signer_id, "prepare"):
            with self.work.uow.reading() as uow:
                request = uow.signatures.get(item.request_id)
            check_signer(self.prepare.checker, request, certificate, chain, self.work.clock.now())

    def all_of(self, operation: SigningOperation, hold: timedelta) -> tuple[SigningOperation, tuple[ToSign, ...]]:
        """Every open document, or "lease.busy"."""
        one = self._step(operation, hold)
        done = [(item, one(item)) for item in operation.open_items]
        return _with_tasks(operation, done)

    def some_of(
        self, operation: SigningOperation, hold: timedelta, limit: int
    ) -> tuple[SigningOperation, tuple[ToSign, ...]]:
        """At most ``limit`` open documents; those that somebody else holds are left for later. What is prepared
        already and still holds comes first, as it is."""
        one = self._step(operation, hold)
        done: list[tuple[OperationItem, PreparedSigning]] = []
        for item in sorted(operation.open_items, key=lambda i: i.state is not ItemState.PREPARED):
            if len(done) == limit:
                break
            try:
                prepared = self.fresh(item) if item.state is ItemState.PREPARED else None
                done.append((item, prepared or one(item)))
            except ConflictError as busy:
                if busy.code not in BUSY:
                    raise
        return _with_tasks(operation, done)

    def _step(self, operation: SigningOperation, hold: timedelta) -> Callable[[OperationItem], PreparedSigning]:
        prepare = replace(self.prepare, checker=_Once(self.prepare.checker))
        certificate = b64decode(operation.certificate)
        chain = [b64decode(c) for c in operation.chain]
        return lambda item: prepare(
            item.request_id, certificate, chain, operation.signer_id, way=operation.means, hold=hold
        )

    def fresh(self, item: OperationItem) -> PreparedSigning | None:
        """What was prepared for the device, None when it can no longer become a signature: another signer has the
        document, or it has changed."""
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            return still_holds(uow, item, now)


def still_holds(uow: UnitOfWork, item: OperationItem, now: datetime) -> PreparedSigning | None:
    """The preparation that the device was given, while its lease is the newest and the document is the same."""
    prepared = uow.signatures.prepared(item.request_id)
    if prepared is None or hashlib.sha256(prepared.to_be_signed).hexdigest() != item.prepared_sha256:
        return None
    lease = uow.signatures.lease(item.document_id)
    head = uow.documents.get(item.document_id).head
    mine = lease is not None and lease.token == prepared.lease_token
    return prepared if mine and head is not None and head.sha256 == prepared.base_sha256 else None


def _with_tasks(
    operation: SigningOperation, done: Sequence[tuple[OperationItem, PreparedSigning]]
) -> tuple[SigningOperation, tuple[ToSign, ...]]:
    for item, prepared in done:
        digest = hashlib.sha256(prepared.to_be_signed).hexdigest()
        operation = operation.with_item(item.request_id, state=ItemState.PREPARED, prepared_sha256=digest)
    return operation, tuple(task_of(item, prepared) for item, prepared in done)


def task_of(item: OperationItem, prepared: PreparedSigning) -> ToSign:
    digest_algorithm = prepared.signature_algorithm.partition("_")[0]
    return ToSign(
        reference=item.request_id,
        label=item.label,
        data=prepared.to_be_signed,
        digest=hashlib.new(digest_algorithm, prepared.to_be_signed).digest(),
        digest_algorithm=digest_algorithm,
        algorithm=prepared.signature_algorithm,
    )


def label_of(document: Document) -> str:
    """What a device may show of a document: its number, else its title's beginning. Restricted titles stay out of other
    people's systems, so the number is preferred."""
    return document.registration.number if document.registration else document.title[:80]

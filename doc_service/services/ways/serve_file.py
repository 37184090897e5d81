"""The device that signs a whole file comes for it (DESIGN 7: exactly the stored bytes)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.signing_operations import OperationState, SigningOperation
from doc_service.services.base import Workspace
from doc_service.services.refusals import recorded
from doc_service.services.ways.records import correlation_key
from doc_service.services.ways.registry import Ways
from doc_service.services.ways.session import Sessions
from signing.api import SigningError
from signing.remote.api import Called
from storage.api import ObjectStore

DEVICE = "device"
"""Actor of what a call does that has not been proven to be anybody's."""


@dataclass(frozen=True, slots=True)
class ServedFile:
    """``data`` is the revision that the operation holds, byte for byte."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ServeFile:
    """Proves the call, then reads the revision whose lease the operation holds. Changes nothing; may be repeated."""

    work: Workspace
    store: ObjectStore
    ways: Ways
    sessions: Sessions

    def __call__(self, correlation: str, call: Called) -> ServedFile:
        """Raises ``NotFoundError`` "sima.unknown_operation", ``ConflictError`` "sima.finished" or "lease.lost" (the
        document changed meanwhile), ``SigningError`` as ``DocumentSigner.fetch``. Refusals are recorded."""
        with self.work.uow.reading() as uow:
            operation = uow.operations.find_by_correlation(correlation_key(correlation))
        signer = None if operation is None else self.ways.filing(operation.means, operation.provider)
        if operation is None or signer is None:
            raise NotFoundError("sima.unknown_operation")
        if operation.state is not OperationState.WAITING_DEVICE:
            raise ConflictError("sima.finished")
        _, state = self.sessions.get(operation)
        with recorded(self.work, operation.items[0].request_id, DEVICE, "fetch"):
            reference = signer.fetch(state, call)
        return self._file(operation, reference)

    def _file(self, operation: SigningOperation, reference: str) -> ServedFile:
        item = next((i for i in operation.open_items if i.request_id == reference), None)
        if item is None:
            raise SigningError("signing.remote_wrong_answer")
        with self.work.uow.reading() as uow:
            prepared = uow.signatures.prepared(item.request_id)
            lease = uow.signatures.lease(item.document_id)
            head = uow.documents.get(item.document_id).head
        if prepared is None or lease is None or head is None or lease.token != prepared.lease_token:
            raise ConflictError("lease.lost", "")
        if not head.sha256 == prepared.base_sha256 == item.prepared_sha256:
            raise ConflictError("lease.lost", "")
        data = self.store.read(head.key)
        if hashlib.sha256(data).hexdigest() != prepared.base_sha256:
            raise ConflictError("lease.lost", "")
        return ServedFile(f"{operation.id}.pdf", data)

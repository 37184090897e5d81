"""Acts are made from a signed protocol and from nothing else (001 §5.9.4, §5.9.5, §5.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from doc_service.domain.bodies import ActKind
from doc_service.domain.documents import Document, DocumentState, Registration, RevisionKind
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestState
from doc_service.instruments.group.kq_cixaris import SignedBy
from doc_service.instruments.kq_akt import KqAkt
from doc_service.instruments.registry import Registry
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.draft_document import DraftDocument, DraftRequest

PROTOCOL: Final = "kq-protokol"
SIGNED_STATES: Final = frozenset({DocumentState.SIGNED, DocumentState.IN_FORCE, DocumentState.ARCHIVED})
INSTRUMENT_OF: Final[Mapping[ActKind, str]] = {
    ActKind.DECISION: "kq-qerar",
    ActKind.PROPOSAL: "kq-teklif",
    ActKind.RECOMMENDATION: "kq-tovsiye",
}


@dataclass(frozen=True, slots=True)
class SignedProtocol:
    """A protocol that everybody has signed: its registration, the digest of the signed file, who signed and when."""

    document: Document
    registration: Registration
    sha256: str
    signatures: tuple[SignedBy, ...]


def signed_protocol(uow: UnitOfWork, document_id: str) -> SignedProtocol:
    """Raises ``DomainError`` "protocol.not_one" for any other instrument, ``ConflictError`` "protocol.not_signed" for
    a protocol on which a signature is missing, or that was withdrawn or annulled."""
    document = uow.documents.get(document_id)
    if document.instrument != PROTOCOL:
        raise DomainError("protocol.not_one", "document_id", instrument=document.instrument)
    if document.state not in SIGNED_STATES or document.head is None or document.registration is None:
        raise ConflictError("protocol.not_signed", "document_id", state=str(document.state))
    signed = [r for r in uow.signatures.of_document(document_id) if r.state is RequestState.SIGNED and r.signed_at]
    signatures = tuple(
        SignedBy(r.signer.name.full, r.role_label, r.signed_at, r.in_place_of) for r in signed if r.signed_at
    )
    return SignedProtocol(document, document.registration, document.head.sha256, signatures)


def signed_digests(uow: UnitOfWork, document_id: str) -> frozenset[str]:
    """SHA-256 of every stored file of a signed document that bears all its signatures: from the last signature on."""
    revisions = uow.documents.revisions(document_id)
    last = max((n for n, r in enumerate(revisions) if r.kind is RevisionKind.SIGNATURE), default=len(revisions))
    return frozenset(r.sha256 for r in revisions[last:])


@dataclass(frozen=True, slots=True)
class MakeAct:
    """Drafts the act of one agenda item. The same act under the same ``document_id`` comes back as it is.

    Raises what ``signed_protocol`` raises; "act.no_such_item", "act.no_act" (nothing was put to the vote),
    "act.not_adopted"; and every fault of the draft."""

    work: Workspace
    registry: Registry
    draft: DraftDocument

    def __call__(self, protocol_id: str, item_number: int, document_id: str, actor: str) -> Document:
        with self.work.uow.reading() as uow:
            source = signed_protocol(uow, protocol_id)
        kind = _kind(source.document, item_number)
        instrument = cast(KqAkt, self.registry.get(INSTRUMENT_OF[kind]))
        data = instrument.from_protocol(source.document.data, source.registration, source.sha256, item_number)
        document = source.document
        request = DraftRequest(document_id, instrument.id, document.body_id, document.meeting_id, data)
        return self.draft(request, actor)


def _kind(protocol: Document, number: int) -> ActKind:
    item = next((i for i in protocol.data["items"] if i["number"] == number), None)
    if item is None:
        raise DomainError("act.no_such_item", "item", number=number)
    if item["act_kind"] is None:
        raise DomainError("act.no_act", "item", number=number)
    return ActKind(item["act_kind"])

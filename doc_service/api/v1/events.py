"""Event streams of documents and of signature requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Response

from doc_service.api.context import Api, TheApi
from doc_service.api.events import STREAM, EventStream, LastEvent, Message, Watched
from doc_service.api.hub import Signal, Topic
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.domain.audit_events import Action, timestamp
from doc_service.domain.authorisation import Permission
from doc_service.domain.signing_queue import QueuePatience, kept
from doc_service.ports_interface import FeedEvent, QueueState

router = guarded_router("/v1", "events", ("events.too_many", "events.bad_id"))

_A = Action
PROGRESS = frozenset(
    {
        _A.DOCUMENT_SUBMITTED, _A.DOCUMENT_RETURNED, _A.DOCUMENT_REVISED, _A.VISA_GRANTED, _A.DOCUMENT_APPROVED,
        _A.DOCUMENT_REGISTERED, _A.DOCUMENT_RENDERED, _A.SIGNING_OPENED, _A.SIGNATURE_COMPLETED, _A.SIGNATURE_DECLINED,
        _A.SIGNATURE_REOPENED, _A.SIGNATURE_LEFT_OUT, _A.SIGNATURE_TRANSFERRED, _A.SIGNING_DEADLINE_SET,
        _A.SIGNING_COMPLETED, _A.DOCUMENT_EXTENDED, _A.DOCUMENT_IN_FORCE, _A.DOCUMENT_ARCHIVED, _A.DOCUMENT_WITHDRAWN,
        _A.DOCUMENT_ANNULLED,
    }
)  # fmt: skip
"""What everybody whom a document concerns sees of it: that it happened. Who did it, and everything else that the
control-audit journal has, is shown to the secretariat and to auditors; one's own steps are shown as one's own."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What one listener sees. ``whole``: everything that is recorded. ``requests``: the listener's own."""

    document_id: str
    actor: str
    whole: bool
    requests: frozenset[str]
    patience: QueuePatience
    now: Callable[[], datetime]

    def __call__(self, signal: Signal) -> Message | None:
        if isinstance(signal, FeedEvent):
            return self._recorded(signal)
        return self._queue(signal) if isinstance(signal, QueueState) else None

    def _recorded(self, found: FeedEvent) -> Message | None:
        event, own = found.event, found.event.actor == self.actor
        if not (self.whole or own or event.action in PROGRESS):
            return None
        told: dict[str, Any] = {
            "id": event.id,
            "at": timestamp(event.at),
            "action": str(event.action),
            "document_id": self.document_id,
        }
        if self.whole:
            told |= {"actor": event.actor, "details": dict(event.details)}
        elif own:
            told |= {"actor": event.actor, "request_id": event.details.get("request")}
        return Message("recorded", told, found.place)

    def _queue(self, state: QueueState) -> Message:
        now = self.now()
        waiting = kept(state.waiters, now, self.patience)
        holder = state.lease.request_id if state.lease and state.lease.holds(now) else None
        places = [
            {"request_id": w.request_id, "position": n}
            for n, w in enumerate(waiting, 1)
            if self.whole or w.request_id in self.requests
        ]
        shown = holder if holder is not None and (self.whole or holder in self.requests) else None
        told = {
            "document_id": self.document_id,
            "waiting": len(waiting),
            "held": holder is not None,
            "held_by_request": shown,
            "places": places,
        }
        return Message("queue", told)


@router.get(
    "/documents/{document_id}/events", summary="What happens to a document, live", response_class=Response,
    responses={**STREAM, **problems("document.not_found")},
)  # fmt: skip
def watch_document(
    document_id: Annotated[str, Path(max_length=200)], api: TheApi, caller: Caller, last: LastEvent
) -> Response:
    api.service.access.authorise.document(caller, Permission.DOCUMENT_READ, document_id)
    return _stream(api, caller, document_id, last)


@router.get(
    "/signature-requests/{request_id}/events", summary="A request, its document and the queue, live",
    response_class=Response, responses={**STREAM, **problems("signature_request.not_found")},
)  # fmt: skip
def watch_request(
    request_id: Annotated[str, Path(max_length=200)], api: TheApi, caller: Caller, last: LastEvent
) -> Response:
    api.service.access.authorise.request(caller, Permission.REQUEST_READ, request_id)
    with api.service.work.uow.reading() as uow:
        document_id = uow.signatures.get(request_id).document_id
    return _stream(api, caller, document_id, last)


def _stream(api: Api, caller: Caller, document_id: str, last: int | None) -> Response:
    authorise, service = api.service.access.authorise, api.service
    with service.work.uow.reading() as uow:
        requests = frozenset(r.id for r in uow.signatures.of_document(document_id) if r.signer.id == caller.person_id)
    view = DocumentView(
        document_id,
        caller.actor,
        authorise.may(caller, Permission.AUDIT_READ) or authorise.may(caller, Permission.REQUEST_MANAGE),
        requests if caller.person_id else frozenset(),
        service.parts.policy.queue,
        service.work.clock.now,
    )
    watched = Watched(caller.account_id, view, ("document", document_id), (Topic("queue", document_id),))
    return EventStream(api.hub, watched, last)

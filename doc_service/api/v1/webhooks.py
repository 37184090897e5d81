"""Webhooks: who is told of events over HTTP, by the administrator. What is told holds ids and never a content."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ConfigDict, Field, StringConstraints

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.problems import ApiError
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.common import Input, Named, View, named
from doc_service.domain.authorisation import Permission
from doc_service.domain.webhooks import Delivery, DeliveryState, Webhook, WebhookAction
from doc_service.instruments.fields import Identifier
from doc_service.ports_queries import Page

router: APIRouter = guarded_router("/v1/webhooks", "webhooks")
WebhookId = Annotated[Identifier, Path(description="The webhook's id")]
_MISSING = "webhook.not_found"
_Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
_Event = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class WebhookInput(Input):
    """``events``: names of the control-audit journal, such as document.in_force."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://receiver.example/hook", "events": ["document.in_force"]}]}
    )

    url: _Url
    events: list[_Event] = Field(min_length=1, max_length=50)


class Switch(StrEnum):
    ENABLE = "enable"
    DISABLE = "disable"


class SwitchInput(Input):
    action: Switch


class RotationInput(Input):
    """``at_once``: the former secret has leaked and must not sign along for a day."""

    at_once: bool = Field(default=False, examples=[False])


class WebhookView(View):
    """``failing_since``: since when no delivery has been accepted."""

    id: str
    url: str
    events: list[str]
    state: Named
    created_at: datetime
    created_by: str
    failing_since: datetime | None
    version: int


class WebhooksView(View):
    items: list[WebhookView]


class SecretView(View):
    """``secret`` is shown this once; deliveries are signed with it (Standard Webhooks)."""

    webhook: WebhookView
    secret: str


class DeliveryView(View):
    id: str
    event: str
    state: Named
    created_at: datetime
    attempts: int
    round: int
    last_status: int
    last_error: str
    delivered_at: datetime | None


@router.get("", summary="Webhooks, oldest first")
def list_webhooks(guard: TheGuard) -> WebhooksView:
    guard.require(Permission.WEBHOOK_MANAGE)
    return WebhooksView(items=[_view(webhook) for webhook in guard.use.webhooks()])


@router.post(
    "", status_code=201, summary="Subscribe a receiver; its secret is shown once",
    responses=problems("webhook.bad_url", "webhook.unknown_event", "webhook.address_refused"),
)  # fmt: skip
@repeated(Repeat.SECRET)
def add_webhook(wanted: WebhookInput, guard: TheGuard, response: Response) -> SecretView:
    guard.require(Permission.WEBHOOK_MANAGE)
    added = guard.use.add_webhook(wanted.url, wanted.events, guard.actor)
    response.headers["location"] = f"/v1/webhooks/{added.webhook.id}"
    return SecretView(webhook=_view(added.webhook), secret=added.secret)


@router.get(
    "/{webhook_id}", response_model=WebhookView, summary="A webhook",
    responses={**problems(_MISSING), **NOT_MODIFIED},
)  # fmt: skip
def get_webhook(webhook_id: WebhookId, guard: TheGuard, request: Request) -> Response:
    return _answered(request, _one(guard, webhook_id))


@router.put(
    "/{webhook_id}/state", response_model=WebhookView, summary="Switch it on or off",
    responses=problems(_MISSING, "state.not_allowed", *CHANGING),
)  # fmt: skip
def switch(
    webhook_id: WebhookId, wanted: SwitchInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """What waits is delivered once it is on again."""
    expected.require(etag(_one(guard, webhook_id).version))
    return _answered(request, guard.use.change_webhook(webhook_id, WebhookAction(wanted.action), guard.actor))


@router.delete(
    "/{webhook_id}", status_code=204, summary="End it; its deliveries stay on record",
    responses=problems(_MISSING, *CHANGING),
)  # fmt: skip
def remove(webhook_id: WebhookId, guard: TheGuard, expected: Expected) -> None:
    expected.require(etag(_one(guard, webhook_id).version))
    guard.use.change_webhook(webhook_id, WebhookAction.REMOVE, guard.actor)


@router.post("/{webhook_id}/secret", status_code=201, summary="A new secret, shown once", responses=problems(_MISSING))
@repeated(Repeat.SECRET)
def rotate(webhook_id: WebhookId, wanted: RotationInput, guard: TheGuard) -> SecretView:
    """The former one signs along for a day, so that the receiver can change over."""
    guard.require(Permission.WEBHOOK_MANAGE)
    rotated = guard.use.rotate_webhook_secret(webhook_id, guard.actor, at_once=wanted.at_once)
    return SecretView(webhook=_view(rotated.webhook), secret=rotated.secret)


@router.get("/{webhook_id}/deliveries", summary="Deliveries, newest first", responses=problems(_MISSING))
def deliveries(
    webhook_id: WebhookId,
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    state: Annotated[DeliveryState | None, Query()] = None,
) -> PageView[DeliveryView]:
    guard.require(Permission.WEBHOOK_MANAGE)
    asked = page.slice
    before = asked.after[0] if asked.after else 0
    if not isinstance(before, int) or not 0 <= before < 2**63:
        raise ApiError("paging.bad_cursor", "query.cursor")
    rows = tuple(guard.use.webhooks.deliveries(webhook_id, state=state, before=before, limit=asked.limit + 1))
    kept = rows[: asked.limit]
    return page.view(Page(kept, (kept[-1].seq,) if len(rows) > asked.limit else None), _delivery, response)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/repetition", status_code=202, summary="Deliver again, under its own id",
    responses=problems(_MISSING, "webhook.delivery_not_found", "webhook.not_enabled"),
)  # fmt: skip
def repeat(webhook_id: WebhookId, delivery_id: Annotated[Identifier, Path()], guard: TheGuard) -> DeliveryView:
    guard.require(Permission.WEBHOOK_MANAGE)
    return _delivery(guard.use.redeliver_webhook(webhook_id, delivery_id, guard.actor))


def _one(guard: Guard, webhook_id: str) -> Webhook:
    guard.require(Permission.WEBHOOK_MANAGE)
    return guard.use.webhooks.one(webhook_id)


def _answered(request: Request, webhook: Webhook) -> Response:
    return shown(request, _view(webhook), etag(webhook.version))


def _view(webhook: Webhook) -> WebhookView:
    return WebhookView(
        id=webhook.id,
        url=webhook.url,
        events=sorted(webhook.events),
        state=named("state", str(webhook.state)),
        created_at=webhook.created_at,
        created_by=webhook.created_by,
        failing_since=webhook.failing_since,
        version=webhook.version,
    )


def _delivery(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        event=delivery.event,
        state=named("state", str(delivery.state)),
        created_at=delivery.created_at,
        attempts=delivery.attempts,
        round=delivery.round,
        last_status=delivery.last_status,
        last_error=delivery.last_error,
        delivered_at=delivery.delivered_at,
    )

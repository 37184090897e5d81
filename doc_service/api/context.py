"""What routes are built over: the service, and the parts of the interface itself. One for each application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from doc_service.api.hub import Hub
from doc_service.api.limits import Limits
from doc_service.bootstrap import Container
from doc_service.domain.principals import Principal
from doc_service.ports_interface import IdempotencyKeys


class Authenticate(Protocol):
    def __call__(self, token: str) -> Principal:
        """Whose session or service token ``token`` is, if it counts now. ``DomainError`` of the area "access" (or
        "session") when it does not."""
        ...


@dataclass(frozen=True, slots=True)
class Api:
    """Kept in ``app.state.api``; routes ask for it by ``TheApi``."""

    service: Container
    authenticate: Authenticate
    keys: IdempotencyKeys
    limits: Limits
    hub: Hub


def api_of(request: Request) -> Api:
    """The parts of the application that serves this request."""
    api: Api = request.app.state.api
    return api


async def _the_api(request: Request) -> Api:
    return api_of(request)


TheApi = Annotated[Api, Depends(_the_api)]

"""Lists page by page: an opaque cursor, a ``Link`` to the next page (RFC 8288), and the same in the body.

A cursor names the last row shown by the columns that order the list, so pages neither repeat nor lose rows while rows
are added. It opens nothing: every page is selected for its caller anew, and a position is only ever compared with.
So it is not signed but checked: it must be of this list with these filters and have a position's form.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import quote

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from doc_service.api.problems import ApiError
from doc_service.ports_queries import Page, Position, Slice

T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)

LARGEST = 200
_LONGEST_CURSOR = 1000


class PageView(BaseModel, Generic[T]):
    """One page."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page; null on the last")


@dataclass(frozen=True, slots=True)
class Paging:
    """The page asked for. ``list_id`` names the list with its filters."""

    limit: int
    cursor: str | None
    list_id: str
    request: Request

    @property
    def slice(self) -> Slice:
        """For ``Queries``. Raises ``ApiError`` "paging.bad_cursor"."""
        return Slice(None if self.cursor is None else _position(self.cursor, self.list_id), self.limit)

    def view(self, page: Page[T], show: Callable[[T], V], response: Response) -> PageView[V]:
        """The page as it is answered; ``response`` gets the link."""
        following = None if page.end is None else _cursor(page.end, self.list_id)
        if following is not None:
            url = self.request.url.include_query_params(cursor=following)
            response.headers["link"] = f'<{quote(url.path)}?{url.query}>; rel="next"'
        response.headers["cache-control"] = "private, no-store"
        return PageView(items=[show(row) for row in page.rows], next=following)


def _list_id(request: Request) -> str:
    """Path and filters, whatever their order."""
    filters = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _PAGING)
    text = json.dumps([request.url.path, filters], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_PAGING = frozenset({"cursor", "limit"})


def _cursor(position: Position, list_id: str) -> str:
    text = json.dumps([list_id, *position], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str, list_id: str) -> Position:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise ApiError("paging.bad_cursor", "query.cursor") from None
    well_formed = isinstance(found, list) and len(found) > 1 and all(type(part) in (str, int) for part in found)
    if not well_formed or found[0] != list_id:
        raise ApiError("paging.bad_cursor", "query.cursor")
    return tuple(found[1:])


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=LARGEST, description="Rows of a page")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=_LONGEST_CURSOR, description='"next" of the page before, with the same filters')
    ] = None,
) -> Paging:
    return Paging(limit, cursor, _list_id(request), request)


PageAsked = Annotated[Paging, Depends(_paging)]

"""Strong entity tags from versions, and conditions on them (RFC 9110 §8.8.3, §13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from doc_service.api.problems import ApiError

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_VARY = "Authorization, Cookie"


def etag(*versions: int | str) -> str:
    """The strong tag of a representation: the version of the resource, then those of whatever else it shows."""
    return '"' + ".".join(str(version) for version in versions) + '"'


def _tags(header: str) -> list[tuple[bool, str]]:
    return [(bool(weak), f'"{opaque}"') for weak, opaque in _TAG.findall(header)]


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The version that the caller read before it changes it. ``header`` is If-Match as sent."""

    header: str | None

    def require(self, present: str) -> None:
        """Strong comparison with the ``present`` tag; "*" stands for any. Raises ``ApiError`` "precondition.required"
        (428, RFC 6585 §3) without the header and "precondition.failed" (412) for another version."""
        if self.header is None:
            raise ApiError("precondition.required")
        if self.header.strip() != "*" and (False, present) not in _tags(self.header):
            raise ApiError("precondition.failed", headers={"etag": present}, version=present)


def not_modified(request: Request, present: str) -> bool:
    """Whether If-None-Match of a GET or HEAD names the ``present`` tag, by weak comparison."""
    header = request.headers.get("if-none-match")
    if header is None or request.method not in ("GET", "HEAD"):
        return False
    return header.strip() == "*" or present in {tag for _, tag in _tags(header)}


def shown(request: Request, view: BaseModel, tag: str, status: int = 200, location: str = "") -> Response:
    """``view`` with its tag, or 304 when the caller has it already. What is shown depends on who asks, hence Vary."""
    headers = {"etag": tag, "vary": _VARY, "cache-control": "private, no-cache"}
    if location:
        headers["location"] = location
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return JSONResponse(view.model_dump(mode="json"), status, headers)


async def _if_match(
    if_match: Annotated[str | None, Header(description="ETag of the version read; required", max_length=500)] = None,
) -> IfMatch:
    return IfMatch(if_match)


Expected = Annotated[IfMatch, Depends(_if_match)]
"""For routes that change a resource: ``expected.require(etag(document.version))``."""

"""Problems of the interface (RFC 9457): every refusal and failure in one shape.

``detail`` is in the language that the caller reads, ``messages`` in all; ``code`` is stable and made for programs;
``errors`` names each field at fault, so that a form can be corrected in one go (004 §5.1.9). What a failure of the
service says of its inside (paths, statements, reasons of libraries) goes to the log under the request's id, and the
answer carries that id instead.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from doc_service.api.language import catalog, preferred
from doc_service.api.problem_table import by_area, by_name, retry_after
from doc_service.domain.errors import ConflictError, DomainError, Fault, NotFoundError, Param
from doc_service.instruments.faults import one_per_field
from doc_service.messages.catalog import LANGUAGES
from doc_service.observability.context import bound
from signing.api import SigningError
from storage.api import StorageError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="doc-service"'
_INSIDE = ("persistence.", "render.")
_CODE_OF_STATUS: Mapping[int, str] = {
    400: "request.unreadable",
    403: "http.forbidden",
    404: "http.not_found",
    405: "http.method_not_allowed",
    406: "http.not_acceptable",
    413: "request.too_large",
    415: "http.unsupported_media_type",
    416: "http.range_not_satisfiable",
}


class ApiError(DomainError):
    """Refused by the interface itself, before any use case; ``headers`` go with the answer."""

    def __init__(self, code: str, field: str = "", headers: Mapping[str, str] | None = None, **params: Param) -> None:
        super().__init__(code, field, **params)
        self.headers = dict(headers or {})


class TooLargeError(HTTPException):
    """A body beyond the limit (RFC 9110 §15.5.14). FastAPI lets only its own kind of error through while it reads a
    body, hence the base class."""

    def __init__(self, limit: int, code: str = "request.too_large") -> None:
        super().__init__(413)
        self.limit, self.code = limit, code


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told, in every language."""

    status: int
    faults: tuple[Fault, ...]
    headers: Mapping[str, str]
    code: str = ""

    @classmethod
    def of(cls, error: Exception) -> Problem:
        """The problem of a known kind of error; anything else is "internal.error"."""
        if isinstance(error, DomainError):
            headers = error.headers if isinstance(error, ApiError) else {}
            return cls(status_of(error), error.faults, headers)
        if isinstance(error, SigningError | StorageError):
            return cls(status_of(error), (Fault(error.code, "", error.params),), {})
        if isinstance(error, TooLargeError):
            return cls(413, (Fault(error.code, "", {"limit": error.limit}),), {})
        if isinstance(error, RequestValidationError):
            return cls(422, tuple(_faults(error)), {}, "request.invalid")
        if isinstance(error, HTTPException):
            code = _CODE_OF_STATUS.get(error.status_code, "http.refused")
            return cls(error.status_code, (Fault(code),), dict(error.headers or {}))
        return cls(500, (Fault("internal.error"),), {})

    def response(self, accept_language: str) -> JSONResponse:
        """The answer; the texts of several faults are told each by itself."""
        code, language = self.code or self.faults[0].code, preferred(accept_language)
        messages = {name: self._text(name, Fault(code) if self.code else self.faults[0]) for name in LANGUAGES}
        content: dict[str, Any] = {
            "type": f"urn:doc-service:{code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": messages[language],
            "code": code,
            "messages": messages,
        }
        if self.code or len(self.faults) > 1 or self.faults[0].field:
            content["errors"] = [
                {"field": f.field, "code": f.code, "message": self._text(language, f)} for f in self.faults
            ]
        if request_id := bound().get("request"):
            content["request_id"] = request_id
        headers = {"content-language": language, "vary": "Accept-Language", "cache-control": "no-store"}
        if (seconds := retry_after(code, self.status, self.faults[0].params)) is not None:
            headers["retry-after"] = str(seconds)
        if self.status == 401:
            headers["www-authenticate"] = CHALLENGE
        return JSONResponse(content, self.status, headers | dict(self.headers), MEDIA_TYPE)

    def _text(self, language: str, fault: Fault) -> str:
        """A code without a text is a fault of the program and must not become a second error."""
        params = dict(fault.params)
        if self.status >= 500 or fault.code.startswith(_INSIDE):
            told = catalog(language).text("request.reference", {"id": bound().get("request", "—")})
            params = {name: told if isinstance(value, str) else value for name, value in params.items()}
        try:
            return catalog(language).text(fault.code, params)
        except LookupError:
            _log.exception("no text for %s", fault.code)
            return fault.code


def status_of(error: DomainError | SigningError | StorageError) -> int:
    """By the table, where the error's class goes before its area. A SigningError that says trying later can help is
    503 whatever its code."""
    if isinstance(error, SigningError) and error.retryable:
        return 503
    status = by_name(error.code)
    if status is None and isinstance(error, NotFoundError | ConflictError):
        return 404 if isinstance(error, NotFoundError) else 409
    return status or by_area(error.code) or (500 if isinstance(error, StorageError) else 422)


def answer(error: Exception, request: Request) -> JSONResponse:
    """The problem of ``error`` for this caller; failures of the service are logged with what the answer leaves out."""
    problem = Problem.of(error)
    if problem.status >= 500 and not isinstance(error, HTTPException):
        _log.error("%s", "; ".join(f"{f.code} {dict(f.params)}" for f in problem.faults), exc_info=error)
    return problem.response(request.headers.get("accept-language", ""))


def install(app: FastAPI) -> None:
    """Every kind of error that routes raise; what nobody foresaw is ``middleware.Unforeseen``'s."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        return answer(error, request)

    for kind in (DomainError, SigningError, StorageError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, handle)


def _faults(error: RequestValidationError) -> Sequence[Fault]:
    """Fields of the body are named by their path, other places by where they are: "query.limit"."""
    details: list[Any] = []
    for detail in error.errors():
        place, *rest = detail["loc"] or ("body",)
        if detail["type"] == "json_invalid":
            rest = []
        details.append({**detail, "loc": tuple(rest) if place == "body" else (place, *rest)})
    return one_per_field(details)

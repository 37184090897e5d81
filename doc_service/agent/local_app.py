"""The localhost service: six paths for the page of a service that the person has paired with the agent."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar

from asn1crypto import x509
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doc_service.agent.approvals import APPROVAL_LIFE, Approvals
from doc_service.agent.attributes import read_attributes
from doc_service.agent.confirm import Confirmer, ShownDocument, printable
from doc_service.agent.guard import Guard
from doc_service.agent.held_key import HeldKey
from doc_service.agent.log_in import require_challenge, sign_challenge
from doc_service.agent.pairing import Pairing
from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.messages.catalog import LANGUAGES, Catalog
from signing.api import SigningError, SigningKey

VERSION = 1
_Name = Annotated[str, Field(min_length=1, max_length=300)]
_Id = Annotated[str, Field(min_length=1, max_length=100)]
_Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PairBody(_Body):
    """Without a code: show one."""

    code: Annotated[str, Field(max_length=20)] | None = None


class DocumentBody(_Body):
    request: _Id
    name: _Name
    sha256: _Sha256


class ApprovalBody(_Body):
    certificate: _Sha256
    documents: Annotated[list[DocumentBody], Field(min_length=1, max_length=200)]


class SignBody(_Body):
    """``certificate``: its id; ``sha256``: of the document as it was shown; ``to_be_signed``: DER signed attributes."""

    approval: _Id
    certificate: _Sha256
    request: _Id
    sha256: _Sha256
    to_be_signed: Base64Bytes
    algorithm: Annotated[str, Field(pattern="^sha(256|384|512)_(ecdsa|rsa)$")]


class LogInBody(_Body):
    """``text``: the service's challenge."""

    certificate: _Sha256
    text: Base64Bytes


Body = TypeVar("Body", bound=_Body)


@dataclass(frozen=True, slots=True)
class LocalService:
    """What the paths do; ``origin`` has been checked by ``Guard`` before."""

    pairing: Pairing
    approvals: Approvals
    key: HeldKey
    confirmer: Confirmer

    def status(self, origin: str, token: str) -> dict[str, Any]:
        return {"agent": "doc-service", "version": VERSION, "paired": self.pairing.knows(origin, token)}

    def pair(self, origin: str, body: PairBody) -> dict[str, Any]:
        if body.code is None:
            return {"expires_in": int(self.pairing.begin(origin))}
        return {"token": self.pairing.finish(origin, body.code)}

    def certificates(self, origin: str) -> dict[str, Any]:
        """Asks for the PIN when the key is closed."""
        with self.approvals.question(), self.key.use(may_ask=True) as key:
            return {"certificates": [_described(key)]}

    def log_in(self, origin: str, body: LogInBody) -> dict[str, Any]:
        """Signs the page's log-in, when the person agrees; never at the address of another service."""
        require_challenge(body.text, origin)
        with self.key.use(may_ask=False) as key:
            _require(key, body.certificate)
        self.approvals.ask_log_in(origin)
        with self.key.use(may_ask=False) as key:
            signature, algorithm = sign_challenge(body.text, origin, key)
        return {"signature": base64.b64encode(signature).decode(), "algorithm": algorithm}

    def approve(self, origin: str, body: ApprovalBody) -> dict[str, Any]:
        documents = [ShownDocument(d.request, printable(d.name), d.sha256) for d in body.documents]
        with self.key.use(may_ask=False) as key:
            _require(key, body.certificate)
        return {
            "approval": self.approvals.ask(origin, body.certificate, documents),
            "expires_in": int(APPROVAL_LIFE),
        }

    def sign(self, origin: str, body: SignBody) -> dict[str, Any]:
        with self.key.use(may_ask=False) as key:
            _require(key, body.certificate)
            read_attributes(body.to_be_signed, body.algorithm, key.certificate)
            document = self.approvals.use(body.approval, origin, body.certificate, body.request, body.sha256)
            signature = key.sign(body.to_be_signed, body.algorithm)
        self.confirmer.tell("agent.signed", name=document.name, sha256=document.sha256)
        return {"signature": base64.b64encode(signature).decode()}


def create_app(service: LocalService, *, port: int, origins: frozenset[str]) -> Guard:
    """The guarded application; nothing is reachable around the guard."""
    routes = [
        _route("/v1/status", "GET", lambda r, o: service.status(o, _token(r))),
        _route("/v1/pair", "POST", lambda r, o: service.pair(o, _body(r, PairBody))),
        _route("/v1/certificates", "GET", _paired(service, lambda r, o: service.certificates(o))),
        _route("/v1/log-in", "POST", _paired(service, lambda r, o: service.log_in(o, _body(r, LogInBody)))),
        _route("/v1/approvals", "POST", _paired(service, lambda r, o: service.approve(o, _body(r, ApprovalBody)))),
        _route("/v1/sign", "POST", _paired(service, lambda r, o: service.sign(o, _body(r, SignBody)))),
    ]
    return Guard(Starlette(routes=routes), host=f"127.0.0.1:{port}", origins=origins)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with its body read."""

    request: Request
    body: bytes


_Handler = Callable[[_Asked, str], dict[str, Any]]


class _NotPairedError(Exception):
    """No token, or one of another origin."""


def _paired(service: LocalService, handler: _Handler) -> _Handler:
    def guarded(asked: _Asked, origin: str) -> dict[str, Any]:
        if not service.pairing.knows(origin, _token(asked)):
            raise _NotPairedError
        return handler(asked, origin)

    return guarded


def _route(path: str, method: str, handler: _Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        asked = _Asked(request, await request.body())
        return await _aside(partial(_answer, handler, asked, request.headers["origin"]))

    return Route(path, endpoint, methods=[method])


async def _aside(work: Callable[[], Response]) -> Response:
    """Runs ``work`` in a thread that the end of the program does not wait for: it may be asking somebody who has left.
    There are never more than the server takes connections."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Response] = loop.create_future()

    def deliver(answer: Response | Exception) -> None:
        if done.cancelled():
            return
        if isinstance(answer, Exception):
            done.set_exception(answer)
        else:
            done.set_result(answer)

    def run() -> None:
        try:
            answer: Response | Exception = work()
        except Exception as error:
            answer = error
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(deliver, answer)

    threading.Thread(target=run, daemon=True).start()
    return await done


def _answer(handler: _Handler, asked: _Asked, origin: str) -> JSONResponse:
    try:
        return JSONResponse(handler(asked, origin))
    except _NotPairedError:
        return _refused(401, Fault("agent.not_paired"))
    except ConflictError as error:
        return _refused(409, error.faults[0])
    except DomainError as error:
        return _refused(403 if error.code in _FORBIDDEN else 422, error.faults[0])
    except SigningError as error:
        return _refused(422, Fault(error.code, "", dict(error.params)))


_FORBIDDEN = frozenset(
    {
        "agent.pairing_none", "agent.pairing_wrong", "agent.not_agreed", "agent.not_a_signature", "agent.not_a_log_in",
        "agent.pin_stopped",
    }
)  # fmt: skip


def _refused(status: int, fault: Fault) -> JSONResponse:
    messages = {language: Catalog(language).text(fault.code, fault.params) for language in LANGUAGES}
    content = {"code": fault.code, "params": dict(fault.params), "messages": messages}
    return JSONResponse(content, status)


def _body(asked: _Asked, kind: type[Body]) -> Body:
    try:
        return kind.model_validate_json(asked.body)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "body"
        raise DomainError("agent.bad_request", "", part=place[:60]) from None


def _token(asked: _Asked) -> str:
    scheme, _, token = asked.request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _require(key: SigningKey, certificate: str) -> None:
    if hashlib.sha256(key.certificate).hexdigest() != certificate:
        raise DomainError("agent.no_such_certificate", "certificate")


def _described(key: SigningKey) -> dict[str, Any]:
    parsed = x509.Certificate.load(key.certificate)
    return {
        "id": hashlib.sha256(key.certificate).hexdigest(),
        "subject": parsed.subject.native.get("common_name", ""),
        "issuer": parsed.issuer.native.get("common_name", ""),
        "not_after": parsed.not_valid_after.isoformat(),
        "certificate": base64.b64encode(key.certificate).decode(),
        "chain": [base64.b64encode(der).decode() for der in key.chain],
    }

"""The addresses that SİMA's app calls: it gets what is to be signed, and brings it back signed.

They need no account: the phone proves itself by its certificate (``ts-cert``, ``ts-sign``), and an address holds an
operation id that nobody can guess. Answers have the app's own form, not that of the interface.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from doc_service.api.context import api_of
from doc_service.api.language import catalog
from doc_service.api.limits import client_of
from doc_service.api.problems import ApiError, Problem
from doc_service.bootstrap.sima import SimaCases
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.signing_operations import OperationState, SigningOperation
from signing.api import SigningError
from signing.remote.api import Called
from storage.api import StorageError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_HEADERS = ("ts-cert", "ts-sign", "ts-sign-alg")
_LONGEST_ID = 64


class PhoneRoute(APIRoute):
    """Limited by address; refusals are told in the app's form: ``{"errormessage": …}``."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                api_of(request).limits.phone.require(client_of(request.scope))
                return await handle(request)
            except (DomainError, SigningError, StorageError) as error:
                return _refused(error)

        return told


router = APIRouter(prefix="/sima", tags=["sima"], route_class=PhoneRoute, include_in_schema=False)


@router.get("/{operation_id}/")
async def data(operation_id: str, request: Request) -> JSONResponse:
    """What the phone is to sign."""
    cases, call = _cases(request), await _called(request)
    name, content = await run_in_threadpool(_data, cases, _known(operation_id), call)
    answer = {"filename": name, "data": b64encode(content).decode()}
    return JSONResponse(answer, headers={"cache-control": "no-store"})


@router.post("/{operation_id}/callback")
async def callback(operation_id: str, request: Request) -> JSONResponse:
    """What the phone has signed."""
    cases, call = _cases(request), await _called(request)
    await run_in_threadpool(_answer, cases, _known(operation_id), call)
    return JSONResponse({"status": "success"}, headers={"cache-control": "no-store"})


def _data(cases: SimaCases, operation_id: str, call: Called) -> tuple[str, bytes]:
    if cases.authentication.knows(operation_id):
        return cases.authentication.data(operation_id, call)
    served = cases.serve_file(operation_id, call)
    return served.name, served.data


def _answer(cases: SimaCases, operation_id: str, call: Called) -> None:
    if cases.authentication.knows(operation_id):
        cases.authentication.answer(operation_id, call)
        return
    _require_done(cases.answer(operation_id, call))


def _require_done(operation: SigningOperation) -> None:
    """A phone that asks again after its file was accepted is told the same; one whose file was refused, or that comes
    too late, is told why."""
    if operation.state is OperationState.DONE:
        return
    if operation.state is OperationState.EXPIRED:
        raise DomainError("sima.expired")
    raise DomainError(operation.code or "sima.finished")


def _cases(request: Request) -> SimaCases:
    cases = api_of(request).service.sima
    if cases is None:
        raise NotFoundError("sima.disabled")
    return cases


def _known(operation_id: str) -> str:
    if len(operation_id) > _LONGEST_ID:
        raise NotFoundError("sima.unknown_operation")
    return operation_id


async def _called(request: Request) -> Called:
    """The call as it came over the wire: the path and query are what the phone signed, so they are not normalised."""
    path, query = request.scope["raw_path"], request.scope["query_string"]
    target = path + b"?" + query if query else path
    headers = {name: request.headers.get(name, "") for name in _HEADERS}
    return Called(request.method, target.decode("latin-1"), headers, await request.body())


def _refused(error: DomainError | SigningError | StorageError) -> JSONResponse:
    """The code of the interface's table, the text in Azerbaijani, as the app's people read it."""
    problem = Problem.of(error)
    fault = problem.faults[0]
    text = catalog("az").text(fault.code if problem.status < 500 else "internal.error", fault.params)
    headers = {**problem.headers, "cache-control": "no-store"} if isinstance(error, ApiError) else None
    return JSONResponse({"errormessage": text, "code": fault.code}, problem.status, headers)

"""``doc-service sign``: sign one document with a key on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.archive import find
from doc_service.cli.context import DataOption, JsonOption, existing_service
from doc_service.cli.files import read_bytes
from doc_service.cli.output import refusals, result, tell
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.signatures import RequestState, SignatureRequest
from signing.api import Level, SigningKey

if TYPE_CHECKING:
    from doc_service.bootstrap import Container
    from doc_service.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the document stands after signing. ``waiting``: persons who have not signed yet."""

    request: SignatureRequest
    document: Document
    waiting: int

    @property
    def wanted(self) -> str:
        """The level that is due now: each signature's own, then the finished document's."""
        document = self.document
        return document.signature_level if document.state is DocumentState.SIGNING else document.final_level

    @property
    def level(self) -> str:
        """The level reached: the signature's own, then the newest revision's."""
        if self.document.state is DocumentState.SIGNING or self.document.head is None:
            return self.request.level or ""
        return self.document.head.level or ""

    @property
    def pending(self) -> bool:
        """Whether something is still to be added when services outside answer again (DESIGN 5)."""
        reached = Level(self.level).rank if self.level else -1
        return self.document.state is DocumentState.SIGNED or reached < Level(self.wanted).rank

    def view(self) -> dict[str, Any]:
        return {
            "request": self.request.id,
            "field": self.request.field,
            "level": self.request.level,
            "revision": self.request.revision,
            "document_state": str(self.document.state),
            "document_level": self.document.head.level if self.document.head else None,
            "waiting": self.waiting,
            "extension_pending": self.pending,
        }


def sign(
    document: Annotated[str, typer.Argument(help="Document id or registration number.")],
    person: Annotated[str, typer.Option("--as", help="Id of the person who signs.")],
    p12: Annotated[Path | None, typer.Option(help="PKCS#12 file.")] = None,
    pkcs11: Annotated[Path | None, typer.Option(help="PKCS#11 module of the token.")] = None,
    token: Annotated[str, typer.Option(help="Label of the token.")] = "",
    key: Annotated[str, typer.Option(help="Label of the key on the token.")] = "",
    pin_env: Annotated[str, typer.Option(help="Environment variable that holds the PIN; else it is asked.")] = "",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show, consent, prepare and complete, as a remote signer would; the certificate must be the person's own."""
    with refusals(as_json=as_json):
        if (p12 is None) == (pkcs11 is None):
            raise DomainError("cli.one_key", "p12")
        settings = existing_service(data)
        from doc_service.bootstrap import open_container

        with open_container(settings) as service:
            with service.work.uow.reading() as uow:
                request = _request(uow, find(uow, document).id, person)
            opened = _key(p12, pkcs11, token, key, _pin(pin_env))
            try:
                signed = service.use_cases.sign_with_key(request.id, opened, person)
            finally:
                opened.close()
            outcome = _finish(service, signed)
    if as_json:
        result(outcome.view())
    else:
        _tell(outcome)


def _finish(service: Container, signed: SignatureRequest) -> Outcome:
    """Runs the work that is due now. What waits for a service that is down is left to a later run."""
    service.run_due_jobs()
    with service.work.uow.reading() as uow:
        requests = uow.signatures.of_document(signed.document_id)
        waiting = sum(r.state is not RequestState.SIGNED for r in requests)
        return Outcome(signed, uow.documents.get(signed.document_id), waiting)


def _tell(outcome: Outcome) -> None:
    document, request = outcome.document, outcome.request
    number = document.registration.number if document.registration else document.id
    tell("cli.signed", field=request.field, signer=request.signer.name.full, level=request.level or "")
    tell("cli.state", number=number, state=str(document.state), level=outcome.level)
    if outcome.waiting:
        tell("cli.waiting", count=outcome.waiting)
    if outcome.pending:
        tell("cli.extension_pending", wanted=outcome.wanted, level=outcome.level)


def _request(uow: UnitOfWork, document_id: str, person: str) -> SignatureRequest:
    for request in uow.signatures.of_document(document_id):
        if request.signer.id == person:
            return request
    raise NotFoundError("signature_request.not_found", "as", request=person)


def _pin(variable: str) -> str:
    if not variable:
        try:
            return str(typer.prompt("PIN", hide_input=True, err=True))
        except typer.Abort:
            raise DomainError("cli.pin_not_given", "pin_env") from None
    if variable not in os.environ:
        raise DomainError("cli.no_pin", "pin_env", variable=variable)
    return os.environ[variable]


def _key(p12: Path | None, module: Path | None, token: str, label: str, pin: str) -> SigningKey:
    from doc_service.bootstrap import pkcs11_key, pkcs12_key

    if p12 is not None:
        return pkcs12_key(read_bytes(p12), pin)
    assert module is not None
    return pkcs11_key(module, token, pin, label)

"""``doc-service sign``: sign one document with a key on this machine."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from doc_service.bootstrap import open_container
from doc_service.bootstrap.keys import pkcs11_key, pkcs12_key
from doc_service.cli.archive import find
from doc_service.cli.context import DataOption, JsonOption, load_settings
from doc_service.cli.files import read_bytes
from doc_service.cli.output import refusals, result, say
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.signatures import SignatureRequest
from doc_service.ports import UnitOfWork
from signing.api import SigningKey

_FINISHING = timedelta(seconds=30)


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
    with refusals(as_json=as_json), open_container(load_settings(data)) as service:
        with service.work.uow.reading() as uow:
            request = _request(uow, find(uow, document).id, person)
        opened = _key(p12, pkcs11, token, key, _pin(pin_env))
        try:
            signed = service.use_cases.sign_with_key(request.id, opened, person)
        finally:
            opened.close()
        service.runner.run_until_idle(_FINISHING)
        with service.work.uow.reading() as uow:
            state = uow.documents.get(signed.document_id).state
    if as_json:
        result({"request": signed.id, "level": signed.level, "revision": signed.revision, "document_state": str(state)})
    else:
        say(f"{signed.field}: {signed.level}; {state}")


def _request(uow: UnitOfWork, document_id: str, person: str) -> SignatureRequest:
    for request in uow.signatures.of_document(document_id):
        if request.signer.id == person:
            return request
    raise NotFoundError("signature_request.not_found", "as", request=person)


def _pin(variable: str) -> str:
    if not variable:
        return str(typer.prompt("PIN", hide_input=True, err=True))
    if variable not in os.environ:
        raise DomainError("cli.no_pin", "pin_env", variable=variable)
    return os.environ[variable]


def _key(p12: Path | None, module: Path | None, token: str, label: str, pin: str) -> SigningKey:
    if (p12 is None) == (module is None):
        raise DomainError("cli.one_key", "p12")
    if p12 is not None:
        return pkcs12_key(read_bytes(p12), pin)
    assert module is not None
    return pkcs11_key(module, token, pin, label)

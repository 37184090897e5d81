"""``doc-service agent``: signs with a key on this computer, for the command line or for the service's web page.

Exit codes: 0 everything is signed; 1 something is not (declined, or refused by the service); 2 the input cannot be
used (key, PIN, address); 3 the service gives no answer.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.context import JsonOption
from doc_service.cli.output import faults_of, refusals, report_faults, result, say, tell
from doc_service.domain.errors import ConflictError, DomainError

if TYPE_CHECKING:
    from doc_service.agent.confirm import Confirmer, TerminalConfirmer
    from doc_service.agent.keys import KeySource
    from doc_service.agent.reading import Read
    from doc_service.agent.service_client import Asked, ServiceClient
    from doc_service.agent.sign_documents import Outcome
    from signing.api import SigningKey

app = typer.Typer(help="Sign with a key on this computer.", no_args_is_help=True)
NOT_ALL = 1
NO_ANSWER = 3

P12Option = Annotated[Path | None, typer.Option("--pkcs12", help="PKCS#12 file with key and certificate.")]
ModuleOption = Annotated[Path | None, typer.Option("--pkcs11", help="PKCS#11 module of the token.")]
LabelOption = Annotated[str, typer.Option("--label", help="Label of the token.")]
KeyOption = Annotated[str, typer.Option("--key", help="Label of the key, when the token has several.")]
PinEnvOption = Annotated[str, typer.Option(help="Environment variable that holds the PIN; else it is asked.")]
CaOption = Annotated[Path | None, typer.Option("--ca", help="PEM of the authority of the service's TLS certificate.")]


@app.command()
def sign(
    service: Annotated[str, typer.Option(help="Address of the service.")],
    document: Annotated[list[str] | None, typer.Option(help="Id of a document or request; may be repeated.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that waits for my signature.")] = False,
    pkcs12: P12Option = None,
    pkcs11: ModuleOption = None,
    label: LabelOption = "",
    key: KeyOption = "",
    pin_env: PinEnvOption = "",
    token_env: Annotated[str, typer.Option(help="Variable with a session token; else the key logs in.")] = "",
    yes: Annotated[list[str] | None, typer.Option(help="SHA-256 agreed to beforehand; nothing is asked then.")] = None,
    save: Annotated[Path | None, typer.Option(help="Folder for the documents; else a fresh one.")] = None,
    open_viewer: Annotated[bool, typer.Option("--open", help="Open each document for reading.")] = False,
    ca: CaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read what waits for you, agree, and sign it: the PIN is asked once for all documents."""
    with _answers(as_json=as_json):
        if everything == bool(document):
            raise DomainError("agent.which_documents", "document")
        session = _Session.begin(service, _source(pkcs12, pkcs11, label, key), pin_env, token_env, ca)
        with session:
            folder = save or Path(tempfile.mkdtemp(prefix="doc-service-"))
            shown = session.show(document or [], folder, opens=open_viewer)
            agreed = session.agree(shown, {digest.strip().lower() for digest in yes or []})
            outcomes = session.sign(agreed)
    _report(shown, outcomes, as_json=as_json)


@app.command()
def serve(
    service: Annotated[list[str], typer.Option(help="Address of a service that may ask; may be repeated.")],
    pkcs12: P12Option = None,
    pkcs11: ModuleOption = None,
    label: LabelOption = "",
    key: KeyOption = "",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port; else the first free one.")] = None,
    pin_minutes: Annotated[float, typer.Option(min=0.1, max=480, help="How long the key stays open.")] = 10,
    window: Annotated[bool, typer.Option("--window", help="Ask in windows instead of the terminal.")] = False,
) -> None:
    """Lend the key to the web page of a service: on 127.0.0.1 alone, each signing agreed to here."""
    with refusals():
        from doc_service.agent.confirm import terminal_kept
        from doc_service.agent.local_server import LocalAgent, listening
        from doc_service.agent.origins import origin_of

        origins = frozenset(origin_of(url) for url in service)
        source, confirmer = _source(pkcs12, pkcs11, label, key), _confirmer(window=window)
        agent = LocalAgent(source, confirmer, origins, pin_minutes * 60)
        with listening(port) as listener, agent.server(listener) as server, server.ended_by_signals(), terminal_kept():
            tell("agent.listening", port=listener.getsockname()[1], origins=", ".join(sorted(origins)))
            server.run(sockets=[listener])


@dataclass
class _Session:
    """One run of ``sign``: the service, and the key once it is needed."""

    client: ServiceClient
    confirmer: TerminalConfirmer
    source: KeySource
    pin_env: str
    opened: SigningKey | None = None

    @classmethod
    def begin(cls, service: str, source: KeySource, pin_env: str, token_env: str, ca: Path | None) -> _Session:
        """Logs in with the session token, or else with the key."""
        from doc_service.agent.confirm import TerminalConfirmer
        from doc_service.agent.http_client import HttpClient
        from doc_service.agent.service_client import ServiceClient

        session = cls(ServiceClient(HttpClient(service, ca=ca)), TerminalConfirmer(), source, pin_env)
        try:
            if token_env:
                session.client.use_token(_secret(token_env))
            else:
                session.client.log_in(session.key())
        except BaseException:
            session.__exit__()
            raise
        return session

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        if self.opened is not None:
            self.opened.close()

    def key(self) -> SigningKey:
        if self.opened is None:
            pin = _secret(self.pin_env) if self.pin_env else self.confirmer.pin(self.source.label)
            if pin is None:
                raise DomainError("cli.pin_not_given", "pin_env")
            self.opened = self.source.open(pin)
        return self.opened

    def show(self, wanted: Sequence[str], folder: Path, *, opens: bool) -> list[Read]:
        """Fetches and saves what is to be read. Raises ``DomainError`` "agent.nothing_waits" (document)."""
        from doc_service.agent.reading import Reader

        waiting = self.client.requests()
        for name in wanted:
            if not any(_is(name, asked) for asked in waiting):
                raise DomainError("agent.nothing_waits", "document", document=name)
        chosen = [asked for asked in waiting if not wanted or any(_is(name, asked) for name in wanted)]
        reader = Reader(folder, opens)
        return [reader(asked, self.client.shown(asked.id)) for asked in chosen]

    def agree(self, shown: Sequence[Read], beforehand: set[str]) -> list[Read]:
        """What the person agrees to, read one by one; with digests given beforehand, exactly those."""
        from doc_service.agent.confirm import ShownDocument

        if beforehand:
            return [read for read in shown if read.shown.sha256 in beforehand]
        agreed = []
        for read in shown:
            tell("agent.saved", path=str(read.path))
            for words in read.shown.agreement:
                say(words)
            document = ShownDocument(read.asked.id, read.asked.name, read.shown.sha256)
            if self.confirmer.agrees(self.client.origin, [document]):
                agreed.append(read)
        return agreed

    def sign(self, agreed: Sequence[Read]) -> list[Outcome]:
        from doc_service.agent.sign_documents import SignDocuments

        def waiting(read: Read, position: int) -> None:
            tell("agent.waits_for_turn", document=read.asked.document_id, position=position)

        if not agreed:
            return []
        return SignDocuments(self.client, time.monotonic, time.sleep, waiting)(agreed, self.key())


def _is(name: str, asked: Asked) -> bool:
    return name in (asked.id, asked.document_id)


@contextmanager
def _answers(*, as_json: bool) -> Iterator[None]:
    """As ``refusals``, with exit code 3 where the service gives no answer and 1 where it says no."""
    from doc_service.agent.http_client import RefusedError, UnreachableError

    with refusals(as_json=as_json):
        try:
            yield
        except (RefusedError, UnreachableError) as error:
            report_faults(error.faults, as_json=as_json)
            raise typer.Exit(NO_ANSWER if isinstance(error, UnreachableError) else NOT_ALL) from None


def _report(shown: Sequence[Read], outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """Says how each document ended, and ends the program with what that comes to."""
    from doc_service.agent.http_client import UnreachableError

    ended = {outcome.read.asked.id: outcome for outcome in outcomes}
    if as_json:
        result({"documents": [_view(read, ended.get(read.asked.id)) for read in shown]})
    else:
        for read in shown:
            _tell(read, ended.get(read.asked.id))
    if any(isinstance(outcome.error, UnreachableError) for outcome in outcomes):
        raise typer.Exit(NO_ANSWER)
    if len(ended) < len(shown) or any(outcome.error for outcome in outcomes):
        raise typer.Exit(NOT_ALL)


def _tell(read: Read, outcome: Outcome | None) -> None:
    if outcome is None:
        tell("agent.not_signed", document=read.asked.document_id)
        return
    if outcome.answer is not None:
        tell("agent.document_signed", document=read.asked.document_id, sha256=read.shown.sha256)
    if outcome.error is not None:
        say(f"{read.asked.document_id}:")
        report_faults(faults_of(outcome.error), as_json=False)


def _view(read: Read, outcome: Outcome | None) -> dict[str, Any]:
    error = outcome.error if outcome else ConflictError("agent.declined", "")
    return {
        "request": read.asked.id,
        "document": read.asked.document_id,
        "sha256": read.shown.sha256,
        "path": str(read.path),
        "signed": outcome is not None and outcome.answer is not None,
        "tries": outcome.tries if outcome else 0,
        "error": None if error is None else getattr(error, "reason", error.code),
    }


def _source(p12: Path | None, module: Path | None, label: str, key: str) -> KeySource:
    """Raises ``DomainError`` "agent.one_key"."""
    from doc_service.agent.keys import Pkcs11Source, Pkcs12Source

    if (p12 is None) == (module is None) or (module is not None and not label):
        raise DomainError("agent.one_key", "pkcs12")
    return Pkcs12Source(p12) if p12 is not None else Pkcs11Source(module or Path(), label, key)


def _confirmer(*, window: bool) -> Confirmer:
    """Raises ``DomainError`` "agent.no_display"."""
    from doc_service.agent.confirm import TerminalConfirmer

    if not window:
        return TerminalConfirmer()
    from doc_service.agent.window import WindowConfirmer, require_display

    require_display()
    return WindowConfirmer(TerminalConfirmer())


def _secret(variable: str) -> str:
    if variable not in os.environ:
        raise DomainError("cli.no_pin", "pin_env", variable=variable)
    return os.environ[variable]

"""What the benches of remote signing stand on: members with certificates of a certification centre in a process of its
own, and documents that wait for their signatures.

Documents are twins of one registered protocol. Their original is a four-page protocol, converted in this run, with
``FIELDS`` signature fields; SQLite and the write-once archive as in the embedded default, B-B and so without TSA.
"""

from __future__ import annotations

import base64
import hashlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from benchmarks.bench_conversion import sample_docx
from doc_service.bootstrap import Container, open_container
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentState, Revision
from doc_service.domain.people import Person
from doc_service.domain.principals import AccountRole, Means
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.office import OfficePool
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.services.access.open_account import NewAccount
from doc_service.settings import Settings
from doc_service.system import SystemClock
from signing.api import FieldBox, SigningKey
from signing.appearance_font import AppearanceFont
from signing.fields import PdfFieldPlacer
from signing.keys.pkcs12 import Pkcs12Key
from storage.keys import revision_key
from tools.production import PROGRAM, subject
from tools.servers.process import Process, free_port, listens
from tools.servers.provider import PIN, Provider
from tools.swarm.crowd import SECRETARIAT, crowd, enter

FIELDS = 30
_LAST_PAGE = 3
_RENDERED = timedelta(seconds=120)


@dataclass
class Members:
    """``people`` can all sign. ``sessions``: bearer tokens by person."""

    place: Path
    people: Sequence[Person]
    provider: Provider
    original: bytes
    sessions: dict[str, str] = field(default_factory=dict)
    model: Document | None = None
    requests: Sequence[SignatureRequest] = ()
    _keys: dict[str, SigningKey] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """By name in lower case, without the prefix."""
        limits = {f"rate_{name}": "0" for name in ("per_address", "per_account", "logins", "phones")}
        return {
            **limits,
            "data_dir": str(self.place / "data"),
            "pki": "trusted",
            "trust_dir": str(self.provider.trust_dir),
            "tsa_url": self.provider.tsa_url,
            "signature_level": "B-B",
        }

    @property
    def environment(self) -> dict[str, str]:
        return {f"DOC_SERVICE_{name.upper()}": value for name, value in self.settings.items()}

    def service_settings(self) -> Settings:
        return Settings.model_validate(self.settings)

    def key(self, person: Person) -> SigningKey:
        """Opened once: a person's device does it before it is asked for a signature."""
        if person.id not in self._keys:
            self._keys[person.id] = Pkcs12Key.load(self.provider.key_file(person.fin).read_bytes(), PIN)
        return self._keys[person.id]

    def begin(self, service: Container) -> None:
        """Accounts with a session, and the protocol that the documents are twins of."""
        group = crowd(FIELDS, baku_date(SystemClock().now()))
        (name,) = enter(service, group, 1)
        for person in self.people[FIELDS:]:
            given = NewAccount(
                login=person.id, display_name=person.name.full, roles=frozenset({AccountRole.MEMBER}),
                person_id=person.id, fin=person.fin, email=person.email,
            )  # fmt: skip
            service.access.open_account(given, SECRETARIAT)
        with service.work.uow.reading() as uow:
            accounts = {p.id: uow.accounts.of_person(p.id)[0] for p in self.people}
        for person_id, account in accounts.items():
            self.sessions[person_id] = service.access.start_session(account.id, Means.PASSWORD_TOTP).secret
        service.runner.run_until_idle(_RENDERED)
        with service.work.uow.reading() as uow:
            self.model, self.requests = uow.documents.get(name), uow.signatures.of_document(name)

    def document(self, service: Container, name: str, signers: Sequence[Person]) -> list[SignatureRequest]:
        """One more document, which ``signers`` (at most ``FIELDS``) have read and agreed to sign."""
        assert self.model is not None
        assert self.model.head is not None
        head = self._stored(service, name, self.model.head)
        now = service.work.clock.now()
        asked = [
            replace(
                like, id=f"{name}-{number}", document_id=name, field=_field(number), signer=person, order=1,
                state=RequestState.OPEN, opened_at=now, version=0,
            )
            for number, (like, person) in enumerate(zip(self.requests, signers, strict=False))
        ]  # fmt: skip
        with service.work.uow() as uow:
            uow.documents.add(replace(self.model, id=name, version=0, head=head, state=DocumentState.SIGNING))
            uow.documents.add_revision(head)
            for request in asked:
                uow.signatures.add(request)
            uow.commit()
        return [service.use_cases.consent_to_sign(r.id, head.sha256, r.signer.id) for r in asked]

    def _stored(self, service: Container, name: str, like: Revision) -> Revision:
        sha256 = hashlib.sha256(self.original).hexdigest()
        key = revision_key(name, 0, sha256)
        service.store.put_new(key, self.original, sha256=sha256)
        return replace(like, document_id=name, key=key, sha256=sha256, size=len(self.original))


@contextmanager
def opened_members(place: Path, count: int) -> Iterator[Members]:
    """``count`` members (at least ``FIELDS``), with their certification centre running."""
    place.chmod(0o755)
    people = crowd(max(count, FIELDS), baku_date(SystemClock().now())).people
    provider = Provider(place / "provider", [subject(person) for person in people])
    provider.start()
    try:
        yield Members(place, people, provider, four_pages())
    finally:
        provider.stop()


def four_pages() -> bytes:
    """The protocol of ``bench_conversion`` as tagged PDF/A-3b, with ``FIELDS`` fields on its last page."""
    with OfficePool(1, OfficeSettings(prefix=network_prefix()), time.monotonic) as pool:
        pdf = pool.convert(sample_docx())
    boxes = [
        FieldBox(_field(n), _LAST_PAGE, 50 + n % 3 * 170, 60 + n // 3 * 55, 160, 50, f"İmza {n + 1}")
        for n in range(FIELDS)
    ]
    return PdfFieldPlacer(AppearanceFont.load()).place(pdf, boxes)


@contextmanager
def opened_service(members: Members) -> Iterator[Container]:
    """In this process, for the use cases themselves and for entering documents; nothing runs in the background."""
    with open_container(members.service_settings()) as service:
        yield service


@contextmanager
def served(members: Members, *command: str, **more: str) -> Iterator[tuple[str, Process]]:
    """The address of a served process over the members' data, and the process. ``command``: another program than
    ``doc-service up``; ``more``: further settings."""
    port = free_port()
    environment = {**members.environment, "DOC_SERVICE_PORT": str(port)}
    environment |= {f"DOC_SERVICE_{name.upper()}": value for name, value in more.items()}
    program = list(command) or [str(PROGRAM), "up"]
    log = members.place / "served.log"
    with Process("served", program, lambda: listens(port), log=log, environment=environment) as process:
        yield f"http://127.0.0.1:{port}", process


def device(key: SigningKey) -> dict[str, Any]:
    """What a device tells of itself when a signature is prepared over the interface."""
    return {"certificate": _text(key.certificate), "chain": [_text(issuer) for issuer in key.chain]}


def signed(key: SigningKey, prepared: Any) -> dict[str, str]:
    """A device's answer to what was prepared."""
    raw = key.sign(base64.b64decode(prepared["to_be_signed"]), prepared["algorithm"])
    return {"signature": _text(raw), "prepared_sha256": prepared["prepared_sha256"]}


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50_ms": round(1000 * statistics.median(seconds), 1), "p95_ms": round(1000 * p95(seconds), 1)}


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def used(process: psutil.Process) -> float:
    """Seconds of the processor that a process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _field(number: int) -> str:
    return f"imza{number + 1}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

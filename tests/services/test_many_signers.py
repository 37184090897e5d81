"""Fifty persons sign one document at once, with their own P-256 keys, lost leases, repeated and late completes: exactly
fifty signatures, on every database."""

from __future__ import annotations

import hashlib
import random
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.domain.documents import DocumentState, Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.people import Person, PersonName
from doc_service.domain.signatures import PreparedSigning, RequestState, SignatureRequest
from doc_service.domain.signing_queue import QueuePatience
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.complete_signature import CompleteSignature
from doc_service.services.consent_to_sign import ConsentToSign
from doc_service.services.place_in_queue import PlaceInQueue
from doc_service.services.policy import SigningPolicy
from doc_service.services.prepare_signature import PrepareSignature
from doc_service.services.show_document import ShowDocument
from doc_service.system import RandomIds
from signing.api import FieldBox, Level
from signing.appearance_font import AppearanceFont
from signing.certificates import X509Checker
from signing.devpki import Holder
from signing.engine import PyHankoEngine
from signing.fields import PdfFieldPlacer
from signing.keys.pkcs12 import Pkcs12Key
from storage.filesystem import FilesystemStore
from storage.keys import revision_key
from tests.persistence import samples
from tests.pki_fixtures import RunningPki, SystemClock

pytestmark = pytest.mark.slow

SIGNERS = 50
LOSE = frozenset(range(0, SIGNERS, 9))
"""Who lets the lease run out once after preparing, and comes back late with that signature."""
REPEAT = frozenset(range(1, SIGNERS, 3))
"""Who gets no answer to the first complete, and repeats it from two windows at once."""
BASE = Path(__file__).parents[1] / "signing" / "data" / "base.pdf"
DEADLINE = 120.0
SHORT = timedelta(milliseconds=700)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def person(number: int) -> Person:
    fin = f"8K{_ALPHABET[number // 34]}{_ALPHABET[number % 34]}2C4"
    return Person(f"p{number}", PersonName("Əliyev", f"Üzv{number}", "Kamal oğlu"), fin, "KOBİA", "şöbə müdiri")


@pytest.fixture(scope="module")
def keys(session_pki: RunningPki) -> list[Pkcs12Key]:
    people = [person(n) for n in range(SIGNERS)]
    return [
        session_pki.person(Holder(p.fin, p.name.surname, p.name.given, p.name.patronymic, p.organisation))
        for p in people
    ]


@pytest.fixture(scope="module")
def original() -> bytes:
    """Fifty empty fields on the second page."""
    boxes = [
        FieldBox(f"sig_{n:02d}", 1, 40 + (n % 5) * 104, 60 + (n // 5) * 62, 100, 56, f"{n}-ci üzv")
        for n in range(SIGNERS)
    ]
    return PdfFieldPlacer(AppearanceFont.load()).place(BASE.read_bytes(), boxes)


@dataclass
class Room:
    """The use cases, the people and what happened."""

    units: SqlUnitOfWorkFactory
    store: FilesystemStore
    show: ShowDocument
    consent: ConsentToSign
    prepare: PrepareSignature
    complete: CompleteSignature
    place: PlaceInQueue
    keys: list[Pkcs12Key]
    lost: int = 0

    def sit(self, number: int) -> SignatureRequest:
        """One person, from reading to the answer."""
        request, actor = f"r{number}", f"p{number}"
        shown = self.show(request, actor)
        self.consent(request, shown.revision.sha256, actor)
        if number in LOSE:
            self._lose(number)
        return self._complete(number, self._prepared(number, timedelta(seconds=20)))

    def _prepared(self, number: int, hold: timedelta) -> PreparedSigning:
        """Waits in the queue until it is this person's turn."""
        key, request, actor = self.keys[number], f"r{number}", f"p{number}"
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            try:
                return self.prepare(request, key.certificate, key.chain, actor, hold)
            except ConflictError as busy:
                if busy.code not in ("lease.busy", "lease.lost"):
                    raise
            while not (place := self.place(request, actor)).your_turn and place.position:
                time.sleep(min(0.4, 0.02 * place.position) + random.random() * 0.02)
        raise TimeoutError(f"{actor} starves in the queue")

    def _lose(self, number: int) -> None:
        prepared = self._prepared(number, SHORT)
        late = self._signature(number, prepared)
        time.sleep(SHORT.total_seconds() * 1.5)
        taken = self._prepared_by_another(prepared)
        if taken:
            self.lost += 1
            with pytest.raises(ConflictError, match=r"lease\.lost"):
                self.complete(f"r{number}", late, f"p{number}")

    def _prepared_by_another(self, prepared: PreparedSigning) -> bool:
        with self.units.reading() as unit:
            lease = unit.signatures.lease("d1")
        return lease is not None and lease.token != prepared.lease_token

    def _complete(self, number: int, prepared: PreparedSigning) -> SignatureRequest:
        signature = self._signature(number, prepared)

        def send() -> SignatureRequest:
            return self.complete(f"r{number}", signature, f"p{number}", prepared_sha256=prepared.sha256)

        if number not in REPEAT:
            return send()
        answers = _at_once(send, 2)
        assert answers[0] == answers[1] == send()
        return answers[0]

    def _signature(self, number: int, prepared: PreparedSigning) -> bytes:
        return self.keys[number].sign(prepared.to_be_signed, prepared.signature_algorithm)


def _at_once(send: Callable[[], SignatureRequest], times: int) -> list[SignatureRequest]:
    barrier = threading.Barrier(times)

    def one() -> SignatureRequest:
        barrier.wait(timeout=30)
        return send()

    with ThreadPoolExecutor(times) as pool:
        return [f.result(timeout=60) for f in [pool.submit(one) for _ in range(times)]]


@pytest.fixture
def room(database: Engine, tmp_path: Path, session_pki: RunningPki, keys: list[Pkcs12Key], original: bytes) -> Room:
    units, clock = samples.fill(database), SystemClock()
    store = FilesystemStore(tmp_path / "archive", clock)
    work = Workspace(units, clock, RandomIds())
    trust = session_pki.trust
    engine = PyHankoEngine(
        AppearanceFont.load(), None, transport=None, roots=trust.roots_der, intermediates=trust.others_der,
        clock=clock,
    )  # fmt: skip
    checker = X509Checker(trust, None)
    patience = QueuePatience(timedelta(seconds=5), timedelta(seconds=5))
    policy = SigningPolicy(Level.B_B, Level.B_B, timedelta(seconds=20), development=True, queue=patience)
    _open(units, store, original)
    return Room(
        units, store, ShowDocument(work, store), ConsentToSign(work),
        PrepareSignature(work, store, engine, checker, policy), CompleteSignature(work, store, engine, checker),
        PlaceInQueue(work, policy), keys,
    )  # fmt: skip


def _open(units: SqlUnitOfWorkFactory, store: FilesystemStore, original: bytes) -> None:
    """Document d1 with fifty open requests."""
    sha256 = hashlib.sha256(original).hexdigest()
    key = revision_key("d1", 0, sha256)
    store.put_new(key, original, sha256=sha256)
    now = SystemClock().now()
    revision = Revision("d1", 0, RevisionKind.UNSIGNED, key, sha256, len(original), now)
    with units() as unit:
        unit.documents.add_revision(revision)
        paper = replace(unit.documents.get("d1"), state=DocumentState.SIGNING, head=revision, signature_level="B-B")
        unit.documents.save(paper)
        for n in range(SIGNERS):
            unit.signatures.add(
                SignatureRequest(f"r{n}", "d1", 1, f"sig_{n:02d}", "üzv", person(n), RequestState.OPEN, opened_at=now)
            )
        unit.commit()


def test_fifty_at_once_are_fifty_signatures(room: Room, tmp_path: Path) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(SIGNERS) as pool:
        answers = [f.result(timeout=DEADLINE) for f in [pool.submit(room.sit, n) for n in range(SIGNERS)]]
    took = time.monotonic() - began
    assert {a.state for a in answers} == {RequestState.SIGNED}
    with room.units.reading() as unit:
        document, revisions = unit.documents.get("d1"), unit.documents.revisions("d1")
        records, events = unit.signing.records("d1"), unit.audit.of_subject("document", "d1")
        assert unit.signing.queue("d1") == ()
    assert document.state is DocumentState.SIGNED
    assert [r.number for r in revisions] == list(range(SIGNERS + 1))
    assert sorted(r.request_id for r in records) == sorted(f"r{n}" for n in range(SIGNERS))
    done = [e.details for e in events if e.action == "signature.completed"]
    assert sorted(e["request"] for e in done) == sorted(f"r{n}" for n in range(SIGNERS))
    assert sum(e.action == "signing.completed" for e in events) == 1
    assert sum(e.action == "signature.consented" for e in events) == SIGNERS, "nobody was asked to read again"
    assert document.head is not None
    final = tmp_path / "final.pdf"
    final.write_bytes(room.store.read(document.head.key))
    judged = subprocess.run(["pdfsig", "-nocert", final], capture_output=True, text=True, check=False).stdout
    assert judged.count("Signature Validation: Signature is Valid.") == SIGNERS, judged[-2000:]
    assert room.lost, "no lease was lost"
    assert took < DEADLINE / 2

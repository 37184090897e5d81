"""Use cases read, decide and write; many do so at once, and the outcome is as if one had come after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import DocumentAction, DocumentState, RevisionKind
from doc_service.domain.signatures import PreparedSigning, SigningLease
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa, VisaAction, VisaState
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.convene_meeting import ConveneMeeting
from doc_service.services.decide_visa import DecideVisa
from doc_service.services.open_journal import OpenJournal
from doc_service.services.record_substitution import RecordSubstitution
from doc_service.services.register_body import RegisterBody
from doc_service.system import RandomIds, SystemClock
from tests.persistence import samples

T = TypeVar("T")
UNITS = ("Hüquq şöbəsi", "Maliyyə şöbəsi", "Kargüzarlıq")


def at_once(steps: Sequence[Callable[[], T]]) -> list[T]:
    """All begin at the same moment; what one of them raises is raised."""
    barrier = threading.Barrier(len(steps))

    def run(step: Callable[[], T]) -> T:
        barrier.wait(30)
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [done.result() for done in [pool.submit(run, step) for step in steps]]


@pytest.fixture
def work(engine: Engine) -> Workspace:
    return Workspace(samples.fill(engine), SystemClock(), RandomIds())


REPEATED: dict[str, tuple[Callable[[Workspace], Callable[[], object]], Action, tuple[str, str]]] = {
    "body": (lambda w: lambda: RegisterBody(w)(samples.body("b2"), "p1"), Action.BODY_REGISTERED, ("body", "b2")),
    "journal": (
        lambda w: lambda: OpenJournal(w)(replace(samples.JOURNAL, code="QR"), "p1"),
        Action.JOURNAL_OPENED,
        ("journal", "QR"),
    ),
    "meeting": (
        lambda w: lambda: ConveneMeeting(w)(samples.meeting(), "p1"),
        Action.MEETING_CONVENED,
        ("meeting", "m1"),
    ),
    "substitution": (
        lambda w: (
            lambda: RecordSubstitution(w)(
                Substitution("s1", "p1", samples.person(2), "12", *(date(2026, 1, 1),) * 3), "p1"
            )
        ),
        Action.SUBSTITUTION_RECORDED,
        ("substitution", "s1"),
    ),
}


@pytest.mark.parametrize("name", REPEATED)
def test_the_same_request_by_many_at_once_is_done_once_and_refused_to_nobody(work: Workspace, name: str) -> None:
    """Each looks first and adds what is not there: there is no row yet to lock."""
    make, action, subject = REPEATED[name]
    outcomes = at_once([make(work)] * 8)
    assert all(outcome == outcomes[0] for outcome in outcomes)
    with work.uow.reading() as unit:
        assert [event.action for event in unit.audit.of_subject(*subject)].count(action) == 1


def test_the_last_of_visas_given_at_once_approves_the_document(work: Workspace) -> None:
    """Of units that decide at the same moment, each must see the others' decisions, or nobody would be the last."""
    names = [f"v{number}" for number in range(12)]
    with work.uow() as unit:
        for name in names:
            unit.documents.add(samples.document(name).moved(DocumentAction.SUBMIT))
            for number, asked in enumerate(UNITS):
                unit.visas.add(Visa(f"{name}-{number}", name, 1, asked))
        unit.commit()
    decide = DecideVisa(work)
    for name in names:
        at_once([lambda asked=asked, name=name: decide(name, asked, VisaAction.GRANT, "p1") for asked in UNITS])  # type: ignore[misc]
    with work.uow.reading() as unit:
        for name in names:
            assert unit.documents.get(name).state is DocumentState.APPROVED
            assert {visa.state for visa in unit.visas.of_document(name)} == {VisaState.GRANTED}
            actions = [event.action for event in unit.audit.of_subject("document", name)]
            assert (actions.count(Action.VISA_GRANTED), actions.count(Action.DOCUMENT_APPROVED)) == (3, 1)


def sign(unit: SqlUnitOfWork, name: str, token: int) -> bool:
    """As the second phase of signing: fence, then the next revision (DESIGN 6)."""
    lease = unit.signatures.lease(name)
    if lease is None or lease.token != token:
        return False
    document = unit.documents.get(name)
    number = document.head.number + 1 if document.head else 0
    made = replace(samples.revision(number, name), kind=RevisionKind.SIGNATURE, key=f"{name}/{number}")
    unit.documents.add_revision(made)
    unit.documents.save(replace(document, head=made))
    unit.signatures.release_lease(name, token, samples.NOW)
    return True


def test_signers_in_a_crowd_append_one_after_the_other(engine: Engine) -> None:
    """Ten sign two documents: each takes the lease when it is free, in a unit of its own, and signs in another."""
    units: Any = samples.fill(engine, ["d1", "d2"])
    with units() as unit:
        for name in ("d1", "d2"):
            unit.signatures.add(samples.request(f"r-{name}", document_id=name))
        unit.commit()

    def take(name: str) -> int | None:
        with units() as unit:
            unit.documents.get(name)
            current = unit.signatures.lease(name)
            if current is not None and current.expires_at > samples.NOW:
                return None
            token = 1 + (current.token if current else 0)
            unit.signatures.take_lease(SigningLease(name, token, f"r-{name}", samples.NOW + timedelta(minutes=2)))
            unit.commit()
            return token

    def until_signed(name: str) -> int:
        while True:
            token = take(name)
            if token is None:
                continue
            with units() as unit:
                assert sign(unit, name, token)
                unit.commit()
            return token

    tokens = at_once([lambda name=name: until_signed(name) for name in ["d1", "d2"] * 5])  # type: ignore[misc]
    assert sorted(tokens) == sorted([1, 2, 3, 4, 5] * 2)
    with units.reading() as unit:
        for name in ("d1", "d2"):
            assert [revision.number for revision in unit.documents.revisions(name)] == list(range(5))
            assert (unit.documents.get(name).head.number, unit.documents.get(name).version) == (4, 5)


def test_who_lost_the_lease_while_it_began_to_commit_does_not_sign(engine: Engine) -> None:
    """The fence holds to the end of the unit: nobody can take the lease over after it was looked at."""
    units = samples.fill(engine)
    with units() as unit:
        unit.signatures.add(samples.request())
        unit.signatures.take_lease(SigningLease("d1", 1, "r1", samples.NOW))
        unit.commit()
    looked, order = threading.Event(), []

    def take_over() -> None:
        looked.wait(30)
        with SqlUnitOfWorkFactory(engine)() as unit:
            unit.documents.get("d1")
            unit.signatures.take_lease(SigningLease("d1", 2, "r1", samples.NOW))
            order.append("taken over")
            unit.commit()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(take_over)
        with units() as unit:
            assert unit.signatures.lease("d1") == SigningLease("d1", 1, "r1", samples.NOW)
            looked.set()
            with pytest.raises(TimeoutError):
                other.result(0.5)
            assert sign(unit, "d1", 1)
            order.append("signed")
            unit.commit()
        other.result(30)
    assert order == ["signed", "taken over"]


def test_a_preparation_put_by_many_at_once_is_one(engine: Engine) -> None:
    units = samples.fill(engine)
    with units() as unit:
        unit.signatures.add(samples.request())
        unit.commit()

    def put(token: int) -> None:
        with units() as unit:
            unit.signatures.put_prepared(
                PreparedSigning("r1", "d1", token, 0, "ab" * 32, b"tbs", "ecdsa", b"cert", b"state", samples.NOW)
            )
            unit.commit()

    at_once([lambda token=token: put(token) for token in range(8)])  # type: ignore[misc]
    with units.reading() as unit:
        prepared = unit.signatures.prepared("r1")
    assert prepared is not None
    assert prepared.lease_token in range(8)

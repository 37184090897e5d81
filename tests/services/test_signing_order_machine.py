"""Any sequence of signing, declining, withdrawing, substituting and reopening: nobody signs out of order, the file
carries exactly the signatures of the signed requests, and nothing opens twice (004 §5.1)."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import JobKind
from doc_service.domain.signatures import PreparedSigning, RequestState, SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from tests.services.desk import SECRETARY, TODAY, Desk, stranger
from tests.services.standins_signing import signed_lines

R, D = RequestState, DocumentState
PLACES = st.integers(0, 4)
_FINISHED = (R.SIGNED, R.WITHDRAWN)


class SigningLife(RuleBasedStateMachine):
    """A protocol of five: the head, then the deputy, then three together."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.engine = make_engine(f"sqlite:///{self.directory.name}/main.db")
        migrate(self.engine)
        self.desk = Desk(self.engine, Path(self.directory.name), stands_without=True)
        self.left_waiting: set[str] = set()
        self.prepared: list[PreparedSigning] = []
        self.substitutions: list[Substitution] = []
        self.orders = 0

    def teardown(self) -> None:
        self.engine.dispose()
        self.directory.cleanup()

    @initialize()
    def open(self) -> None:
        self.desk.open(5)

    def request(self, place: int) -> SignatureRequest:
        return self.desk.requests()[place]

    def turn(self, request: SignatureRequest) -> bool:
        """By the rules alone: everybody before is done, and this one is not."""
        before = [r for r in self.desk.requests() if r.order < request.order]
        done = all(r.state in _FINISHED for r in before)
        return done and request.state not in (*_FINISHED, R.DECLINED)

    @rule(place=PLACES)
    def sign(self, place: int) -> None:
        request = self.request(place)
        lease_free = self._lease_free(request)
        may = self.turn(request) and self.desk.document().state is D.SIGNING and lease_free
        try:
            self.desk.sign(request.id)
        except DomainError:
            assert not may, "refused although it was the person's turn"
        else:
            assert may or request.state is R.SIGNED, "signed out of turn"

    @rule()
    def sign_whose_turn_it_is(self) -> None:
        """Further than chance alone comes."""
        for request in self.desk.requests():
            if self.turn(request) and self._lease_free(request) and self.desk.document().state is D.SIGNING:
                assert self.desk.sign(request.id).state is R.SIGNED
                return

    def _lease_free(self, request: SignatureRequest) -> bool:
        with self.desk.units.reading() as unit:
            lease = unit.signatures.lease("doc")
            queue = unit.signing.queue("doc")
        held = lease is not None and lease.holds(self.desk.clock.now()) and lease.request_id != request.id
        return not held and not [w for w in queue if w.request_id != request.id]

    @rule(place=PLACES)
    def prepare_only(self, place: int) -> None:
        request = self.request(place)
        with suppress(DomainError):
            self.desk.agree(request.id)
            self.prepared.append(self.desk.prepared(request.id))

    @precondition(lambda self: self.prepared)
    @rule(data=st.data())
    def complete_late(self, data: st.DataObject) -> None:
        prepared = data.draw(st.sampled_from(self.prepared))
        with suppress(Exception):
            self.desk.completed(prepared)

    @rule()
    def time_passes(self) -> None:
        self.desk.clock.move(timedelta(minutes=3))

    @rule(place=PLACES)
    def decline(self, place: int) -> None:
        request = self.request(place)
        with suppress(DomainError):
            self.desk.decline(request.id, "səbəb", request.signer.id)

    @rule(place=PLACES)
    def reopen(self, place: int) -> None:
        with suppress(DomainError):
            self.desk.reopen(self.request(place).id, "səbəb", SECRETARY)

    @rule(place=PLACES)
    def leave_out(self, place: int) -> None:
        request = self.request(place)
        allowed = request.state is R.DECLINED and request.order > 1
        try:
            self.desk.go_on_without(request.id, "səbəb", SECRETARY)
        except DomainError:
            assert not allowed
        else:
            assert allowed

    @rule(place=PLACES)
    def substitute(self, place: int) -> None:
        self.orders += 1
        number = self.orders
        absent = self.desk.scenario.body.members[place].person.id
        record = Substitution(
            f"s{number}", absent, stranger(number), f"{number}-K", TODAY, TODAY, TODAY + timedelta(days=5)
        )
        self.substitutions.append(self.desk.substitute(record, SECRETARY))
        self.pass_on()

    @precondition(lambda self: self.substitutions)
    @rule()
    def end_substitution(self) -> None:
        record = self.substitutions.pop()
        self.desk.end_substitution(record.id, record.since - timedelta(days=1), "qayıtdı", SECRETARY)
        self.pass_on()

    def pass_on(self) -> None:
        with suppress(DomainError):
            self.desk.transfer.settle("doc")

    @precondition(lambda self: len(self.desk.events()) > 25)
    @rule()
    def withdraw(self) -> None:
        state = self.desk.document().state
        try:
            self.desk.withdraw("doc", "səbəb", SECRETARY)
        except DomainError:
            assert state is D.SIGNED, "withdrawn only before the last signature"

    @invariant()
    def nobody_is_out_of_order(self) -> None:
        requests = self.desk.requests()
        for request in requests:
            if request.state in (R.OPEN, R.CONSENTED, R.DECLINED, R.SIGNED):
                assert all(r.state in _FINISHED for r in requests if r.order < request.order)

    @invariant()
    def the_file_carries_what_the_requests_say(self) -> None:
        document = self.desk.document()
        if document.head is None:
            return
        lines = signed_lines(self.desk.store.read(document.head.key))
        signed = sorted((r for r in self.desk.requests() if r.state is R.SIGNED), key=lambda r: r.revision or 0)
        assert [line["field"] for line in lines] == [r.field for r in signed]
        for line, request in zip(lines, signed, strict=True):
            assert isinstance(line["shown"], list)
            assert line["shown"][0] == request.signer.name.full
            assert any("əvəzinə" in text for text in line["shown"]) is bool(request.in_place_of)
        records = self.desk.records("doc")
        assert [r.request_id for r in records] == [r.id for r in signed]
        done = [e for e in self.desk.events() if e.action == "signature.completed"]
        assert [e.details["record_sha256"] for e in done] == [r.sha256 for r in records]

    @invariant()
    def nothing_opens_twice(self) -> None:
        for request in self.desk.requests():
            if request.state is not R.WAITING:
                self.left_waiting.add(request.id)
            else:
                assert request.id not in self.left_waiting

    @invariant()
    def the_document_says_how_far_it_is(self) -> None:
        document, requests = self.desk.document(), self.desk.requests()
        declined = any(r.state is R.DECLINED for r in requests)
        standing = [r for r in requests if r.state is not R.WITHDRAWN]
        if document.state is not D.WITHDRAWN:
            assert (document.state is D.REFUSED) is declined
            assert (document.state is D.SIGNED) is all(r.state is R.SIGNED for r in standing)
        ended = [e for e in self.desk.events() if e.action == "signing.completed"]
        assert len(ended) == (document.state is D.SIGNED)
        with self.desk.units.reading() as unit:
            assert sum(j.kind is JobKind.EXTEND for j in unit.jobs.pending()) == len(ended)


TestSigningLife = SigningLife.TestCase
TestSigningLife.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
"""Every step writes to disk: making a failure shorter would take minutes, and its steps are printed anyway."""


def test_the_machine_sees_a_signature_out_of_turn() -> None:
    """So that invariants which hold of everything cannot pass."""
    machine = SigningLife()
    try:
        machine.open()
        last = machine.request(4)
        with machine.desk.units() as unit:
            unit.signatures.save(replace(last, state=R.OPEN))
            unit.commit()
        try:
            machine.nobody_is_out_of_order()
        except AssertionError:
            return
        raise AssertionError("not seen")
    finally:
        machine.teardown()

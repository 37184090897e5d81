"""The life of documents, signature requests and visas, walked at random (004 §5.1; INSTRUMENTS §2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from doc_service.domain.documents import DOCUMENT_TRANSITIONS, Document, DocumentAction, DocumentState, TemplateRef
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import REQUEST_TRANSITIONS, RequestAction, RequestState, SignatureRequest
from doc_service.domain.transitions import TransitionTable
from doc_service.domain.visas import VISA_TRANSITIONS, Visa, VisaAction, VisaState
from tests.domain.domain_builders import person

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
D, DA, R, RA = DocumentState, DocumentAction, RequestState, RequestAction
TABLES: list[tuple[TransitionTable[Any, Any], Any, type[Any], type[Any], set[Any]]] = [
    (DOCUMENT_TRANSITIONS, D.DRAFT, D, DA, {D.WITHDRAWN, D.ANNULLED}),
    (REQUEST_TRANSITIONS, R.WAITING, R, RA, {R.SIGNED, R.WITHDRAWN}),
    (VISA_TRANSITIONS, VisaState.PENDING, VisaState, VisaAction, {VisaState.GRANTED, VisaState.RETURNED}),
]


@pytest.mark.parametrize(
    ("table", "start", "states", "actions", "terminal"), TABLES, ids=lambda v: getattr(v, "name", None)
)
def test_every_state_is_reached_and_the_ends_are_the_ends(
    table: TransitionTable[Any, Any], start: Any, states: type[Any], actions: type[Any], terminal: set[Any]
) -> None:
    reached = {start}
    while grown := {table.next(s, a) for s in reached for a in actions if table.allows(s, a)} - reached:
        reached |= grown
    assert reached == set(states)
    assert {s for s in states if not any(table.allows(s, a) for a in actions)} == terminal


@pytest.mark.parametrize(
    ("table", "start", "states", "actions", "terminal"), TABLES, ids=lambda v: getattr(v, "name", None)
)
def test_whatever_is_not_in_the_table_is_refused(
    table: TransitionTable[Any, Any], start: Any, states: type[Any], actions: type[Any], terminal: set[Any]
) -> None:
    for state in states:
        for action in actions:
            if table.allows(state, action):
                assert table.next(state, action) in states
                continue
            with pytest.raises(ConflictError) as caught:
                table.next(state, action)
            expected = {"aggregate": table.name, "state": str(state), "action": str(action)}
            assert (caught.value.code, caught.value.faults[0].params) == ("state.not_allowed", expected)


class DocumentLife(RuleBasedStateMachine):
    """A document under any sequence of actions."""

    def __init__(self) -> None:
        super().__init__()
        template = TemplateRef("kq-protokol.v1", "0" * 64)
        self.document = Document("d", "kq-protokol", "Protokol", "kq", None, {}, template, "KQ-01", NOW)
        self.done: list[DocumentAction] = []
        self.past = [self.document.state]

    @rule(action=st.sampled_from(DocumentAction))
    def act(self, action: DocumentAction) -> None:
        before = self.document
        try:
            self.document = before.moved(action, title="Yeni ad")
        except ConflictError:
            assert not DOCUMENT_TRANSITIONS.allows(before.state, action)
            assert self.document is before
        else:
            self.done.append(action)
            self.past.append(self.document.state)

    @rule()
    def advance(self) -> None:
        """The main road, so that walks reach the late states too."""
        road = [DA.REVISE, DA.SUBMIT, DA.APPROVE, DA.REGISTER, DA.OPEN_SIGNING, DA.RESUME, DA.COMPLETE_SIGNING]
        road += [DA.ENTER_FORCE, DA.ARCHIVE]
        step = next((a for a in road if DOCUMENT_TRANSITIONS.allows(self.document.state, a)), None)
        if step is not None:
            self.act(step)

    @invariant()
    def signed_only_after_visa_number_and_signing(self) -> None:
        """004 §5.1.8–5.1.9: visas, then a number, then signatures."""
        if D.SIGNED in self.past:
            last = [max(n for n, a in enumerate(self.done) if a is step) for step in _ROAD]
            assert last == sorted(last)

    @invariant()
    def withdrawn_and_annulled_never_come_back(self) -> None:
        for final in (D.WITHDRAWN, D.ANNULLED):
            if final in self.past:
                assert self.past.index(final) == len(self.past) - 1

    @invariant()
    def withdrawn_only_before_and_annulled_only_after_the_last_signature(self) -> None:
        signed = D.SIGNED in self.past
        assert not (signed and D.WITHDRAWN in self.past)
        assert signed or D.ANNULLED not in self.past

    @invariant()
    def a_number_is_given_once(self) -> None:
        assert self.done.count(DA.REGISTER) <= 1

    @invariant()
    def in_force_once_signed_and_archived_once_in_force(self) -> None:
        assert self.done.count(DA.COMPLETE_SIGNING) <= 1
        assert D.ARCHIVED not in self.past or D.IN_FORCE in self.past


_ROAD = (DA.SUBMIT, DA.APPROVE, DA.REGISTER, DA.OPEN_SIGNING, DA.COMPLETE_SIGNING)


class RequestLife(RuleBasedStateMachine):
    """A signature request under any sequence of actions."""

    def __init__(self) -> None:
        super().__init__()
        self.request = SignatureRequest("r", "d", 1, "sig_1", "Üzv", person("m1"))
        self.consented = False
        self.signed_at_step: int | None = None
        self.steps = 0

    @rule(action=st.sampled_from(RequestAction))
    def act(self, action: RequestAction) -> None:
        before = self.request
        try:
            self.request = before.moved(action)
        except ConflictError:
            assert not REQUEST_TRANSITIONS.allows(before.state, action)
            return
        self.steps += 1
        assert not (action is RA.SIGN and not self.consented), "signed without agreeing to what was shown"
        self.consented = action is RA.CONSENT
        if action is RA.SIGN:
            self.signed_at_step = self.steps

    @precondition(lambda self: self.request.state is R.WAITING)
    @rule()
    def open(self) -> None:
        self.act(RA.OPEN)

    @precondition(lambda self: self.request.state is R.OPEN)
    @rule()
    def consent(self) -> None:
        self.act(RA.CONSENT)

    @invariant()
    def a_signature_is_never_undone(self) -> None:
        if self.signed_at_step is not None:
            assert self.request.state is R.SIGNED
            assert self.signed_at_step == self.steps


TestDocumentLife = DocumentLife.TestCase
TestRequestLife = RequestLife.TestCase
TestDocumentLife.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestRequestLife.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


@given(
    st.lists(st.tuples(st.sampled_from(VisaAction), st.sampled_from(["", "  ", "3-cü bənd natamamdır"])), max_size=5)
)
def test_a_visa_is_decided_once_and_returned_only_with_a_reason(steps: list[tuple[VisaAction, str]]) -> None:
    """004 §5.1.10: a faulty draft goes back with the reasons."""
    visa = Visa("v", "d", 1, "Hüquq şöbəsi")
    for action, reason in steps:
        decided = visa.state is not VisaState.PENDING
        bare = action is VisaAction.RETURN and not reason.strip()
        if bare or decided:
            with pytest.raises(DomainError) as caught:
                visa.decide(action, "u", NOW, reason)
            assert caught.value.code == ("visa.reason_required" if bare else "state.not_allowed")
            continue
        visa = visa.decide(action, "u", NOW, reason)
        assert (visa.decided_by, visa.decided_at, visa.reason) == ("u", NOW, reason)


@given(st.sampled_from(DocumentState), st.sampled_from(DocumentAction))
def test_a_refused_step_leaves_the_document_as_it_was(state: DocumentState, action: DocumentAction) -> None:
    template = TemplateRef("kq-protokol.v1", "0" * 64)
    document = Document("d", "kq-protokol", "Protokol", "kq", None, {}, template, "KQ-01", NOW, state)
    copy = replace(document)
    if not DOCUMENT_TRANSITIONS.allows(state, action):
        with pytest.raises(ConflictError):
            document.moved(action)
    assert document == copy

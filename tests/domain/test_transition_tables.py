"""The life of documents, signature requests and visas, walked at random (004 §5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from doc_service.domain.accounts import ACCOUNT_TRANSITIONS, AccountAction, AccountState
from doc_service.domain.clusters.accession import ACCESSION_TRANSITIONS, AccessionAction, AccessionState
from doc_service.domain.clusters.clusters import (
    CLUSTER_TRANSITIONS,
    PARTICIPATION_TRANSITIONS,
    PROJECT_TRANSITIONS,
    ClusterAction,
    ClusterState,
    ParticipationAction,
    ParticipationState,
    ProjectAction,
    ProjectState,
)
from doc_service.domain.documents import DOCUMENT_TRANSITIONS, Document, DocumentAction, DocumentState, TemplateRef
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.recommendations import (
    RECOMMENDATION_TRANSITIONS,
    RecommendationAction,
    RecommendationState,
)
from doc_service.domain.signatures import REQUEST_TRANSITIONS, RequestAction, RequestState, SignatureRequest
from doc_service.domain.transitions import TransitionTable
from doc_service.domain.visas import VISA_TRANSITIONS, Visa, VisaAction, VisaState
from tests.domain.domain_builders import person

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
D, DA, R, RA = DocumentState, DocumentAction, RequestState, RequestAction
TABLES: list[tuple[TransitionTable[Any, Any], Any, type[Any], type[Any], set[Any]]] = [
    (DOCUMENT_TRANSITIONS, D.DRAFT, D, DA, {D.WITHDRAWN, D.ANNULLED}),
    (REQUEST_TRANSITIONS, R.WAITING, R, RA, {R.SIGNED, R.WITHDRAWN}),
    (ACCOUNT_TRANSITIONS, AccountState.ACTIVE, AccountState, AccountAction, set()),
    (RECOMMENDATION_TRANSITIONS, RecommendationState.OPEN, RecommendationState, RecommendationAction, set()),
    (VISA_TRANSITIONS, VisaState.PENDING, VisaState, VisaAction, {VisaState.GRANTED, VisaState.RETURNED}),
    (CLUSTER_TRANSITIONS, ClusterState.FORMING, ClusterState, ClusterAction, {ClusterState.DISSOLVED}),
    (
        PARTICIPATION_TRANSITIONS,
        ParticipationState.ACTIVE,
        ParticipationState,
        ParticipationAction,
        {ParticipationState.LEFT, ParticipationState.EXCLUDED},
    ),
    (
        PROJECT_TRANSITIONS,
        ProjectState.PROPOSED,
        ProjectState,
        ProjectAction,
        {ProjectState.COMPLETED, ProjectState.DROPPED},
    ),
    (
        ACCESSION_TRANSITIONS,
        AccessionState.OPENED,
        AccessionState,
        AccessionAction,
        {AccessionState.ENTERED, AccessionState.REFUSED, AccessionState.WITHDRAWN},
    ),
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


def walks(table: TransitionTable[Any, Any], start: Any, actions: type[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Every walk from ``start`` that uses no step twice, as (actions done, states passed): few, and all of them."""
    stack: list[tuple[list[Any], list[Any]]] = [([], [start])]
    while stack:
        done, past = stack.pop()
        yield done, past
        used = set(zip(past, done, strict=False))
        for action in actions:
            if table.allows(past[-1], action) and (past[-1], action) not in used:
                stack.append(([*done, action], [*past, table.next(past[-1], action)]))


_ROAD = (DA.SUBMIT, DA.APPROVE, DA.REGISTER, DA.OPEN_SIGNING, DA.COMPLETE_SIGNING, DA.ENTER_FORCE, DA.ARCHIVE)
_UNSIGNED_ROAD = (DA.SUBMIT, DA.APPROVE, DA.REGISTER, DA.ISSUE, DA.ARCHIVE)
"""Of what nobody signs (001 §5.6.3)."""


def judge_document(done: Sequence[DocumentAction], past: Sequence[DocumentState]) -> None:
    """What holds of every life of a document (004 §5.1.8–5.1.11); a return begins its road anew."""
    for final in (D.WITHDRAWN, D.ANNULLED):
        assert final not in past[:-1], f"{final} came back"
    whole, back = done, max((n for n, action in enumerate(done) if action is DA.RETURN), default=-1)
    done = done[back + 1 :]
    issued = DA.ISSUE in done
    signed = D.SIGNED in past
    road = _UNSIGNED_ROAD if issued else _ROAD
    assert not (issued and (signed or D.SIGNING in past)), "what nobody signs was signed"
    assert not ((signed or issued) and D.WITHDRAWN in past), "withdrawn after the last signature"
    assert signed or issued or D.ANNULLED not in past, "annulled before the last signature"
    for step in road[2:]:
        assert done.count(step) <= 1, f"{step} twice"
    taken = [max(n for n, action in enumerate(done) if action is step) for step in road if step in done]
    reached = max((n for n, step in enumerate(road) if step in done), default=-1)
    assert len(taken) == reached + 1, "a step of the road was left out"
    assert DA.APPROVE not in done or taken == sorted(taken), "visas, then a number, then signatures, then force"
    assert (past[-1] is D.REFUSED) is (bool(whole) and whole[-1] is DA.REFUSE)


def judge_request(done: Sequence[RequestAction], past: Sequence[RequestState]) -> None:
    """A signature follows an agreement to what was shown, and is never undone (DESIGN 7)."""
    for final in (R.SIGNED, R.WITHDRAWN):
        assert final not in past[:-1], f"{final} came back"
    for n, action in enumerate(done):
        assert not (action is RA.SIGN and (n == 0 or done[n - 1] is not RA.CONSENT)), "signed without agreeing"
        assert not (action is RA.CONSENT and RA.OPEN not in done[:n]), "agreed before it was one's turn"


def test_every_life_of_a_document_keeps_the_order_of_the_law() -> None:
    lives = list(walks(DOCUMENT_TRANSITIONS, D.DRAFT, DA))
    assert {past[-1] for _, past in lives} == set(D)
    for done, past in lives:
        judge_document(done, past)


def test_every_life_of_a_signature_request() -> None:
    lives = list(walks(REQUEST_TRANSITIONS, R.WAITING, RA))
    assert {past[-1] for _, past in lives} == set(R)
    for done, past in lives:
        judge_request(done, past)


class DocumentLife(RuleBasedStateMachine):
    """A document under any sequence of actions, allowed ones and others."""

    def __init__(self) -> None:
        super().__init__()
        template = TemplateRef("kq-protokol.v1", "0" * 64)
        self.document = Document("d", "kq-protokol", "Protokol", "kq", None, {}, template, "KQ-01", NOW)
        self.done: list[DocumentAction] = []
        self.past = [self.document.state]

    def act(self, action: DocumentAction) -> None:
        before = self.document
        try:
            self.document = before.moved(action, title=f"Ad {len(self.done)}")
        except ConflictError:
            assert not DOCUMENT_TRANSITIONS.allows(before.state, action)
            return
        assert self.document.title == f"Ad {len(self.done)}"
        assert before.state is self.past[-1]
        self.done.append(action)
        self.past.append(self.document.state)

    @rule(action=st.sampled_from(DocumentAction))
    def try_any_action(self, action: DocumentAction) -> None:
        if action is not DA.WITHDRAW:
            self.act(action)

    @rule(data=st.data())
    def take_an_allowed_step(self, data: st.DataObject) -> None:
        allowed = [a for a in DA if DOCUMENT_TRANSITIONS.allows(self.document.state, a)]
        if allowed:
            self.act(data.draw(st.sampled_from(allowed)))

    @invariant()
    def the_order_of_the_law_is_kept(self) -> None:
        judge_document(self.done, self.past)


class RequestLife(RuleBasedStateMachine):
    """A signature request under any sequence of actions, allowed ones and others."""

    def __init__(self) -> None:
        super().__init__()
        self.request = SignatureRequest("r", "d", 1, "sig_1", "Üzv", person("m1"))
        self.done: list[RequestAction] = []
        self.past = [self.request.state]

    def act(self, action: RequestAction) -> None:
        before = self.request
        try:
            self.request = before.moved(action)
        except ConflictError:
            assert not REQUEST_TRANSITIONS.allows(before.state, action)
            return
        self.done.append(action)
        self.past.append(self.request.state)

    @rule(action=st.sampled_from(RequestAction))
    def try_any_action(self, action: RequestAction) -> None:
        if action is not RA.WITHDRAW:
            self.act(action)

    @rule(data=st.data())
    def take_an_allowed_step(self, data: st.DataObject) -> None:
        allowed = [a for a in RA if REQUEST_TRANSITIONS.allows(self.request.state, a)]
        if allowed:
            self.act(data.draw(st.sampled_from(allowed)))

    @invariant()
    def signatures_are_agreed_and_final(self) -> None:
        judge_request(self.done, self.past)


TestDocumentLife = DocumentLife.TestCase
TestRequestLife = RequestLife.TestCase
TestDocumentLife.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestRequestLife.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


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

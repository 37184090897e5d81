"""Acts and texts from a protocol, recommendations, appeals, duties (001 §3.1.1, §5)."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, Named, View, named
from doc_service.domain.duties import Duty
from doc_service.domain.recommendations import Answer, RecommendationAction, RecommendationOutcome
from doc_service.instruments.fields import Identifier, Line, Number, OptionalProse, Prose
from doc_service.instruments.group.kq_mektub import Executor, LetterAnnex
from doc_service.services.recommendations.make_appeal import AppealWanted
from doc_service.services.recommendations.record_outcome import OutcomeSaid
from doc_service.services.recommendations.standing import Standing


class ActInput(Input):
    """Which agenda item the act is made of; its kind is the item's (001 §5.10)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"item": 2}]})

    id: Identifier | None = Field(default=None, description="Yours, so that a repeated request is recognised")
    item: Number


class SummaryInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "derc-2026-4"}]})

    id: Identifier | None = Field(default=None, description="Yours, so that a repeated request is recognised")


class AnswerInput(Input):
    """The state body's letter."""

    number: Line
    dated: date


class OutcomeInput(Input):
    """What became of the recommendation. Before its term is over, "disregard" needs the body's letter."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "action": "disregard",
                    "on": "2027-02-08",
                    "reason": "Dövlət orqanı tövsiyənin icrasından imtina etmişdir.",
                    "answer": {"number": "12-04/318", "dated": "2027-02-03"},
                }
            ]
        }
    )

    action: RecommendationAction
    on: date
    reason: OptionalProse = Field(max_length=2000)
    answer: AnswerInput | None = None

    def to_domain(self) -> OutcomeSaid:
        answer = Answer(self.answer.number, self.answer.dated) if self.answer else None
        return OutcomeSaid(self.action, self.on, self.reason, answer)


class AppealInput(Input):
    """The secretariat's part of the appeal; what it cites comes from the records (001 §3.1.1)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "Məsələyə baxılmasını və tövsiyənin icrasının təminini xahiş edirik."}]
        }
    )

    id: Identifier | None = Field(default=None, description="Yours, so that a repeated request is recognised")
    text: Prose
    subject: Line | None = None
    annexes: tuple[LetterAnnex, ...] = Field(default=(), max_length=100)
    executor: Executor | None = None
    by_deputy: bool = Field(default=False, description="The deputy signs for the absent head (001 §5.4)")

    def to_domain(self) -> AppealWanted:
        wanted = AppealWanted(
            self.text,
            annexes=[a.model_dump(mode="json") for a in self.annexes],
            executor=self.executor.model_dump(mode="json") if self.executor else None,
            by_deputy=self.by_deputy,
        )
        return (
            wanted
            if self.subject is None
            else AppealWanted(wanted.text, self.subject, wanted.annexes, wanted.executor, wanted.by_deputy)
        )


class OutcomeView(View):
    """One record; ``recorded_by`` is empty for whoever neither keeps nor audits the register."""

    id: str
    action: RecommendationAction
    state: Named
    on: date
    reason: str
    answer_number: str
    answer_dated: date | None
    recorded_at: datetime
    recorded_by: str


class AppealView(View):
    id: str
    number: str
    registered_on: date


class RecommendationView(View):
    """A recommendation in force. ``why_not``: the code of what stands against an appeal today ("": nothing)."""

    document_id: str
    number: str
    registered_on: date
    subject: str
    addressees: list[str]
    term: date | None
    state: Named
    appealable: bool
    why_not: str
    appeals: list[AppealView]
    outcomes: list[OutcomeView]


class RecommendationList(View):
    items: list[RecommendationView]


class DutyView(View):
    """What the body owes: ``due_on`` is the last day for it, ``clause`` what says so."""

    kind: Named
    period: str
    year: int
    opens_on: date | None
    due_on: date
    clause: str
    state: Named


class DutyList(View):
    items: list[DutyView]


def recommendation_view(standing: Standing, *, personal: bool) -> RecommendationView:
    document = standing.document
    assert document.registration is not None
    return RecommendationView(
        document_id=document.id,
        number=document.registration.number,
        registered_on=document.registration.registered_on,
        subject=document.data["item"]["title"],
        addressees=list(document.data["addressees"]),
        term=standing.term,
        state=named("recommendation", str(standing.state)),
        appealable=standing.appealable,
        why_not=standing.why_not,
        appeals=[
            AppealView(id=a.id, number=a.registration.number, registered_on=a.registration.registered_on)
            for a in standing.appeals
            if a.registration
        ],
        outcomes=[outcome_view(o, personal=personal) for o in standing.outcomes],
    )


def outcome_view(outcome: RecommendationOutcome, *, personal: bool) -> OutcomeView:
    return OutcomeView(
        id=outcome.id,
        action=outcome.action,
        state=named("recommendation", str(outcome.state)),
        on=outcome.on,
        reason=outcome.reason,
        answer_number=outcome.answer.number if outcome.answer else "",
        answer_dated=outcome.answer.dated if outcome.answer else None,
        recorded_at=outcome.at,
        recorded_by=outcome.actor if personal else "",
    )


def duty_view(duty: Duty) -> DutyView:
    return DutyView(
        kind=named("duty", str(duty.kind)),
        period=duty.period,
        year=duty.year,
        opens_on=duty.opens_on,
        due_on=duty.due_on,
        clause=duty.clause,
        state=named("duty_state", str(duty.state)),
    )

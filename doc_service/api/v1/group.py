"""The Coordination Group's work after a meeting: acts, public text, recommendations, appeal, report, duties."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.idempotency import NewId
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.api.v1.schemas.group import (
    ActInput,
    AppealInput,
    DutyList,
    OutcomeInput,
    OutcomeView,
    RecommendationList,
    RecommendationView,
    SummaryInput,
    duty_view,
    outcome_view,
    recommendation_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.civil_time import baku_date
from doc_service.instruments.fields import Identifier
from doc_service.instruments.group.isler_nomenklaturu import IslerNomenklaturu

making: APIRouter = guarded_router("/v1/documents/{document_id}", "documents")
router: APIRouter = guarded_router("/v1/recommendations", "recommendations")
of_body: APIRouter = guarded_router("/v1/bodies/{body_id}", "bodies")

RecommendationId = Annotated[Identifier, Path(description="The recommendation's document id")]
BodyId = Annotated[Identifier, Path(description="The body's id")]
Year = Annotated[int, Query(ge=2000, le=2999, description="A calendar year")]


@making.post(
    "/acts",
    status_code=201,
    response_model=DocumentDetail,
    summary="Draft the act of one agenda item of a signed protocol (001 §5.9.4, §5.10)",
    responses=problems(
        "document.not_found", "act.no_such_item", "act.not_adopted", "protocol.not_one", "protocol.not_signed"
    ),
)
def make_act(document_id: DocumentId, wanted: ActInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    """The protocol is cited by number, date and digest; one that is not signed by everybody is refused."""
    guard.document(document_id, Permission.DOCUMENT_WRITE)
    made = guard.use.group.make_act(document_id, wanted.item, wanted.id or new_id("document"), guard.actor)
    return answered(request, made, 201)


@making.post(
    "/summary",
    status_code=201,
    response_model=DocumentDetail,
    summary="Draft the public text of a signed protocol, restricted items left out (001 §5.6.3)",
    responses=problems("document.not_found", "protocol.not_one", "protocol.not_signed"),
)
def make_summary(
    document_id: DocumentId, wanted: SummaryInput, guard: TheGuard, request: Request, new_id: NewId
) -> Response:
    guard.document(document_id, Permission.DOCUMENT_WRITE)
    made = guard.use.group.make_summary(document_id, wanted.id or new_id("document"), guard.actor)
    return answered(request, made, 201)


@router.get(
    "/{document_id}",
    summary="Where a recommendation stands (001 §3.1.1)",
    responses=problems("document.not_found", "recommendation.not_one"),
)
def show(document_id: RecommendationId, guard: TheGuard) -> RecommendationView:
    guard.document(document_id)
    return recommendation_view(guard.use.group.recommendations.one(document_id), personal=guard.personal)


@router.post(
    "/{document_id}/outcomes",
    status_code=201,
    summary="Record that a recommendation was heeded or not (001 §3.1.1)",
    responses=problems(
        "document.not_found", "recommendation.in_term", "recommendation.too_early", "state.not_allowed",
        "recommendation.not_one",
    ),
)  # fmt: skip
def record(document_id: RecommendationId, said: OutcomeInput, guard: TheGuard) -> OutcomeView:
    """Records only grow: a mistaken one is followed by "reopen", with the reason."""
    guard.document(document_id, Permission.DOCUMENT_REGISTER)
    return outcome_view(guard.use.group.record_outcome(document_id, said.to_domain(), guard.actor), personal=True)


@router.post(
    "/{document_id}/appeals",
    status_code=201,
    response_model=DocumentDetail,
    summary="Draft the appeal to the Cabinet of Ministers (001 §3.1.1)",
    responses=problems(
        "document.not_found", "recommendation.not_one", appeal__heeded=409, appeal__in_term=409,
        appeal__not_recorded=409,
    ),
)  # fmt: skip
def appeal(
    document_id: RecommendationId, wanted: AppealInput, guard: TheGuard, request: Request, new_id: NewId
) -> Response:
    """Refused while the recommendation is heeded or open."""
    guard.document(document_id, Permission.DOCUMENT_WRITE)
    letter_id = wanted.id or new_id("document")
    return answered(request, guard.use.group.make_appeal(document_id, wanted.to_domain(), letter_id, guard.actor), 201)


@of_body.get(
    "/recommendations", summary="The body's recommendations in force of one year", responses=problems("body.not_found")
)
def recommendations(body_id: BodyId, year: Year, guard: TheGuard) -> RecommendationList:
    guard.body(body_id)
    found = guard.use.group.recommendations.of_body(body_id, year)
    return RecommendationList(items=[recommendation_view(s, personal=guard.personal) for s in found])


@of_body.get(
    "/duties",
    summary="What the body owes: a meeting each half-year, programme and report (001 §5.9.2, §5.3.1, §5.6.10)",
    responses=problems("body.not_found"),
)
def duties(body_id: BodyId, guard: TheGuard) -> DutyList:
    guard.body(body_id)
    return DutyList(items=[duty_view(d) for d in guard.use.group.duties(body_id)])


@of_body.get(
    "/yearly-report-data",
    summary="The data of a yearly report, counted from the records (001 §5.6.10)",
    responses=problems("body.not_found", "report.year_not_begun", "head.none"),
)
def yearly_report_data(body_id: BodyId, year: Year, guard: TheGuard) -> dict[str, Any]:
    """Ready to be completed with the secretariat's words and drafted as instrument "kq-illik-hesabat"."""
    guard.body(body_id, Permission.BODY_WRITE)
    return guard.use.group.yearly_report(body_id, year)


@of_body.get(
    "/nomenclature-data",
    summary="A proposal of the nomenclature of cases of a year (004 §5.1.11)",
    responses=problems("body.not_found", "head.none"),
)
def nomenclature_data(body_id: BodyId, year: Year, guard: TheGuard) -> dict[str, Any]:
    """The cases of the model list, to be changed and drafted as instrument "isler-nomenklaturu"."""
    body = guard.body(body_id, Permission.BODY_WRITE)
    instrument = guard.api.service.registry.get("isler-nomenklaturu")
    assert isinstance(instrument, IslerNomenklaturu)
    return instrument.from_default(body, year, baku_date(guard.api.service.work.clock.now()))

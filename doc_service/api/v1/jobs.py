"""Long work: what was asked for, how far it is, and why it failed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from doc_service.api.context import Api, TheApi
from doc_service.api.events import STREAM, EventStream, Message, Watched
from doc_service.api.hub import Signal, Topic
from doc_service.api.language import catalog
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import problems
from doc_service.api.problem_table import listed
from doc_service.api.routing import guarded_router
from doc_service.domain.authorisation import Permission
from doc_service.domain.jobs import Job, JobState
from doc_service.messages.catalog import LANGUAGES

router = guarded_router("/v1/jobs", "jobs", ("job.not_found",))
JobId = Annotated[str, Path(max_length=200, description="From the Location of an answer 202")]


class JobFailure(BaseModel):
    """Why the last attempt failed, as a problem (RFC 9457)."""

    type: str
    title: str
    code: str
    status: int
    messages: dict[str, str]


class JobView(BaseModel):
    """``waiting`` for its turn or its time, ``running``, ``done``, or ``failed`` for good."""

    id: str
    kind: str = Field(examples=["render"])
    state: str = Field(examples=["running"], pattern="^(waiting|running|done|failed)$")
    attempts: int = Field(description="Failed attempts so far")
    progress: float = Field(ge=0, le=1, description="1 when it is done")
    document_id: str | None
    created_at: datetime | None
    next_attempt_at: datetime | None = Field(description="When a waiting job is due")
    error: JobFailure | None


def job_view(job: Job) -> JobView:
    state = _state(job)
    return JobView(
        id=job.id,
        kind=str(job.kind),
        state=state,
        attempts=job.attempts,
        progress=1.0 if state == "done" else 0.0,
        document_id=job.payload.get("document_id"),
        created_at=job.created_at,
        next_attempt_at=job.run_after if state == "waiting" else None,
        error=_failure(job.last_error) if state != "done" else None,
    )


def accepted(api: Api, key: str) -> Response:
    """202 for work that the job under ``key`` does; ``Location`` is where to watch it."""
    with api.service.work.uow.reading() as uow:
        job = uow.jobs.find(key)
    if job is None:
        raise LookupError(f"nobody asked for {key}")
    view = job_view(job).model_dump(mode="json")
    return JSONResponse(view, 202, {"location": f"/v1/jobs/{job.id}", "retry-after": "1"})


@router.get("/{job_id}", summary="State of a job")
def show_job(job_id: JobId, api: TheApi, caller: Caller) -> JobView:
    return job_view(_job(api, caller, job_id))


@router.get(
    "/{job_id}/events", summary="Watch a job to its end", response_class=Response,
    responses={**STREAM, **problems("events.too_many", "persistence.unavailable")},
)  # fmt: skip
def watch_job(job_id: JobId, api: TheApi, caller: Caller) -> Response:
    _job(api, caller, job_id)

    def view(signal: Signal) -> Message | None:
        if not isinstance(signal, Job):
            return None
        told = job_view(signal)
        return Message("job", told.model_dump(mode="json"), final=told.state in ("done", "failed"))

    return EventStream(api.hub, Watched(caller.account_id, view, topics=(Topic("job", job_id),)), None)


def _job(api: Api, caller: Caller, job_id: str) -> Job:
    api.service.access.authorise.job(caller, Permission.JOB_READ, job_id)
    with api.service.work.uow.reading() as uow:
        return uow.jobs.get(job_id)


def _state(job: Job) -> str:
    if job.state is JobState.READY:
        return "running" if job.lease_token else "waiting"
    return "done" if job.state is JobState.DONE else "failed"


def _failure(last_error: str) -> JobFailure | None:
    """The stable code alone: what else is kept with a failed job is for operators."""
    if not last_error:
        return None
    code = last_error.split(" ", 1)[0].rstrip(";:")
    status = listed(code)
    if status is None or code not in catalog(LANGUAGES[0]).codes:
        code, status = "internal.error", 500
    texts = {language: catalog(language).text(code) for language in LANGUAGES}
    return JobFailure(type=f"urn:doc-service:{code}", title=code, code=code, status=status, messages=texts)

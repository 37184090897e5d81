"""The interface, version 1: one module an area, each with its router."""

from __future__ import annotations

from fastapi import APIRouter

from doc_service.api.v1 import (
    archive,
    audit,
    bodies,
    documents,
    events,
    files,
    instruments,
    jobs,
    journals,
    meetings,
    request_management,
    requests,
    substitutions,
    verification,
    visas,
)

ROUTERS: tuple[APIRouter, ...] = (
    bodies.router,
    meetings.router,
    instruments.router,
    documents.router,
    files.router,
    visas.router,
    journals.router,
    substitutions.router,
    requests.router,
    request_management.router,
    archive.router,
    verification.router,
    audit.router,
    jobs.router,
    events.router,
)
"""In the order of the description."""

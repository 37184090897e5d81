"""The interface, version 1: one module an area, each with its router."""

from __future__ import annotations

from fastapi import APIRouter

from doc_service.api.v1 import (
    accounts,
    archive,
    audit,
    bodies,
    documents,
    events,
    files,
    identities,
    instruments,
    jobs,
    journals,
    login,
    me,
    meetings,
    operations,
    outside_login,
    request_management,
    requests,
    sessions,
    substitutions,
    tokens,
    verification,
    visas,
    webhooks,
)

ROUTERS: tuple[APIRouter, ...] = (
    login.router,
    login.leaving,
    outside_login.router,
    me.router,
    sessions.router,
    tokens.router,
    accounts.router,
    identities.router,
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
    operations.router,
    operations.ways_router,
    operations.returns_router,
    archive.router,
    verification.router,
    audit.router,
    webhooks.router,
    jobs.router,
    events.router,
)
"""In the order of the description."""

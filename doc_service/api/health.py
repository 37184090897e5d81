"""/health/live and /health/ready: for orchestrators and load balancers. They need no account and show no secret."""

from __future__ import annotations

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from doc_service.observability.health import HealthMonitor

_ASKERS = 4


def health_routes(monitor: HealthMonitor) -> APIRouter:
    """``live`` tells that the process answers, and asks nothing else: a database that is down must not get the service
    restarted. ``ready`` asks every dependency (200, or 503 when a critical one failed) in threads of its own, so that
    probes of a frozen dependency take none from requests."""
    router = APIRouter(prefix="/health", tags=["health"])
    askers: list[CapacityLimiter] = []

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        if not askers:
            askers.append(CapacityLimiter(_ASKERS))
        health = await anyio.to_thread.run_sync(monitor.health, limiter=askers[0])
        return JSONResponse(health.view, 200 if health.ready else 503, {"cache-control": "no-store"})

    return router

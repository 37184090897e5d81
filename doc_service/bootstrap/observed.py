"""What a process counts and traces with, laid around its parts."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version

from prometheus_client import CollectorRegistry

from doc_service.bootstrap.parts import Parts
from doc_service.domain.jobs import JobKind
from doc_service.observability.metered import (
    Handler,
    MeteredChecker,
    MeteredEngine,
    MeteredRenderer,
    MeteredStore,
    observed_handlers,
)
from doc_service.observability.metrics import Metrics
from doc_service.observability.tracing import open_tracing
from doc_service.observability.watch import Watch
from doc_service.rendering.renderer import OfficeRenderer
from doc_service.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Observability:
    """What a process counts and traces with. ``registry``: what it would serve."""

    watch: Watch
    registry: CollectorRegistry

    def parts(self, parts: Parts) -> Parts:
        """``Decorate``: the parts, counted, timed and traced."""
        inner = parts.renderer
        hosts = (lambda: inner.hosts) if isinstance(inner, OfficeRenderer) else tuple
        return replace(
            parts,
            renderer=MeteredRenderer(inner, self.watch, hosts),
            engine=MeteredEngine(parts.engine, self.watch),
            checker=MeteredChecker(parts.checker, self.watch),
            store=MeteredStore(parts.store, self.watch),
        )

    def handlers(self, handlers: Mapping[JobKind, Handler]) -> dict[JobKind, Handler]:
        """Handlers of jobs: each run is a stage and a span, and its logs name the job and the document."""
        return observed_handlers(handlers, self.watch)

    def note_fallback(self, key: str, reason: str) -> None:
        """``on_fallback`` of the reserve centre."""
        self.watch.metrics.fallback_reads.inc()
        _log.warning("read from the reserve centre: %s (%s)", key, reason)


@contextmanager
def open_observability(
    settings: Settings, *, service: str, registry: CollectorRegistry | None = None
) -> Iterator[Observability]:
    """``service``: "api", "worker" or "beat". Open it in the process that works, after ``fork``."""
    registry = registry or CollectorRegistry()
    release = version("doc-service")
    tracing = open_tracing(
        settings.otel_endpoint, service=f"doc-service-{service}", version=release, instance=socket.gethostname()
    )
    try:
        yield Observability(Watch(Metrics(registry, version=release, service=service), tracing), registry)
    finally:
        tracing.close()

"""Times a piece of work, counts its end and opens its span: what all wrappers share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from doc_service.observability.metrics import Metrics
from doc_service.observability.tracing import Attribute, NoTracing, Span, Start, Tracing, code_of


@dataclass(frozen=True, slots=True)
class Watch:
    """``monotonic`` gives seconds."""

    metrics: Metrics
    tracing: Tracing = NoTracing()  # noqa: RUF009 - it holds nothing
    monotonic: Callable[[], float] = time.perf_counter

    @contextmanager
    def stage(self, name: str, attributes: Mapping[str, Attribute] | None = None) -> Iterator[Span]:
        """A stage of a document's way: histogram ``stage_seconds`` and a span of that name."""
        began = self.monotonic()
        outcome = "ok"
        try:
            with self.tracing.span(name, attributes, Start(statements=True)) as span:
                yield span
        except BaseException as error:
            outcome = "failed" if isinstance(error, Exception) else "interrupted"
            raise
        finally:
            self.metrics.stage_seconds.labels(name, outcome).observe(self.monotonic() - began)

    @contextmanager
    def storage(self, store: str, operation: str) -> Iterator[None]:
        """An operation of a store. A missing object is an answer, not a failure."""
        began = self.monotonic()
        try:
            with self.tracing.span(f"storage.{operation}", {"doc_service.store": store}, Start("client")):
                yield
        except Exception as error:
            if (code := code_of(error)) != "storage.not_found":
                self.metrics.storage_failures.labels(store, operation, code).inc()
            raise
        finally:
            self.metrics.storage_seconds.labels(store, operation).observe(self.monotonic() - began)

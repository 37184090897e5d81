"""Spans, when an OTLP endpoint is set; without one nothing of OpenTelemetry is loaded and nothing is measured.

Attributes are identifiers, kinds, counts and codes: no personal data, no texts of exceptions, no addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from doc_service.observability.context import bound
from doc_service.observability.statements import counting

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

Attribute = str | int | float | bool
_FROM_CONTEXT: Mapping[str, str] = {
    "document": "doc_service.document.id",
    "job": "doc_service.job.id",
    "kind": "doc_service.job.kind",
    "request": "http.request.id",
}


class Span(Protocol):
    def set(self, name: str, value: Attribute) -> None: ...

    def fail(self, code: str) -> None:
        """Marks the span as failed: ``code`` of one of our errors, or the type of another."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """How a span begins. ``headers``: W3C ``traceparent``/``tracestate`` of whoever asked. ``kind``: "server",
    "consumer", "client" or "internal". ``statements``: whether the database statements within are counted."""

    kind: str = "internal"
    headers: Mapping[str, str] = field(default_factory=dict)
    statements: bool = False


_PLAIN = Start()


class Tracing(Protocol):
    @property
    def on(self) -> bool: ...

    def span(
        self, name: str, attributes: Mapping[str, Attribute] | None = None, start: Start = _PLAIN
    ) -> AbstractContextManager[Span]: ...

    def close(self) -> None:
        """Sends what waits, for some seconds at most."""
        ...


class _NoSpan:
    def set(self, name: str, value: Attribute) -> None:
        """Nobody looks."""

    def fail(self, code: str) -> None:
        """Nobody looks."""


class NoTracing:
    """Off: every span is the same object."""

    on = False
    _span = nullcontext(_NoSpan())

    def span(
        self, name: str, attributes: Mapping[str, Attribute] | None = None, start: Start = _PLAIN
    ) -> AbstractContextManager[Span]:
        return self._span

    def close(self) -> None:
        """Nothing was opened."""


class OtlpTracing:
    """Spans in batches to an OTLP/HTTP receiver; one that is away costs spans, never the work that they describe.
    ``provider`` is not made OpenTelemetry's global one."""

    on = True

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("doc_service")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, Attribute] | None = None, start: Start = _PLAIN
    ) -> Iterator[Span]:
        from opentelemetry.trace import SpanKind

        parent = self._propagator.extract(dict(start.headers)) if start.headers else None
        told = {_FROM_CONTEXT[n]: v for n, v in bound().items() if n in _FROM_CONTEXT} | dict(attributes or {})
        kind = SpanKind[start.kind.upper()]
        counter = counting() if start.statements else nullcontext()
        with (
            counter as statements,
            self._tracer.start_as_current_span(
                name, context=parent, kind=kind, attributes=told, record_exception=False, set_status_on_exception=False
            ) as raw,
        ):
            span = _OtlpSpan(raw)
            try:
                yield span
            except BaseException as error:
                span.fail(code_of(error))
                raise
            finally:
                if statements is not None:
                    span.set("db.statements", statements.count)

    def close(self) -> None:
        self._provider.shutdown()


class _OtlpSpan:
    def __init__(self, raw: object) -> None:
        from opentelemetry.trace import Span as RawSpan

        assert isinstance(raw, RawSpan)
        self._raw = raw

    def set(self, name: str, value: Attribute) -> None:
        self._raw.set_attribute(name, value)

    def fail(self, code: str) -> None:
        from opentelemetry.trace import Status, StatusCode

        self._raw.set_attribute("error.type", code)
        self._raw.set_status(Status(StatusCode.ERROR))


def code_of(error: BaseException) -> str:
    """The stable code of one of our errors, else the type's name: never its text."""
    code = getattr(error, "code", None)
    return code if isinstance(code, str) else type(error).__name__


def open_tracing(endpoint: str, *, service: str, version: str, instance: str = "") -> Tracing:
    """``endpoint``: base URL of an OTLP/HTTP receiver, e.g. "http://collector:4318" ("/v1/traces" is added), or its
    whole address; "": off. Call it in the process that works: the sender's thread does not survive ``fork``."""
    if not endpoint:
        return NoTracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    address = endpoint if urlsplit(endpoint).path not in ("", "/") else f"{endpoint.rstrip('/')}/v1/traces"
    resource = Resource({"service.name": service, "service.version": version, "service.instance.id": instance})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address, timeout=5), schedule_delay_millis=1000))
    return OtlpTracing(provider)


OpenTracing = Callable[[], Tracing]

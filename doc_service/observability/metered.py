"""The parts, counted, timed and traced: each keeps the contract of what it wraps, errors included."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, BinaryIO

from doc_service.domain.jobs import Job
from doc_service.observability.context import bind
from doc_service.observability.tracing import Start, code_of
from doc_service.observability.watch import Watch
from doc_service.ports import RenderedPdf, Renderer, RenderRequest
from signing.api import (
    Appearance,
    CertificateChecker,
    CertificateInfo,
    CertificateStatus,
    Level,
    PreparedSignature,
    SignedRevision,
    SigningEngine,
)
from storage.api import Capabilities, ObjectInfo, ObjectStore, StorageError

Handler = Callable[[Job], None]


class MeteredRenderer:
    """``hosts`` names the LibreOffice processes that run; one that was not there before was started."""

    def __init__(self, inner: Renderer, watch: Watch, hosts: Callable[[], Sequence[int]] = tuple) -> None:
        self._inner, self._watch, self._hosts = inner, watch, hosts
        self._seen: frozenset[int] = frozenset()
        self._lock = threading.Lock()

    def template_sha256(self, template: str) -> str:
        return self._inner.template_sha256(template)

    def render(self, request: RenderRequest) -> RenderedPdf:
        outcome = "ok"
        try:
            with self._watch.stage("convert", {"doc_service.template": request.template}) as span:
                rendered = self._inner.render(request)
                span.set("doc_service.pages", rendered.pages)
            return rendered
        except Exception as error:
            outcome = code_of(error)
            raise
        finally:
            self._watch.metrics.conversions.labels(outcome).inc()
            self._note_starts()

    def _note_starts(self) -> None:
        with self._lock:
            running = frozenset(self._hosts())
            self._watch.metrics.office_starts.inc(len(running - self._seen))
            self._seen = running


class MeteredEngine:
    """Phases of signing as stages ``prepare``, ``sign`` (complete) and ``lengthen`` (extend)."""

    def __init__(self, inner: SigningEngine, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def prepare(
        self,
        base: bytes,
        *,
        field: str,
        certificate: bytes,
        chain: Sequence[bytes],
        appearance: Appearance,
        signing_time: datetime,
        reason: str = "",
        location: str = "",
    ) -> PreparedSignature:
        with self._operation("prepare", len(base)):
            return self._inner.prepare(
                base, field=field, certificate=certificate, chain=chain, appearance=appearance,
                signing_time=signing_time, reason=reason, location=location,
            )  # fmt: skip

    def complete(self, base: bytes, prepared: PreparedSignature, signature: bytes, *, level: Level) -> SignedRevision:
        with self._operation("sign", len(base)):
            revision = self._inner.complete(base, prepared, signature, level=level)
        self._watch.metrics.signatures.labels(str(revision.level)).inc()
        self._pending(revision)
        return revision

    def extend(self, pdf: bytes, *, target: Level) -> SignedRevision:
        with self._operation("lengthen", len(pdf), failed="extend"):
            revision = self._inner.extend(pdf, target=target)
        self._watch.metrics.extensions.labels(str(revision.level)).inc()
        self._pending(revision)
        return revision

    def _pending(self, revision: SignedRevision) -> None:
        for reason in revision.pending:
            self._watch.metrics.signing_pending.labels(reason).inc()

    @contextmanager
    def _operation(self, stage: str, size: int, failed: str = "") -> Iterator[None]:
        try:
            with self._watch.stage(stage, {"doc_service.bytes": size}):
                yield
        except Exception as error:
            self._watch.metrics.signing_failures.labels(failed or stage, code_of(error)).inc()
            raise


class MeteredChecker:
    """Refused certificates, and revocation services that did not answer."""

    def __init__(self, inner: CertificateChecker, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def inspect(self, certificate: bytes) -> CertificateInfo:
        return self._inner.inspect(certificate)

    def check(
        self,
        certificate: bytes,
        chain: Sequence[bytes],
        *,
        at: datetime,
        expected_fin: str | None,
        expected_organisation: str | None = None,
    ) -> CertificateStatus:
        try:
            with self._watch.tracing.span("certificate.check", start=Start("client")):
                status = self._inner.check(
                    certificate, chain, at=at, expected_fin=expected_fin, expected_organisation=expected_organisation
                )
        except Exception as error:
            self._watch.metrics.certificate_failures.labels(code_of(error)).inc()
            raise
        if status.revocation == "unknown":
            self._watch.metrics.revocation_unknown.inc()
        return status


class MeteredStore:
    """``name``: "archive" or "reserve". What is not timed (lists, capabilities) is handed through."""

    def __init__(self, inner: ObjectStore, watch: Watch, name: str = "archive") -> None:
        self._inner, self._watch, self._name = inner, watch, name

    def put_new(
        self, key: str, data: bytes | BinaryIO, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        with self._watch.storage(self._name, "put"):
            return self._inner.put_new(key, data, sha256=sha256, retain_until=retain_until)

    @contextmanager
    def open(self, key: str, version: str | None = None) -> Iterator[BinaryIO]:
        """Timed until the first byte may be read. What its user does meanwhile is no failure of the store, but the
        last bytes of a damaged object are."""
        with ExitStack() as stack:
            with self._watch.storage(self._name, "open"):
                stream = stack.enter_context(self._inner.open(key, version))
            try:
                yield stream
            except StorageError as error:
                self._watch.metrics.storage_failures.labels(self._name, "open", error.code).inc()
                raise

    def read(self, key: str, version: str | None = None) -> bytes:
        with self._watch.storage(self._name, "read"):
            return self._inner.read(key, version)

    def stat(self, key: str, version: str | None = None) -> ObjectInfo:
        with self._watch.storage(self._name, "stat"):
            return self._inner.stat(key, version)

    def versions(self, key: str) -> tuple[ObjectInfo, ...]:
        with self._watch.storage(self._name, "versions"):
            return self._inner.versions(key)

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        return self._inner.list(prefix)

    def retain(self, key: str, until: datetime, version: str | None = None) -> ObjectInfo:
        with self._watch.storage(self._name, "retain"):
            return self._inner.retain(key, until, version)

    def legal_hold(self, key: str, on: bool, version: str | None = None) -> ObjectInfo:
        with self._watch.storage(self._name, "legal_hold"):
            return self._inner.legal_hold(key, on, version)

    def delete_version(self, key: str, version: str) -> None:
        with self._watch.storage(self._name, "delete"):
            self._inner.delete_version(key, version)

    def verify(self, key: str, version: str | None = None) -> bool:
        with self._watch.storage(self._name, "verify"):
            return self._inner.verify(key, version)

    def capabilities(self) -> Capabilities:
        return self._inner.capabilities()


def observed_handlers(handlers: Mapping[Any, Handler], watch: Watch) -> dict[Any, Handler]:
    """Handlers of jobs whose runs are stages, counted by outcome, with document and job bound for logs and spans."""
    return {kind: observed_handler(handler, watch) for kind, handler in handlers.items()}


def observed_handler(handler: Handler, watch: Watch) -> Handler:
    """One of them. The outcome "failed" is a run that ended with an error: the row decides whether it is retried."""

    def observed(job: Job) -> None:
        kind, outcome = str(job.kind), "failed"
        try:
            with bind(job=job.id, kind=kind, document=job.payload.get("document_id")), watch.stage(kind) as span:
                span.set("doc_service.job.attempt", job.attempts + 1)
                handler(job)
            outcome = "ok"
        finally:
            watch.metrics.jobs.labels(kind, outcome).inc()

    return observed

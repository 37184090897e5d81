"""What is counted and timed as it happens (Prometheus). Every instance has its own registry; nothing is global.

Labels are closed sets (job kinds, levels, codes of our own errors, route templates), never identifiers: a label value
is a time series that Prometheus keeps.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

PREFIX = "doc_service"
STAGE_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds. Two-phase signing takes hundredths, a conversion tenths, an extension over slow services up to a minute."""
HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
STORAGE_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The event metrics, registered in ``registry``. Make it before ``fork`` or after; see ``shared`` for processes
    that are counted together."""

    def __init__(self, registry: CollectorRegistry, *, version: str, service: str) -> None:
        self.registry = registry
        self.stage_seconds = self._histogram(
            "stage_seconds", "Time of a stage of a document's way, in seconds.", ("stage", "outcome"), STAGE_BUCKETS
        )
        self.jobs = self._counter("jobs_total", "Runs of outbox jobs.", ("kind", "outcome"))
        self.conversions = self._counter("conversions_total", "DOCX to PDF/A, by outcome: ok or a code.", ("outcome",))
        self.office_starts = self._counter("office_starts_total", "LibreOffice processes that were started.")
        self.signatures = self._counter("signatures_total", "Completed signatures by the level reached.", ("level",))
        self.extensions = self._counter("extensions_total", "Extended documents by the level reached.", ("level",))
        self.signing_pending = self._counter(
            "signing_pending_total", "Wanted levels that could not be reached at once, by cause.", ("reason",)
        )
        self.signing_failures = self._counter(
            "signing_failures_total", "Refusals and failures of the signing engine.", ("operation", "code")
        )
        self.certificate_failures = self._counter(
            "certificate_failures_total", "Certificates that were refused, by code.", ("code",)
        )
        self.revocation_unknown = self._counter(
            "revocation_unknown_total", "Certificates whose revocation services did not answer."
        )
        self.storage_seconds = self._histogram(
            "storage_seconds", "Time of a storage operation, in seconds.", ("store", "operation"), STORAGE_BUCKETS
        )
        self.storage_failures = self._counter(
            "storage_failures_total", "Failed storage operations.", ("store", "operation", "code")
        )
        self.fallback_reads = self._counter(
            "fallback_reads_total", "Reads that the reserve centre answered instead of the archive."
        )
        self.http_requests = self._counter(
            "http_requests_total", "Requests by template of the route.", ("route", "method", "status")
        )
        self.http_seconds = self._histogram(
            "http_request_seconds", "Time until the last byte of the answer, in seconds.", ("route", "method"),
            HTTP_BUCKETS,
        )  # fmt: skip
        self._say_what_runs(version, service)
        self._begin_at_zero()

    def _say_what_runs(self, version: str, service: str) -> None:
        info = Gauge(
            f"{PREFIX}_build_info", "What runs: always 1.", ("version", "python", "service"),
            registry=self.registry, multiprocess_mode="max",
        )  # fmt: skip
        info.labels(version, platform.python_version(), service).set(1)

    def _begin_at_zero(self) -> None:
        """A series that first appears with 1 is no increase to Prometheus: the common ones are there from the start."""
        for level in ("B-B", "B-T", "B-LT", "B-LTA"):
            self.signatures.labels(level)
            self.extensions.labels(level)
        for reason in ("signing.tsa_unavailable", "signing.tsa_refused", "signing.tsa_bad_token"):
            self.signing_pending.labels(reason)
        for code in ("signing.tsa_unavailable", "signing.revocation_unavailable", "signing.certificate_revoked"):
            self.signing_failures.labels("extend", code)
        for outcome in ("ok", "render.failed", "render.no_space", "render.timeout"):
            self.conversions.labels(outcome)

    def _counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(f"{PREFIX}_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, labels: Sequence[str], buckets: Sequence[float]) -> Histogram:
        return Histogram(f"{PREFIX}_{name}", text, labels, registry=self.registry, buckets=buckets)

"""The real service observed: figures, gauges of the database, Prometheus itself, alerts and the dashboard."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from typer.testing import CliRunner

from doc_service.api.app import Observed, create_app
from doc_service.bootstrap import open_container
from doc_service.bootstrap.observed import open_observability
from doc_service.bootstrap.observing import outage_monitor, watch_service, watch_standing
from doc_service.bootstrap.readiness import default_health
from doc_service.cli import outages
from doc_service.demo.scenario import build_scenario
from doc_service.domain.documents import DocumentState
from doc_service.observability.health import Health
from doc_service.observability.standing import Replication, Standing, StandingCollector, replication_gauges
from doc_service.settings import Settings
from doc_service.system import RandomIds, SystemClock
from tests.pki_fixtures import Faults
from tests.services.conftest import Service
from tools.servers.binaries import find
from tools.servers.process import Process, free_port, scratch

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)


pytestmark = pytest.mark.xdist_group("observed")
"""One service for all, and each test goes on from what the ones before it did."""


@dataclass
class Observing:
    service: Service
    registry: CollectorRegistry
    client: TestClient

    def text(self) -> str:
        return generate_latest(self.registry).decode()

    def value(self, series: str) -> float:
        found = re.search(rf"^{re.escape(series)} (\S+)$", self.text(), re.MULTILINE)
        assert found, f"{series} is not in\n{self.text()}"
        return float(found[1])


class StandingOfReserve(Collector):
    """What a service with a reserve centre adds; this one has none."""

    def __init__(self, registry: CollectorRegistry) -> None:
        registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        return replication_gauges(Replication(3, NOW - timedelta(hours=1), NOW), NOW)


@pytest.fixture(scope="module")
def observing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observing]:
    """The service as bootstrap wires it, with one document signed and one that waits for its extension."""
    data = tmp_path_factory.mktemp("observed") / "data"
    settings = Settings(data_dir=data, job_lease=timedelta(seconds=2), metrics_port=free_port())
    faults = Faults()
    with ExitStack() as stack:
        observed = stack.enter_context(open_observability(settings, service="api"))
        container = stack.enter_context(open_container(settings, decorate=observed.parts, wrap_pki=faults.wrap))
        service = Service(container, faults, build_scenario(container.protocol, datetime.now().astimezone().date()))
        health = stack.enter_context(watch_service(container, observed))
        StandingOfReserve(observed.registry)
        client = stack.enter_context(TestClient(create_app(container, Observed(observed.watch, health))))
        yield Observing(service, observed.registry, client)


def test_a_document_s_way_is_counted(observing: Observing) -> None:
    service = observing.service
    document = service.signing(members=2)
    service.sign_all(document)
    service.container.runner.run_until_idle(timedelta(seconds=90))
    assert service.document(document).state is DocumentState.ARCHIVED
    assert observing.value('doc_service_conversions_total{outcome="ok"}') == 1
    signed = len(service.requests(document))
    assert observing.value('doc_service_signatures_total{level="B-T"}') == signed
    assert observing.value('doc_service_extensions_total{level="B-LTA"}') == 1
    for stage in ("convert", "prepare", "sign", "lengthen"):
        assert observing.value(f'doc_service_stage_seconds_count{{outcome="ok",stage="{stage}"}}') >= 1
    assert observing.value('doc_service_storage_seconds_count{operation="put",store="archive"}') >= 3
    assert observing.value("doc_service_pending_extensions") == 0
    assert observing.value("doc_service_checkpoint_age_seconds") < 300


def test_a_document_that_waits_for_its_extension_shows(observing: Observing) -> None:
    service = observing.service
    document = service.signing(members=2)
    service.faults.pause("tsa")
    service.sign_all(document)
    service.container.runner.run_until_idle(timedelta(seconds=3))
    assert service.document(document).state is DocumentState.SIGNED
    standing = fresh_standing(observing)
    assert "doc_service_pending_extensions 1.0" in standing
    assert 'doc_service_jobs_ready{kind="extend"} 1.0' in standing
    assert observing.value('doc_service_signing_pending_total{reason="signing.tsa_unavailable"}') >= 1
    assert observing.value('doc_service_signing_failures_total{code="signing.tsa_unavailable",operation="extend"}') >= 1
    service.faults.resume()
    service.container.runner.run_until_idle(timedelta(seconds=90))
    assert "doc_service_pending_extensions 0.0" in fresh_standing(observing)


def fresh_standing(observing: Observing) -> str:
    registry = CollectorRegistry()
    container = observing.service.container
    watch_standing(registry, container.settings, container.database, SystemClock())
    return generate_latest(registry).decode()


def test_metrics_are_not_on_the_public_port(observing: Observing) -> None:
    assert observing.client.get("/metrics").status_code == 404


def test_no_personal_data_in_metrics(observing: Observing) -> None:
    text = observing.text()
    with observing.service.container.work.uow.reading() as uow:
        body = uow.bodies.get("body-1")
    for member in body.members:
        for piece in (member.person.fin, member.person.name.surname, member.person.id):
            assert piece not in text


def test_prometheus_scrapes_it_and_knows_every_metric_of_alerts_and_dashboard(observing: Observing) -> None:
    observing.client.get("/health/ready")
    observing.client.get("/instruments")
    directory, port = scratch("prometheus"), free_port()
    served = observing.service.container.settings.metrics_port
    config = directory / "prometheus.yml"
    config.write_text(
        f"global: {{scrape_interval: 1s}}\nrule_files: [{ROOT}/deploy/prometheus/alerts.yml]\nscrape_configs:\n"
        f"  - job_name: doc-service-api\n    static_configs: [{{targets: ['127.0.0.1:{served}']}}]\n"
    )
    command = [
        find("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={directory / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]  # fmt: skip
    ask = asker(port)
    with Process("prometheus", command, lambda: bool(ask("up") or True), log=directory / "log"):
        until(lambda: [r["value"][1] for r in ask('up{job="doc-service-api"}')] == ["1"])
        used = names_in(ROOT / "deploy/prometheus/alerts.yml") | names_in(
            ROOT / "deploy/grafana/dashboards/doc-service.json"
        )
        assert len(used) > 30
        described = {f"{n}" for n in described_names(observing.text())}
        assert {name for name in used if name not in described} == set()
        assert ask("max(doc_service_replication_pending)")[0]["value"][1] == "3"
        for panel in json.loads((ROOT / "deploy/grafana/dashboards/doc-service.json").read_text())["panels"]:
            for target in panel["targets"]:
                ask(target["expr"].replace("$__rate_interval", "1m"))


def asker(port: int) -> Callable[[str], list[dict[str, Any]]]:
    def ask(query: str) -> list[dict[str, Any]]:
        """Raises for a query that Prometheus does not understand."""
        url = f"http://127.0.0.1:{port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            told: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return told

    return ask


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def names_in(path: Path) -> set[str]:
    return set(re.findall(r"\bdoc_service_\w+", path.read_text()))


def described_names(text: str) -> set[str]:
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        names |= {f"{name}_bucket", f"{name}_count", f"{name}_sum"} if kind == "histogram" else {name}
    return names


def test_rules_pass_their_unit_tests() -> None:
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"],
                    ["check", "config", "--syntax-only", "prometheus.yml"]):  # fmt: skip
        done = subprocess.run(
            [find("promtool"), *command], cwd=ROOT / "deploy/prometheus", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_unit_test() -> None:
    alerts = set(re.findall(r"alert: (\w+)", (ROOT / "deploy/prometheus/alerts.yml").read_text()))
    tests = (ROOT / "deploy/prometheus/alerts_test.yml").read_text()
    assert alerts == set(re.findall(r"alertname: (\w+)", tests))


def test_a_database_that_hangs_gives_no_old_figures() -> None:
    calls: list[float] = []
    moment = [0.0]

    def read() -> Standing:
        calls.append(moment[0])
        if len(calls) > 1:
            raise OSError
        return Standing({}, 7, None, None, 0, 0)

    registry = CollectorRegistry()
    StandingCollector(registry, read, SystemClock(), monotonic=lambda: moment[0])
    assert "doc_service_pending_extensions 7.0" in generate_latest(registry).decode()
    generate_latest(registry)
    assert len(calls) == 1
    moment[0] = 10.0
    text = generate_latest(registry).decode()
    assert "doc_service_standing_up 0.0" in text
    assert "doc_service_pending_extensions" not in text


def test_the_journal_of_the_real_service(observing: Observing) -> None:
    container = observing.service.container
    clock = container.work.clock
    bad = [False]

    def look() -> Health:
        archive, away = container.settings.archive_dir, container.settings.data_dir / "away"
        if bad[0]:
            archive.rename(away)
        try:
            return default_health(container).health()
        finally:
            if bad[0]:
                away.rename(archive)

    health = default_health(container)
    monitor = outage_monitor(container.settings, health, container.database, clock, RandomIds(), "other")
    monitor._look = look
    monitor.begin()
    container.runner.start()
    bad[0] = True
    for _ in range(3):
        monitor.look_once()
    assert 'doc_service_outages_open{component="archive"} 1.0' in fresh_standing(observing)
    bad[0] = False
    monitor.look_once()
    assert 'component="archive"} 1.0' not in fresh_standing(observing)
    container.runner.stop(timedelta(seconds=30))
    told = CliRunner().invoke(outages.app, ["list", "--json", "--data", str(container.settings.data_dir)])
    rows = json.loads(told.stdout)
    assert told.exit_code == int(any(row["ended_at"] is None for row in rows["outages"]))
    mine = [row for row in rows["outages"] if row["host"].endswith("/other")]
    assert [(row["component"], row["reason"]) for row in mine] == [("archive", "FileNotFoundError")]
    totals = {m["component"]: m["seconds"] for m in rows["months"]}
    assert totals["archive"] >= mine[0]["seconds"]
    refused = CliRunner().invoke(outages.app, ["list", "--since", "dünən", "--data", str(container.settings.data_dir)])
    assert (refused.exit_code, "outages.bad_since" in refused.stderr) == (2, True)

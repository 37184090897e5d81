"""docker-compose.yml, as the engine's own program resolves it; its scripts run natively."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from doc_service.cli.app import app
from tests.deploy.conftest import ROOT
from tools.servers.binaries import find

COMPOSE = ROOT / "deploy" / "compose"
PROFILES = [
    ("development",),
    ("production",),
    ("development", "observability"),
    ("production", "observability"),
    ("development", "production", "observability"),
]
EARNEST = {
    "DOC_SERVICE_ENVIRONMENT": "production",
    "DOC_SERVICE_TSA_URL": "http://tsa.example",
    "DOC_SERVICE_TRUST": "/etc/doc-service-trust",
    "DOC_SERVICE_TLS": "/etc/doc-service-tls",
    "DOC_SERVICE_SECRETS": "/etc/doc-service-secrets",
}


def resolved(*profiles: str, **environment: str) -> dict[str, Any]:
    """The file with everything filled in, by ``docker compose config``; fails where that refuses it."""
    chosen = [word for profile in profiles for word in ("--profile", profile)]
    command = [find("docker-compose"), "--project-directory", ROOT, "-f", ROOT / "docker-compose.yml"]
    done = subprocess.run(
        [*command, "--env-file", "/dev/null", *chosen, "config", "--format", "json"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="session")
def everything() -> dict[str, Any]:
    return resolved("development", "production", "observability")


@pytest.mark.parametrize("profiles", PROFILES, ids="+".join)
@pytest.mark.parametrize("environment", [{}, EARNEST], ids=["bare", "with-env"])
def test_valid_in_every_profile(profiles: tuple[str, ...], environment: dict[str, str]) -> None:
    services = resolved(*profiles, **environment)["services"]
    assert {"api", "worker", "worker-convert", "beat", "postgres", "rabbitmq", "minio", "reserve", "proxy"} <= set(
        services
    )
    assert ("mail" in services) == ("development" in profiles)
    assert ("preflight" in services) == ("production" in profiles)
    assert ("grafana" in services) == ("observability" in profiles)


def test_observability_alone_is_valid() -> None:
    assert set(resolved("observability")["services"]) == {"prometheus", "grafana"}


def test_prometheus_asks_where_metrics_are(everything: dict[str, Any]) -> None:
    asked = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())["scrape_configs"]
    for source in (source for job in asked for source in job["dns_sd_configs"]):
        for name in source["names"]:
            service = everything["services"][name]
            assert service["environment"]["DOC_SERVICE_METRICS_PORT"] == str(source["port"])
            assert "backend" in service["networks"]


def test_what_is_mounted_from_the_checkout_is_there(everything: dict[str, Any]) -> None:
    for name, service in everything["services"].items():
        for volume in service.get("volumes", ()):
            assert volume["type"] == "volume" or Path(volume["source"]).exists(), name


def test_no_container_has_rights(everything: dict[str, Any]) -> None:
    for name, service in everything["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert int(service["user"].split(":")[0]) > 0, name
        assert "privileged" not in service, name
        assert not any("docker.sock" in str(v.get("source")) for v in service.get("volumes", ())), name


def test_every_container_is_bounded_and_watched(everything: dict[str, Any]) -> None:
    for name, service in everything["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name
        assert service["logging"]["options"]["max-size"], name
        once = service["restart"] == "no"
        check = service.get("healthcheck", {})
        # Images that we build carry their check in themselves.
        assert check.get("disable", False) if once else check.get("test") or "build" in service, name


def test_images_are_pinned(everything: dict[str, Any]) -> None:
    for name, service in everything["services"].items():
        assert re.fullmatch(r"v?\d+(\.\d+){2}\S*|\d+\.\d+-\S+|\d{14}", service["image"].rpartition(":")[2]), name


def test_only_the_proxy_is_reached_from_other_machines(everything: dict[str, Any]) -> None:
    open_ports = {n: [p["host_ip"] for p in s.get("ports", ())] for n, s in everything["services"].items()}
    assert {name for name, hosts in open_ports.items() if hosts} == {"proxy", "mail", "grafana"}
    assert {host for hosts in open_ports.values() for host in hosts} == {"127.0.0.1"}
    wide = resolved("development", "observability", DOC_SERVICE_BIND="0.0.0.0")["services"]
    assert {n for n, s in wide.items() if any(p["host_ip"] == "0.0.0.0" for p in s.get("ports", ()))} == {"proxy"}


def test_data_have_no_way_out(everything: dict[str, Any]) -> None:
    assert everything["networks"]["backend"]["internal"] is True
    for name in ("postgres", "rabbitmq", "minio", "reserve", "worker-convert", "beat"):
        assert set(everything["services"][name]["networks"]) == {"backend"}, name
    assert set(everything["services"]["proxy"]["networks"]) == {"edge"}


def test_production_waits_for_the_preflight(everything: dict[str, Any]) -> None:
    """Whatever serves depends on it, directly or through others."""
    services = everything["services"]

    def waits(name: str) -> bool:
        before = services[name].get("depends_on", {})
        return "preflight" in before or any(waits(other) for other in before)

    of_production = {n for n, s in services.items() if "production" in s["profiles"]} - {"preflight"}
    assert {name for name in of_production if not waits(name)} == set()


def test_a_secret_is_mounted_only_where_it_is_needed(everything: dict[str, Any]) -> None:
    holders: dict[str, set[str]] = {}
    for name, service in everything["services"].items():
        for secret in service.get("secrets", ()):
            holders.setdefault(secret["source"], set()).add(name)
    assert set(holders) == set(everything["secrets"])
    owner = {"preflight"}
    assert holders["archive_root_password"] == owner | {"minio", "archive-setup"}
    assert holders["postgres_password"] == owner | {"postgres"}
    assert holders["rabbitmq_account"] == owner | {"rabbitmq"}
    service = {"api", "worker", "worker-convert", "beat", "migrate"}
    assert holders["doc_service_database_url"] == owner | service | {"archive-setup", "reserve-setup"}
    assert holders["audit_key"] == holders["secret_key"] == owner | service
    preflight = everything["services"]["preflight"]
    assert set(preflight["environment"]["REQUIRED_SECRETS"].split()) == set(everything["secrets"])


def test_every_command_is_one_of_the_program(everything: dict[str, Any]) -> None:
    """With its options: asked for help, the program refuses what it does not know."""
    for name, service in everything["services"].items():
        if service["image"].startswith("doc-service:") and not service["entrypoint"]:
            done = CliRunner().invoke(app, [*service["command"], "--help"])
            assert done.exit_code == 0, f"{name}: {done.output}"


def test_development_needs_nothing_prepared() -> None:
    """Every file that is mounted is in the checkout, and nothing reads an .env."""
    config = resolved("development")
    assert all(Path(secret["file"]).is_file() for secret in config["secrets"].values())
    for name, service in config["services"].items():
        for volume in service.get("volumes", ()):
            assert volume["type"] == "volume" or Path(volume["source"]).exists(), name


def test_throw_away_secrets_are_what_the_script_makes(tmp_path: Path) -> None:
    _make_secrets(tmp_path, "--development")
    made = {p.name: p.read_text() for p in tmp_path.iterdir() if p.name != "audit_key"}
    assert made == {p.name: p.read_text() for p in (COMPOSE / "development").iterdir() if p.name != "audit_key"}


def test_secrets_of_production_are_made_once_and_differ(tmp_path: Path) -> None:
    _make_secrets(tmp_path / "one")
    _make_secrets(tmp_path / "two")
    first = {p.name: p.read_text() for p in (tmp_path / "one").iterdir()}
    assert all(text != (tmp_path / "two" / name).read_text() for name, text in first.items())
    assert not any("development" in text for text in first.values())
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700
    _make_secrets(tmp_path / "one")
    assert first == {p.name: p.read_text() for p in (tmp_path / "one").iterdir()}


def test_the_settings_of_development_are_accepted() -> None:
    assert _settings(resolved("development"), COMPOSE / "development", ROOT) == ""


def test_the_settings_of_production_are_accepted(tmp_path: Path) -> None:
    _make_secrets(tmp_path / "secrets")
    assert _settings(resolved("production", **EARNEST), tmp_path / "secrets", tmp_path) == ""


def test_the_settings_of_production_are_refused_without_secrets(tmp_path: Path) -> None:
    said = _settings(resolved("production", **EARNEST), tmp_path, tmp_path)
    assert "DOC_SERVICE_DATABASE_URL" in said
    assert "DOC_SERVICE_BROKER_URL" in said


def _settings(config: Mapping[str, Any], secrets: Path, place: Path) -> str:
    """What the service says of the settings it would get ("" when it takes them)."""
    environment = {k: str(v) for k, v in config["services"]["api"]["environment"].items()}
    environment |= {"DOC_SERVICE_SECRETS_DIR": str(secrets), "DOC_SERVICE_AUDIT_KEY_FILE": str(secrets / "audit_key")}
    environment["DOC_SERVICE_SECRET_KEY_FILE"] = str(secrets / "secret_key")
    code = "from doc_service.settings import Settings; s = Settings(); assert s.archive_access_key.get_secret_value()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr


class TestPreflight:
    """deploy/compose/preflight.sh, with the environment that docker compose would give it."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        _make_secrets(tmp_path / "secrets")
        (tmp_path / "trust").mkdir()
        (tmp_path / "trust" / "trust.toml").write_text("[[anchor]]\n")
        tls = tmp_path / "tls"
        tls.mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=sened.example", "-keyout", tls / "tls.key", "-out", tls / "tls.crt"],
            check=True, capture_output=True,
        )  # fmt: skip
        return tmp_path

    def test_passes_when_all_is_there(self, place: Path) -> None:
        assert self._run(place, EARNEST) == (0, "")

    def test_the_default_values_are_refused_each_by_name(self, tmp_path: Path) -> None:
        (tmp_path / "trust").mkdir()
        (tmp_path / "tls").mkdir()
        shutil.copytree(COMPOSE / "development", tmp_path / "secrets")
        code, said = self._run(tmp_path, {})
        assert code == 1
        for name in resolved("production")["secrets"]:
            assert f"secret {name} is a throw-away value" in said
        for wanted in ("DOC_SERVICE_ENVIRONMENT", "DOC_SERVICE_TSA_URL", "DOC_SERVICE_TRUST", "tls.crt", "tls.key"):
            assert wanted in said

    def test_a_missing_secret_is_named(self, place: Path) -> None:
        (place / "secrets" / "doc_service_broker_url").unlink()
        code, said = self._run(place, EARNEST)
        assert (code, said.count("\n")) == (1, 1)
        assert "doc_service_broker_url" in said

    def test_the_throw_away_certificate_is_refused(self, place: Path) -> None:
        shutil.rmtree(place / "tls")
        (place / "tls").mkdir()
        subprocess.run(["/bin/sh", COMPOSE / "certificate.sh", place / "tls"], check=True, capture_output=True)
        code, said = self._run(place, EARNEST)
        assert (code, said.count("\n")) == (1, 1)
        assert "throw-away certificate" in said

    def _run(self, place: Path, environment: dict[str, str]) -> tuple[int, str]:
        given = resolved("production", **environment)["services"]["preflight"]["environment"]
        places = {
            "DOC_SERVICE_SECRETS_DIR": place / "secrets",
            "DOC_SERVICE_TRUST_DIR": place / "trust",
            "TLS_DIR": place / "tls",
        }
        done = subprocess.run(
            ["/bin/sh", COMPOSE / "preflight.sh"],
            env={"PATH": os.environ["PATH"], **given, **{k: str(v) for k, v in places.items()}},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stderr


def _make_secrets(directory: Path, *options: str) -> None:
    subprocess.run(["/bin/sh", COMPOSE / "make-secrets.sh", directory, *options], check=True, capture_output=True)

"""Settings that cannot be used, each named; production refuses what belongs to a trial."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import here, program

pytestmark = pytest.mark.xdist_group("cli")


def test_production_refuses_development_values_by_name(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = program("demo", "--out", out, cwd=tmp_path, DOC_SERVICE_ENVIRONMENT="production")
    done.refused("cli.settings")
    for name in ("PKI", "TRUST_DIR", "TSA_URL", "DATABASE_URL"):
        assert f"DOC_SERVICE_{name}" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [("up",), ("migrate",), ("demo", "--out", "o"), ("jobs", "list")])
def test_every_unusable_value_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    bad = {"DOC_SERVICE_PORT": "0x", "DOC_SERVICE_PKI": "mine", "DOC_SERVICE_SIGNATURE_LEVEL": "B-Z"}
    place = {"DOC_SERVICE_DATA_DIR": str(tmp_path / "data")}
    done = here(*command, **bad, **place)
    done.refused("cli.settings")
    assert all(name in done.stderr for name in bad)
    assert not (tmp_path / "data").exists()


def test_database_url_that_is_none(tmp_path: Path) -> None:
    place = {"DOC_SERVICE_DATA_DIR": str(tmp_path / "data")}
    for url in ("nonsense", "oracle://x", "postgresql://host:port/x"):
        here("migrate", DOC_SERVICE_DATABASE_URL=url, **place).refused("cli.settings")


def test_up_with_the_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = program("up", "--data", tmp_path / "data", DOC_SERVICE_PORT=port)
        done.refused("cli.port_taken")
        assert port in done.stderr
    done = here("up", "--data", tmp_path / "data", DOC_SERVICE_HOST="203.0.113.7")
    done.refused("cli.cannot_listen")
    assert not (tmp_path / "data").exists()

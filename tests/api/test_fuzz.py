"""The running service, fuzzed by its own description: no failure, and no answer that the description does not know."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from doc_service.domain.principals import AccountRole
from tests.api.serving import serving
from tests.api.world import opened_world

pytestmark = [pytest.mark.xdist_group("api"), pytest.mark.slow]
SCHEMATHESIS = Path(sys.executable).with_name("st")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
SEED = "20261121"
SECONDS = os.environ.get("FUZZ_SECONDS", "12")
"""Of each caller, so that both are done in a minute; longer runs go further."""
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "3")


@dataclass
class Served:
    """A running service with a document in signing and a finished one."""

    url: str
    secrets: dict[str, str]
    parameters: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("fuzzed")
    for world in opened_world(place / "data"):
        finished = world.service.signing()
        world.service.sign_all(finished)
        world.work()
        signing = world.service.signing()
        for name in ("secretariat", "auditor"):
            world.account(name, AccountRole(name))
        document = world.service.document(signing)
        parameters = {
            "document_id": signing, "body_id": document.body_id, "meeting_id": document.meeting_id or "",
            "request_id": world.service.requests(signing)[0].id, "code": world.service.scenario.journal.code,
            "instrument_id": "kq-protokol",
        }  # fmt: skip
        secrets = world.secrets
    with serving(place / "data", place / "log.txt") as url:
        yield Served(url, secrets, parameters)


@pytest.mark.parametrize(
    ("who", "known", "phases"), [("secretariat", True, "examples,fuzzing"), ("auditor", False, "coverage")]
)
def test_fuzzing_finds_nothing(served: Served, tmp_path: Path, who: str, known: bool, phases: str) -> None:
    """The secretariat asks for objects that are there, in their present version, with random contents; the auditor for
    whatever comes, at the borders of every schema."""
    lines = [f'"path.{name}" = "{value}"' for name, value in served.parameters.items()]
    config = tmp_path / "schemathesis.toml"
    config.write_text("[parameters]\n" + "\n".join([*lines, '"header.if-match" = "*"'] if known else []) + "\n")
    left_out = [part for tag in ("login", "accounts", "webhooks") if known for part in ("--exclude-tag", tag)]
    done = subprocess.run(
        [
            SCHEMATHESIS, "--config-file", config, "run", f"{served.url}/openapi.json",
            "--header", f"Authorization: Bearer {served.secrets[who]}", "--checks", CHECKS, "--seed", SEED,
            "--max-examples", EXAMPLES, "--max-time", SECONDS, "--phases", phases, *left_out,
            "--exclude-path-regex", "(/events$|^/health/)", "--continue-on-failure",
            "--suppress-health-check", "all", "--warnings", "off", "--no-color", "--generation-database", ":memory:",
            "--request-timeout", "30",
        ],
        capture_output=True, text=True, cwd=tmp_path, timeout=300, check=False,
    )  # fmt: skip
    print(done.stdout[done.stdout.find("SUMMARY") :])
    assert done.returncode == 0, done.stdout[-15_000:] + done.stderr[-2_000:]

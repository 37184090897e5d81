"""The image's recipe: what can be known without an engine is checked, and its installation is really done."""

from __future__ import annotations

import fcntl
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT
from tools.servers.process import Process, free_port

DOCKERFILES = [ROOT / "Dockerfile", ROOT / "deploy" / "minio" / "Dockerfile"]
Run = Callable[..., subprocess.CompletedProcess[str]]


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Each instruction's name and arguments, lines joined, arguments of the build filled in."""
    text = re.sub(r"(?m)^\s*#.*\n", "", dockerfile.read_text(encoding="utf-8")).replace("\\\n", " ")
    found = [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in text.splitlines() if line.strip()]
    given = dict(rest.split("=", 1) for name, rest in found if name == "ARG" and "=" in rest)
    return [(name, re.sub(r"\$\{(\w+)\}", lambda m: given.get(m[1], m[0]), rest)) for name, rest in found]


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=["service", "minio"])
def test_bases_are_pinned_and_the_account_is_not_root(dockerfile: Path) -> None:
    found = instructions(dockerfile)
    for base in (rest.split()[0] for name, rest in found if name == "FROM"):
        assert re.search(r":(\d+\.\d+\.\d+-\S+|bookworm-slim)$", base), base
    final = found[max(i for i, (name, _) in enumerate(found) if name == "FROM") :]
    user = [rest for name, rest in final if name == "USER"][-1]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert {"HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL"} <= {name for name, _ in final}
    assert not re.search(r"\b(gcc|g\+\+|make|build-essential|\S+-dev)\b", " ".join(r for n, r in final if n == "RUN"))


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=["service", "minio"])
def test_every_debian_package_exists(dockerfile: Path) -> None:
    packages = [
        word
        for name, rest in instructions(dockerfile)
        if name == "RUN"
        for install in re.findall(r"apt-get install(.*?)(?:;|&&)", rest)
        for word in install.split()
        if not word.startswith("-")
    ]
    names = {package.partition("=")[0] for package in packages}
    shown = subprocess.run(["apt-cache", "show", *names], capture_output=True, text=True, check=False).stdout
    assert names
    assert names <= set(re.findall(r"(?m)^Package: (\S+)$", shown))


def test_the_versions_of_minio_are_one() -> None:
    wanted = re.search(r"\[minio\]=(v0\S+)", (ROOT / "tools" / "deploy-tools.sh").read_text())
    assert wanted is not None
    assert f"MINIO_VERSION={wanted[1]}\n" in DOCKERFILES[1].read_text()
    assert re.search(r"doc-service-minio:(\d{14})", (ROOT / "docker-compose.yml").read_text())[1] in wanted[1]  # type: ignore[index]


def _sources() -> list[str]:
    copies = [rest.split() for name, rest in instructions(ROOT / "Dockerfile") if name == "COPY"]
    return [source for words in copies if not words[0].startswith("--from") for source in words[:-1]]


def test_what_is_copied_is_there_and_is_sent_to_the_builder() -> None:
    ignore = (ROOT / ".dockerignore").read_text().split("\n")
    sent = [line[1:] for line in ignore if line.startswith("!")]
    for source in _sources():
        path = source.removeprefix("./")
        assert (ROOT / path).exists(), path
        assert any(path == s or path.startswith(s + "/") for s in sent), path
    assert not any(fnmatch.fnmatch(".env", s) or s in ("data", ".git", "deploy/compose") for s in sent)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment that the image would hold, made once by its own script from what its builder would get."""
    place = tmp_path_factory.getbasetemp().parent / "image"
    with (tmp_path_factory.getbasetemp().parent / "image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "prefix" / "bin" / "doc-service").exists():
            _install(place)
    return place / "prefix"


def _install(place: Path) -> None:
    for source in _sources():
        path, target = ROOT / source, place / "src" / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, target)
    path = f"{Path(sys.executable).resolve().parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [place / "src" / "deploy" / "image" / "install.sh", place / "src", place / "prefix"],
        env={**os.environ, "PIP_NO_COMPILE": "1", "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(place / "src")


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """The installed program, away from any checkout and with no variables of ours."""

    def program(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed / "bin" / "doc-service", *arguments],
            cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=False,
        )  # fmt: skip

    return program


def _environment(place: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(place),
        "DOC_SERVICE_DATA_DIR": str(place / "data"),
    }


@pytest.mark.slow
@pytest.mark.xdist_group("image")
def test_the_installed_program_works_away_from_the_checkout(installed: Path, run: Run, tmp_path: Path) -> None:
    assert "up" in run("--help").stdout
    known = json.loads(run("instruments", "--json").stdout)
    templates = installed / "lib" / "python3.11" / "site-packages" / "doc_service" / "templates" / "docx"
    assert templates.is_dir()
    assert run("migrate").stdout.strip()
    sample = tmp_path / "sample.json"
    sample.write_text(run("instruments", "sample", "kq-protokol").stdout)
    rendered = run("render", "kq-protokol", sample, "--out", tmp_path / "draft.pdf")
    assert rendered.returncode == 0, rendered.stderr
    assert (tmp_path / "draft.pdf").read_bytes().startswith(b"%PDF")
    assert known


@pytest.mark.slow
@pytest.mark.xdist_group("image")
def test_nothing_of_development_is_in_it(installed: Path) -> None:
    packages = {p.name.split("-")[0].lower() for p in (installed / "lib").glob("python*/site-packages/*.dist-info")}
    assert {"doc_service", "pyhanko", "celery", "psycopg", "minio"} <= packages
    assert not {"pip", "setuptools", "pytest", "mypy", "ruff", "hatchling", "hypothesis", "uv"} & packages
    assert not (installed / "bin" / "pip").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("image")
def test_the_health_check_tells_a_running_service_from_none(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/health/live"
    environment = {**_environment(tmp_path), "DOC_SERVICE_PORT": str(port)}
    command = [str(installed / "bin" / "doc-service"), "up"]
    with Process(
        "up", command, lambda: _healthy(installed, DOC_SERVICE_HEALTH_URL=address),
        log=tmp_path / "log", environment=environment,
    ):  # fmt: skip
        assert _healthy(installed, DOC_SERVICE_HEALTH_URL=address)
    assert not _healthy(installed, DOC_SERVICE_HEALTH_URL=address)


@pytest.mark.slow
@pytest.mark.xdist_group("image")
def test_the_health_check_tells_a_working_loop_from_a_hanging_one(installed: Path, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    assert not _healthy(installed, DOC_SERVICE_ALIVE_FILE=str(alive))
    alive.touch()
    assert _healthy(installed, DOC_SERVICE_ALIVE_FILE=str(alive))
    os.utime(alive, (1, 1))
    assert not _healthy(installed, DOC_SERVICE_ALIVE_FILE=str(alive))


def _healthy(installed: Path, **environment: str) -> bool:
    check = [installed / "bin" / "python", ROOT / "deploy" / "image" / "healthcheck.py"]
    return subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 0

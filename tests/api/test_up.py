"""``doc-service up``: health, the catalogue, verification, and an orderly end."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from doc_service.instruments.registry import default_registry
from tests.api.conftest import Up

pytestmark = pytest.mark.xdist_group("api")
LIMIT = 64 * 1024 * 1024


def test_health(up: Up) -> None:
    assert up.http.get("/health/live").json() == {"status": "ok"}
    ready = up.http.get("/health/ready")
    assert ready.status_code == 200, ready.text
    told = ready.json()
    assert (told["ready"], told["status"]) == (True, "ok")
    assert {name: check["status"] for name, check in told["checks"].items()} == dict.fromkeys(
        ("database", "archive", "jobs", "office", "clock"), "ok"
    )


def test_not_ready_without_the_archive(up: Up) -> None:
    archive = up.data / "archive"
    away = archive.rename(up.data / "away")
    try:
        ready = asked_until(up, 503)
        assert (ready["status"], ready["checks"]["archive"]["status"]) == ("failed", "failed")
        assert ready["checks"]["database"]["status"] == "ok"
        assert str(up.data) not in str(ready)
        assert up.http.get("/health/live").status_code == 200
    finally:
        away.rename(archive)
    asked_until(up, 200)


def asked_until(up: Up, status: int) -> dict[str, Any]:
    """Answers are kept for two seconds."""
    deadline = time.monotonic() + 30
    while (ready := up.http.get("/health/ready")).status_code != status:
        assert time.monotonic() < deadline, ready.text
        time.sleep(0.2)
    told: dict[str, Any] = ready.json()
    return told


def test_catalogue(up: Up) -> None:
    listed = {i["id"]: i["title"] for i in up.http.get("/instruments").json()}
    assert listed["kq-protokol"] == {"az": "İclasın protokolu", "en": "Protocol of a meeting"}
    assert set(listed) == {i.id for i in default_registry().all()}


def test_verify(up: Up) -> None:
    report = up.http.post("/verify", content=up.signed)
    assert report.status_code == 200
    verdict = report.json()
    assert (verdict["valid"], verdict["level"], len(verdict["signatures"])) == (True, "B-LTA", 4)


def test_changed_file_is_judged_not_valid(up: Up) -> None:
    changed = bytearray(up.signed)
    digit = changed.index(b"/Contents <") + 500
    changed[digit] = ord("1") if changed[digit] != ord("1") else ord("2")
    report = up.http.post("/verify", content=bytes(changed))
    assert (report.status_code, report.json()["valid"]) == (200, False)


@pytest.mark.parametrize("content", [b"", b"Salam", b"%PDF-1.7\n"], ids=["empty", "text", "head"])
def test_unusable_file_is_a_problem(up: Up, content: bytes) -> None:
    answer = up.http.post("/verify", content=content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:doc-service:signing.unreadable_pdf"
    assert problem["code"] == "signing.unreadable_pdf"
    assert problem["status"] == 422
    assert "oxuna bilən PDF" in problem["detail"]
    assert set(problem["messages"]) == {"az", "en"}


def test_too_large_is_refused_by_its_length_and_by_its_stream(up: Up) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(LIMIT // (1 << 20) + 1):
            yield bytes(1 << 20)

    by_length = up.http.post("/verify", content=bytes(LIMIT + 1))
    by_stream = up.http.post("/verify", content=pieces())
    for answer in (by_length, by_stream):
        assert answer.status_code == 413
        assert answer.json()["code"] == "verify.too_large"
        assert str(LIMIT) in answer.json()["messages"]["en"]


def test_unknown_path_and_method_are_problems_too(up: Up) -> None:
    for answer, status in ((up.http.get("/nothing"), 404), (up.http.get("/verify"), 405)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_background_work_is_done_and_term_ends_everything_in_order(up: Up) -> None:
    """Comes last: it stops the service."""
    end = time.monotonic() + 60
    while "signing" not in states(up):
        assert time.monotonic() < end, states(up)
        time.sleep(0.1)
    assert mentioning(str(up.temporary)), "the job was done by a LibreOffice of this service"
    family = [up.process.pid, *(p.pid for p in psutil.Process(up.process.pid).children(recursive=True))]
    rest = up.stop()
    assert up.process.returncode == 0, rest
    away = [line for line in rest.splitlines() if "storage.unavailable" not in line]
    assert away == [], "only the archive that an earlier test took away is told of"
    end = time.monotonic() + 2
    while [pid for pid in family if running(pid)] or mentioning(str(up.temporary)):
        assert time.monotonic() < end, "processes are left"
        time.sleep(0.05)
    assert list(up.temporary.iterdir()) == []


def states(up: Up) -> list[str]:
    with sqlite3.connect(up.data / "doc-service.db") as database:
        return [state for (state,) in database.execute("SELECT state FROM documents")]


def running(pid: int) -> bool:
    """A killed process that its new parent has not collected yet does not run."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def mentioning(text: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if any(text in part for part in process.cmdline()):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found

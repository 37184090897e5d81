"""``verify`` says why a file cannot be judged: exit code 2, both languages, nothing left behind."""

from __future__ import annotations

import subprocess
import zlib
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Waiting, here, program

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture(scope="session")
def original(prepared_service: Waiting) -> Path:
    """The unsigned original of a waiting document: a real PDF of the service."""
    return next(p for p in (prepared_service.data / "archive").rglob("*") if p.is_file() and _is_pdf(p))


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"


def bomb() -> bytes:
    """A PDF whose page tree lies in an object stream that unpacks to 300 MB."""
    packed = zlib.compress(b"4 0 " + bytes(300_000_000), 9)
    stream = b"3 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 4 0 R >>\nendobj\n"
    table = len(head) + len(stream) + len(packed) + len(b"\nendstream\nendobj\n")
    rows = b"".join(
        kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big")
        for kind, a, b in ((0, 0, 65535), (1, 9, 0), (1, table, 0), (1, len(head), 0), (2, 3, 0))
    )
    references = (
        b"2 0 obj\n<< /Type /XRef /Size 5 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n%b\nendstream\nendobj\n"
    )
    end = b"startxref\n%d\n%%%%EOF\n" % table
    return head + stream + packed + b"\nendstream\nendobj\n" + references % (len(rows), rows) + end


def judged(tmp_path: Path, content: bytes, data: Path, run: object = here) -> Done:
    path = tmp_path / "fayl.pdf"
    path.write_bytes(content)
    before = sorted(p.name for p in tmp_path.iterdir())
    done: Done = run("verify", path, "--data", data)  # type: ignore[operator]
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert path.read_bytes() == content
    return done


def test_not_a_pdf(tmp_path: Path, prepared_service: Waiting, original: Path) -> None:
    data, pdf = prepared_service.data, original.read_bytes()
    for content in (b"", b"Salam", b"%PDF-1.7\n", pdf[: len(pdf) // 2], b"PK\x03\x04" + bytes(500), bytes(2000)):
        judged(tmp_path, content, data).refused("signing.unreadable_pdf")
    judged(tmp_path, pdf[: len(pdf) // 2], data, program).refused("signing.unreadable_pdf")


def test_encrypted(tmp_path: Path, prepared_service: Waiting, original: Path) -> None:
    for user in ("", "parol"):
        locked = tmp_path / "locked.pdf"
        subprocess.run(["qpdf", "--encrypt", user, "sahib", "256", "--", original, locked], check=True)
        judged(tmp_path, locked.read_bytes(), prepared_service.data).refused("signing.encrypted_pdf")


def test_bomb(tmp_path: Path, prepared_service: Waiting) -> None:
    judged(tmp_path, bomb(), prepared_service.data).refused("signing.decode_limit")


def test_places_that_hold_no_file(tmp_path: Path, prepared_service: Waiting) -> None:
    data = ("--data", prepared_service.data)
    here("verify", tmp_path / "absent.pdf", *data).refused("cli.file_not_found")
    here("verify", tmp_path, *data).refused("cli.file_unreadable")
    assert [row["code"] for row in here("verify", tmp_path, *data, "--json").errors()] == ["cli.file_unreadable"]


def test_trust_that_cannot_be_used(tmp_path: Path, original: Path) -> None:
    pem = tmp_path / "anchors.pem"
    here("verify", original, "--data", tmp_path / "none").refused("cli.no_trust")
    here("verify", original, "--trust", pem).refused("signing.bad_trust_file")
    pem.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", encoding="utf-8")
    here("verify", original, "--trust", pem).refused("signing.bad_certificate")
    assert [p.name for p in tmp_path.iterdir()] == ["anchors.pem"]


def test_unsigned_is_not_valid_and_not_unusable(tmp_path: Path, prepared_service: Waiting, original: Path) -> None:
    done = judged(tmp_path, original.read_bytes(), prepared_service.data)
    assert done.code == 1
    assert done.stdout.splitlines()[0] == "ETİBARLI DEYİL"


def test_language_that_is_not_spoken(original: Path) -> None:
    done = program("verify", original, "--lang", "de")
    assert done.code == 2
    assert "az | en" in done.stderr

"""A real engine against the running development PKI, on a tagged PDF/A-3b.

``data/base.pdf``: two pages, written once by LibreOffice 7.4 from a small DOCX (PDF/A-3b, tagged, language az).
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.api import Appearance, FieldBox, Level, SignedRevision, SigningKey
from signing.appearance_font import AppearanceFont
from signing.engine import PyHankoEngine
from signing.fields import PdfFieldPlacer
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from tests.pki_fixtures import RunningPki, SystemClock, dev_pki, foreign_pki, session_pki

__all__ = ["dev_pki", "foreign_pki", "session_pki"]

BASE = Path(__file__).parent / "data" / "base.pdf"
APPEARANCE = Appearance(
    "Elektron imza ilə imzalanıb",
    ("Quliyeva Nərmin İlqar qızı", "KOBİA, şöbə müdiri", "20.11.2026 12:00:00 +04:00", "Sertifikat: 01AB23CD45"),
    "SINAQ İMZASI: hüquqi qüvvəsi yoxdur",
)


def boxes(count: int) -> list[FieldBox]:
    return [
        FieldBox(f"imza{i}", 1, 50 + (i % 3) * 170, 60 + (i // 3) * 55, 160, 50, f"{i + 1}-ci üzvün imza yeri")
        for i in range(count)
    ]


class Pdf(bytes):
    """A file that does not fill the screen when a property fails."""

    def __repr__(self) -> str:
        return f"<PDF of {len(self)} bytes>"


@dataclass(frozen=True)
class Workshop:
    """Signs with the running PKI. ``engine`` is the engine under test."""

    engine: PyHankoEngine
    pki: RunningPki

    def sign(
        self,
        base: bytes,
        field: str,
        *,
        key: SigningKey | None = None,
        level: Level = Level.B_B,
        appearance: Appearance = APPEARANCE,
    ) -> SignedRevision:
        key = key or self.pki.person()
        prepared = self.engine.prepare(
            base,
            field=field,
            certificate=key.certificate,
            chain=key.chain,
            appearance=appearance,
            signing_time=datetime.now(UTC),
            reason="Protokolun imzalanması",
            location="Bakı",
        )
        return self.engine.complete(base, prepared, key.sign(prepared.to_be_signed, prepared.algorithm), level=level)

    def with_engine(self, engine: PyHankoEngine) -> Workshop:
        return replace(self, engine=engine)


@pytest.fixture(scope="session")
def font() -> AppearanceFont:
    return AppearanceFont.load()


@pytest.fixture(scope="session")
def base_pdf() -> bytes:
    return BASE.read_bytes()


@pytest.fixture(scope="session")
def place(font: AppearanceFont, base_pdf: bytes) -> Callable[[Sequence[FieldBox]], bytes]:
    return lambda wanted: PdfFieldPlacer(font).place(base_pdf, wanted)


@pytest.fixture(scope="session")
def placed(place: Callable[[Sequence[FieldBox]], bytes]) -> bytes:
    """The base with fields imza0 … imza4."""
    return Pdf(place(boxes(5)))


@pytest.fixture(scope="session")
def transport() -> Iterator[HttpxTransport]:
    opened = HttpxTransport(timeout=5)
    yield opened
    opened.close()


@pytest.fixture
def workshop(dev_pki: RunningPki, font: AppearanceFont, transport: HttpxTransport) -> Workshop:
    engine = PyHankoEngine(
        font,
        TimeStamper(transport, dev_pki.pki.tsa_url, pause=0),
        transport=transport,
        roots=dev_pki.trust.roots_der,
        intermediates=dev_pki.trust.others_der,
        clock=SystemClock(),
    )
    return Workshop(engine, dev_pki)


def pdfsig_valid(pdf: bytes, directory: Path) -> int:
    """How many signatures poppler finds valid; fails when it finds one that is not."""
    file = directory / "check.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
    assert "Invalid" not in done.stdout, done.stdout
    return done.stdout.count("Signature is Valid")


def qpdf_clean(pdf: bytes, directory: Path) -> None:
    file = directory / "check.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def page_text(pdf: bytes, directory: Path) -> str:
    file = directory / "text.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)
    return done.stdout


@dataclass(frozen=True)
class Judges:
    """Validators that we did not write."""

    directory: Path

    def valid_signatures(self, pdf: bytes) -> int:
        return pdfsig_valid(pdf, self.directory)

    def check_structure(self, pdf: bytes) -> None:
        qpdf_clean(pdf, self.directory)

    def text(self, pdf: bytes) -> str:
        return page_text(pdf, self.directory)


@pytest.fixture
def judges(tmp_path: Path) -> Judges:
    return Judges(tmp_path)


@pytest.fixture(scope="session")
def field_boxes() -> Callable[[int], list[FieldBox]]:
    return boxes

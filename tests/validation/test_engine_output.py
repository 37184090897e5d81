"""The engine's own files, made under the development PKI, and what other validators say of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signing.api import Appearance, Expectation, FieldBox, Level
from signing.appearance_font import AppearanceFont
from signing.engine import PyHankoEngine
from signing.fields import PdfFieldPlacer
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from signing.validate import PadesValidator
from tests.pki_fixtures import HOLDER, RunningPki, SystemClock, session_pki

__all__ = ["session_pki"]

BASE = Path(__file__).parents[1] / "signing" / "data" / "base.pdf"
FIELDS = tuple(f"imza{n}" for n in range(3))


@dataclass(frozen=True)
class Made:
    """The same document at each stage."""

    signed: bytes
    extended: bytes
    archived: bytes


@pytest.fixture(scope="module")
def made(session_pki: RunningPki) -> Iterator[Made]:
    font = AppearanceFont.load()
    transport = HttpxTransport(timeout=5)
    engine = PyHankoEngine(
        font,
        TimeStamper(transport, session_pki.pki.tsa_url, pause=0),
        transport=transport,
        roots=session_pki.trust.roots_der,
        intermediates=session_pki.trust.others_der,
        clock=SystemClock(),
    )
    boxes = [FieldBox(name, 1, 50 + 170 * n, 60, 160, 50, f"İmza {n}") for n, name in enumerate(FIELDS)]
    pdf = PdfFieldPlacer(font).place(BASE.read_bytes(), boxes)
    for name, key in zip(FIELDS, (session_pki.person(), *map(session_pki.variant, ("rsa", "p384"))), strict=True):
        prepared = engine.prepare(
            pdf,
            field=name,
            certificate=key.certificate,
            chain=key.chain,
            appearance=Appearance("Elektron imza", ("Quliyeva Nərmin İlqar qızı",), "SINAQ İMZASI"),
            signing_time=datetime.now(UTC),
        )
        pdf = engine.complete(pdf, prepared, key.sign(prepared.to_be_signed, prepared.algorithm), level=Level.B_T).pdf
    extended = engine.extend(pdf, target=Level.B_LT).pdf
    yield Made(pdf, extended, engine.extend(extended, target=Level.B_LTA).pdf)
    transport.close()


@pytest.fixture
def strict(session_pki: RunningPki) -> PadesValidator:
    return PadesValidator(session_pki.trust, SystemClock().now)


def test_every_stage_reaches_its_level(made, strict, session_pki, codes):
    signed = strict.validate(made.signed)
    assert (signed.valid, signed.level, signed.pdfa, signed.development) == (True, Level.B_T, "3B", True)
    open_end = PadesValidator(session_pki.trust, SystemClock().now, open_end=True).validate(made.extended)
    assert (open_end.valid, open_end.level) == (True, Level.B_LT)
    assert "signing.uncovered_extension" in codes(strict.validate(made.extended))
    final = strict.validate(made.archived, expectation=Expectation(FIELDS, Level.B_LTA))
    assert (final.valid, final.level) == (True, Level.B_LTA)
    assert [s.kind for s in final.signatures] == ["signature"] * 3 + ["timestamp"]
    assert codes(final) == {"signing.development_trust"}
    assert {s.fin for s in final.signatures[:3]} == {HOLDER.fin}
    assert {s.revocation for s in final.signatures} == {"good"}
    assert all(s.proof == "signature-time-stamp" for s in final.signatures[:3])


def test_stays_valid_after_the_signers_certificates_expired(made, strict):
    report = strict.validate(made.archived, at=datetime.now(UTC) + timedelta(days=900))
    assert [s.valid for s in report.signatures[:3]] == [True, True, True] or not report.signatures[3].valid


def test_pdfsig_and_qpdf_agree(made, tmp_path: Path):
    file = tmp_path / "final.pdf"
    file.write_bytes(made.archived)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 3
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_the_uncovered_bytes_of_our_own_files_are_pinned(made, strict, judged):
    """A sample over the whole container of each stage; the exhaustive walk is in ``test_uncovered_bytes``."""
    for pdf in (made.signed, made.archived):
        start = pdf.rindex(b"/Contents") + 9
        start = pdf.index(b"<", start)
        end = pdf.index(b">", start)
        used = len(pdf[start + 1 : end].rstrip(b"0"))
        for place in (*range(start, start + used, max(1, used // 23)), end - 2, end):
            changed = pdf[:place] + bytes((pdf[place] ^ 1,)) + pdf[place + 1 :]
            assert not judged(strict, changed), place


def test_removed_revision_is_noticed(made, strict, codes):
    cut = made.archived[: len(made.extended)]
    assert cut == made.extended
    for pdf in (cut, made.signed):
        report = strict.validate(pdf, expectation=Expectation(FIELDS, Level.B_LTA))
        assert not report.valid
        assert "signing.level_below_declared" in codes(report)


def test_untrusted_elsewhere(made, validator, codes):
    report = validator.validate(made.archived, at=datetime.now(UTC))
    assert not report.valid
    assert "signing.untrusted_signer" in codes(report)

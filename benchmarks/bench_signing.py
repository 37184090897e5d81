"""Thirty visible signatures in series: this engine against stock pyHanko, in one run.

Both sign the same PDF/A-3b with the same P-256 key, level B-B, in a field that exists already, and show the same text
in the same typeface. Stock pyHanko is used as its documentation shows it: ``SimpleSigner``, ``TextStampStyle`` and
``GlyphAccumulatorFactory`` with the whole Noto Sans, each revision written in place. The two take turns, three rounds,
and the median of the processor time counts, which other work on the machine disturbs least.

Run: ``python -m benchmarks.bench_signing``.
"""

from __future__ import annotations

import gc
import io
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko import stamp
from pyhanko.pdf_utils import text
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.api import Appearance, FieldBox, Level
from signing.appearance_font import AppearanceFont
from signing.engine import PyHankoEngine
from signing.fields import PdfFieldPlacer

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "tests" / "signing" / "data" / "base.pdf"
FULL_FONT = Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")
SIGNERS = 30
ROUNDS = 3
LINES = ("Quliyeva Nərmin İlqar qızı", "KOBİA, şöbə müdiri", "20.11.2026 12:00:00 +04:00", "Sertifikat: 01AB23CD45")


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class _Key:
    """A P-256 key with a certificate of its own."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "QULİYEVA NƏRMİN İLQAR QIZI")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.KeyUsage(True, True, False, False, False, False, False, False, False),
                critical=True,
            )
            .sign(self.private, hashes.SHA256())
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.DER)

    def pkcs8(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def _placed(font: AppearanceFont) -> bytes:
    boxes = [
        FieldBox(f"imza{i}", 1, 50 + i % 3 * 170, 60 + i // 3 * 55, 160, 50, f"İmza {i + 1}") for i in range(SIGNERS)
    ]
    return PdfFieldPlacer(font).place(BASE.read_bytes(), boxes)


def _own(engine: PyHankoEngine, key: _Key, placed: bytes) -> bytes:
    current = placed
    for number in range(SIGNERS):
        prepared = engine.prepare(
            current,
            field=f"imza{number}",
            certificate=key.certificate,
            chain=(),
            appearance=Appearance("Elektron imza", LINES),
            signing_time=datetime.now(UTC),
        )
        signature = key.private.sign(prepared.to_be_signed, ec.ECDSA(hashes.SHA256()))
        current = engine.complete(current, prepared, signature, level=Level.B_B).pdf
    return current


def _stock(key: _Key, placed: bytes) -> bytes:
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(key.certificate),
        signing_key=keys.PrivateKeyInfo.load(key.pkcs8()),
        cert_registry=SimpleCertificateStore(),
    )
    file = io.BytesIO(placed)
    for number in range(SIGNERS):
        style = stamp.TextStampStyle(
            stamp_text="\n".join(("Elektron imza", *LINES)),
            text_box_style=text.TextBoxStyle(font=GlyphAccumulatorFactory(str(FULL_FONT)), font_size=7),
            background=None,
        )
        meta = signers.PdfSignatureMetadata(field_name=f"imza{number}", subfilter=fields.SigSeedSubFilter.PADES)
        signers.PdfSigner(meta, signer, stamp_style=style).sign_pdf(IncrementalPdfFileWriter(file), in_place=True)
    return file.getvalue()


def _seconds(work: Callable[[], bytes]) -> tuple[float, int]:
    gc.collect()
    start = time.process_time()
    size = len(work())
    return time.process_time() - start, size


def _memory_growth(work: Callable[[], bytes]) -> int:
    """Bytes still held after the second of two runs, compared with after the first."""
    work()
    gc.collect()
    tracemalloc.start()
    work()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def run() -> dict[str, float]:
    """``seconds_own``/``seconds_stock`` for all signatures (medians), their ``ratio``, the bytes that one signature
    appends, and what memory the engine still holds after a whole series (``memory_growth_kb``)."""
    font = AppearanceFont.load()
    engine = PyHankoEngine(font, None, transport=None, roots=(), clock=_Clock())
    key = _Key()
    placed = _placed(font)
    own, stock = [], []
    for _ in range(ROUNDS):
        own.append(_seconds(lambda: _own(engine, key, placed)))
        stock.append(_seconds(lambda: _stock(key, placed)))
    seconds_own = statistics.median(seconds for seconds, _ in own)
    seconds_stock = statistics.median(seconds for seconds, _ in stock)
    return {
        "signatures": SIGNERS,
        "seconds_own": round(seconds_own, 3),
        "seconds_stock": round(seconds_stock, 3),
        "ratio": round(seconds_stock / seconds_own, 2),
        "bytes_per_signature_own": round((own[0][1] - len(placed)) / SIGNERS),
        "bytes_per_signature_stock": round((stock[0][1] - len(placed)) / SIGNERS),
        "memory_growth_kb": round(_memory_growth(lambda: _own(engine, key, placed)) / 1024, 1),
    }


def main() -> None:
    for name, value in run().items():
        sys.stdout.write(f"{name:28}{value:>12}\n")


if __name__ == "__main__":
    main()

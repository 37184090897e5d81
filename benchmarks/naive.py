"""What one would write without this service: LibreOffice started for each document, stock pyHanko for each signature.

As their documentation shows it: ``soffice --convert-to`` with a warm profile, then ``PdfSigner`` with
``TextStampStyle`` and a time stamp from the same authority for each signatory, the last one with a document time
stamp (B-LTA). No number, visa, check of certificates before signing, validation, archive, log or reserve centre.
"""

from __future__ import annotations

import io
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from pyhanko import stamp
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils import text
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from benchmarks.bench_conversion import convert_once, sample_docx
from benchmarks.bench_signing import FULL_FONT, LINES
from doc_service.rendering.office_worker import OfficeSettings
from tools.production import Parts
from tools.servers.provider import PIN

SIGNATURES = 12


def naive_per_minute(parts: Parts, place: Path, documents: int, *, processes: int) -> dict[str, Any]:
    """Documents a minute in ``processes`` processes, each with a profile of its own; the first of each does not
    count."""
    place.mkdir()
    spawn = multiprocessing.get_context("spawn")
    assert parts.provider is not None
    people, trust = parts.provider.place / "people", parts.provider.trust_dir
    shares = [(place / str(i), documents // processes, people, trust, parts.provider.tsa_url) for i in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        spans = list(pool.map(_carry, shares))
    wall = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return {
        "documents": documents, "processes": processes, "seconds": round(wall, 1),
        "documents_per_minute": round(60 * documents / wall, 1),
    }  # fmt: skip


def _carry(share: tuple[Path, int, Path, Path, str]) -> tuple[float, float]:
    place, count, people, trust, tsa = share
    place.mkdir()
    (place / "protocol.docx").write_bytes(sample_docx())
    files = sorted(people.glob("*.p12"))[:SIGNATURES]
    signatories = [signers.SimpleSigner.load_pkcs12(str(file), passphrase=PIN.encode()) for file in files]
    work = [signer for signer in signatories if signer is not None]
    _document(place, work, trust, tsa, 0)
    begun = time.time()
    for number in range(1, count + 1):
        _document(place, work, trust, tsa, number)
    return begun, time.time()


def _document(place: Path, signatories: list[Any], trust: Path, tsa: str, number: int) -> None:
    convert_once(OfficeSettings().program, place)
    file = io.BytesIO((place / "protocol.pdf").read_bytes())
    authority = HTTPTimeStamper(tsa)
    for index, signer in enumerate(signatories):
        last = index == len(signatories) - 1
        _sign(file, signer, authority, f"imza{index}", _context(trust) if last else None)
    (place / f"{number}.pdf").write_bytes(file.getvalue())


def _sign(file: io.BytesIO, signer: Any, authority: Any, name: str, context: ValidationContext | None) -> None:
    row, column = divmod(int(name.removeprefix("imza")), 3)
    spec = fields.SigFieldSpec(name, box=(50 + column * 170, 60 + row * 55, 210 + column * 170, 110 + row * 55))
    style = stamp.TextStampStyle(
        stamp_text="\n".join(("Elektron imza", *LINES)),
        text_box_style=text.TextBoxStyle(font=GlyphAccumulatorFactory(str(FULL_FONT)), font_size=7),
        background=None,
    )
    meta = signers.PdfSignatureMetadata(
        field_name=name, subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=context is not None, use_pades_lta=context is not None, validation_context=context,
    )  # fmt: skip
    pdf_signer = signers.PdfSigner(meta, signer, timestamper=authority, stamp_style=style, new_field_spec=spec)
    pdf_signer.sign_pdf(IncrementalPdfFileWriter(file, strict=False), in_place=True)


def _context(trust: Path) -> ValidationContext:
    root, issuing = (load_cert_from_pemder(str(trust / f"{name}.pem")) for name in ("root", "issuing"))
    return ValidationContext(
        trust_roots=[root], other_certs=[issuing], allow_fetching=True, revocation_mode="soft-fail"
    )

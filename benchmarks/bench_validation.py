"""Validation of thirty B-T signatures with change detection, against stock pyHanko, in one run.

Both judge the same bytes by the same root at the same moment; both must find every signature valid, and both must say
the same of every file in a set of forged and of honestly extended ones. ``python -m benchmarks.bench_validation``."""

from __future__ import annotations

import asyncio
import logging
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from benchmarks.validation_samples import EPOCH, SamplePki, signed_by_many
from benchmarks.validation_tampering import FORGERIES, PERMITTED, signed_sample
from signing.trust import TrustAnchor, TrustStore
from signing.validate import PadesValidator

AT = EPOCH + timedelta(days=8)


async def _stock(pdf: bytes, root: SamplePki, at: datetime) -> bool:
    reader = PdfFileReader(BytesIO(pdf))
    verdicts: list[bool] = []
    for embedded in reader.embedded_signatures:
        context = ValidationContext(trust_roots=[root.root.asn1], moment=at)
        if embedded.sig_object_type == "/DocTimeStamp":
            status = await async_validate_pdf_timestamp(embedded, context)
            verdicts.append(bool(status.valid and status.trusted and status.intact))
        else:
            verdicts.append((await async_validate_pdf_signature(embedded, context)).bottom_line)
    return bool(verdicts) and all(verdicts)


def stock_verdict(pdf: bytes, pki: SamplePki, at: datetime = AT) -> bool:
    """All signatures and time stamps valid in the eyes of stock pyHanko; what it cannot process is not valid."""
    try:
        return asyncio.run(_stock(pdf, pki, at))
    except Exception:
        return False


def _measure(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def run(count: int = 30, rounds: int = 3) -> dict[str, float | int | bool]:
    """CPU seconds of both (medians), their ratio, and whether the verdicts agree."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    pki = SamplePki()
    validator = PadesValidator(TrustStore([TrustAnchor("sample", pki.root.der)]), lambda: AT)
    pdf = signed_by_many(pki, count)
    ours = _measure(lambda: validator.validate(pdf), rounds)
    stock = _measure(lambda: asyncio.run(_stock(pdf, pki, AT)), rounds)
    sample = signed_sample(pki)
    files = [pdf, *(make(sample, pki) for make in (*FORGERIES.values(), *PERMITTED.values()))]
    agree = [validator.validate(file).valid == stock_verdict(file, pki) for file in files]
    return {
        "signatures": count,
        "stock_seconds": round(stock, 3),
        "our_seconds": round(ours, 3),
        "ratio": round(stock / ours, 2),
        "files_compared": len(files),
        "verdicts_agree": all(agree),
    }


def main() -> None:
    result = run()
    print(
        f"validation of {result['signatures']} B-T signatures with change detection: "
        f"stock pyHanko {result['stock_seconds']} s, ours {result['our_seconds']} s, ratio {result['ratio']}; "
        f"verdicts on {result['files_compared']} files {'agree' if result['verdicts_agree'] else 'DIFFER'}"
    )


if __name__ == "__main__":
    main()

"""Prepare and complete on the server, for a four-page protocol with thirty signature fields, without TSA.

The two steps are what a person waits for between agreeing and having signed, beside the own device. Timed are the use
cases with the real database, archive and certificate checks (OCSP in a process of its own), then the same over HTTP
from one client at a time. Beside them, in the same run and on the same file: stock pyHanko with the keys in its own
process, which checks no certificate and keeps no record. It draws a stamp in its default font, which has no ə, and in
Noto Sans, which has. Everybody signs in turn, so the file grows by a signature each time. Over HTTP the last signature
is left out: what follows it (extension, archive) is a worker's and would share the one process of the embedded default.

Then what a background job ANNOUNCE costs, of which each signature asks for one.

Run: ``python -m benchmarks.bench_remote [DOCUMENTS]``.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
from pyhanko import stamp
from pyhanko.pdf_utils import text
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from benchmarks.bench_signing import FULL_FONT, LINES
from benchmarks.members import (
    FIELDS,
    Members,
    device,
    milliseconds,
    opened_members,
    opened_service,
    served,
    signed,
    timed,
    used,
)
from doc_service.bootstrap import Container
from doc_service.bootstrap.handlers import build_handlers
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import SignatureRequest
from doc_service.jobs.runner import JobRunner
from tools.servers.provider import PIN

DOCUMENTS = 6
"""By each way; the first of each is not counted."""
WANTED_P95_MS = 60.0
_IDLE = timedelta(seconds=120)


def run(documents: int = DOCUMENTS) -> dict[str, Any]:
    """Milliseconds of the two steps together and of each, by way; ``announce``: of a job."""
    with tempfile.TemporaryDirectory(prefix="bench-remote-") as name, opened_members(Path(name), FIELDS) as members:
        with opened_service(members) as service:
            members.begin(service)
            direct = [members.document(service, f"birbasa-{n}", members.people) for n in range(documents)]
            use_cases = _counted(direct, lambda request: _by_use_cases(service, members, request))
            announce = _announcements(service)
            over = [members.document(service, f"http-{n}", members.people) for n in range(documents)]
        with served(members) as (base, process), httpx.Client(base_url=base, timeout=60) as http:
            part = psutil.Process(process.pid)
            before = used(part)
            unfinished = [requests[:-1] for requests in over]
            interface = _counted(unfinished, lambda request: _over_http(http, members, request))
            interface["processor_ms"] = round(1000 * (used(part) - before) / (documents * (FIELDS - 1)), 1)
        return {
            "fields": FIELDS,
            "pages": 4,
            "bytes": len(members.original),
            "use_cases": use_cases,
            "http": interface,
            "stock_default": _stock(members, documents, noto=False),
            "stock_noto": _stock(members, documents, noto=True),
            "announce": announce,
            "wanted_p95_ms": WANTED_P95_MS,
        }


Steps = tuple[float, float]


def _counted(
    documents: Sequence[Sequence[SignatureRequest]], sign: Callable[[SignatureRequest], Steps]
) -> dict[str, Any]:
    found: list[Steps] = []
    for number, requests in enumerate(documents):
        steps = [sign(request) for request in requests]
        found += steps if number else []
    return {
        **milliseconds([prepare + complete for prepare, complete in found]),
        "prepare": milliseconds([prepare for prepare, _ in found]),
        "complete": milliseconds([complete for _, complete in found]),
        "signatures": len(found),
    }


def _by_use_cases(service: Container, members: Members, request: SignatureRequest) -> Steps:
    key, use, actor = members.key(request.signer), service.use_cases, request.signer.id
    first, prepared = timed(lambda: use.prepare_signature(request.id, key.certificate, key.chain, actor))
    made = key.sign(prepared.to_be_signed, prepared.signature_algorithm)
    second, _ = timed(lambda: use.complete_signature(request.id, made, actor, prepared_sha256=prepared.sha256))
    return first, second


def _over_http(http: httpx.Client, members: Members, request: SignatureRequest) -> Steps:
    key, place = members.key(request.signer), f"/v1/signature-requests/{request.id}"
    bearer = {"authorization": f"Bearer {members.sessions[request.signer.id]}"}

    def post(step: str, body: Any) -> Any:
        answer = http.post(f"{place}/{step}", json=body, headers={**bearer, "idempotency-key": uuid.uuid4().hex})
        answer.raise_for_status()
        return answer.json()

    told = device(key)
    first, prepared = timed(lambda: post("preparation", told))
    made = signed(key, prepared)
    second, _ = timed(lambda: post("signature", made))
    return first, second


def _stock(members: Members, documents: int, *, noto: bool) -> dict[str, Any]:
    """One signature after the other into the same file; keys are open beforehand, as ours are."""
    opened = [
        signers.SimpleSigner.load_pkcs12(members.provider.key_file(p.fin), passphrase=PIN.encode())
        for p in members.people[:FIELDS]
    ]
    found: list[float] = []
    for number in range(documents):
        file = io.BytesIO(members.original)
        seconds = [_stock_signature(file, signer, f"imza{n + 1}", noto) for n, signer in enumerate(opened)]
        found += seconds if number else []
    return {**milliseconds(found), "signatures": len(found)}


def _stock_signature(file: io.BytesIO, signer: Any, name: str, noto: bool) -> float:
    start = time.perf_counter()
    style = stamp.TextStampStyle(stamp_text="Imzaladi: %(signer)s\n%(ts)s")
    if noto:
        box = text.TextBoxStyle(font=GlyphAccumulatorFactory(str(FULL_FONT)), font_size=7)
        style = stamp.TextStampStyle(stamp_text="\n".join(LINES), text_box_style=box, background=None)
    meta = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(file)
    signers.PdfSigner(meta, signer, stamp_style=style).sign_pdf(writer, in_place=True)
    return time.perf_counter() - start


def _announcements(service: Container) -> dict[str, Any]:
    """Of the jobs that the signatures left: the handler alone, and the whole job with its claim and its end."""
    inner: dict[str, list[float]] = {}
    whole: list[float] = []
    parts = service.parts

    def watched(kind: JobKind, handler: Callable[[Job], None]) -> Callable[[Job], None]:
        def run_one(job: Job) -> None:
            inner.setdefault(kind, []).append(timed(lambda: handler(job))[0])

        return run_one

    handlers = {kind: watched(kind, handler) for kind, handler in build_handlers(parts).items()}
    runner = JobRunner(
        parts.units, handlers, parts.work.clock, parts.work.ids,
        jitter=lambda: 0.0, wake=threading.Event(), lease=timedelta(seconds=60),
    )  # fmt: skip
    while True:
        before = len(inner.get(JobKind.ANNOUNCE, ()))
        seconds, busy = timed(runner.run_once)
        if not busy:
            break
        if len(inner.get(JobKind.ANNOUNCE, ())) > before:
            whole.append(seconds)
    alone = inner.get(JobKind.ANNOUNCE, [])
    return {"jobs": len(whole), "handler": milliseconds(alone), "whole": milliseconds(whole)}


def main() -> None:
    documents = int((sys.argv[1:] or [str(DOCUMENTS)])[0])
    sys.stdout.write(json.dumps(run(documents), indent=1) + "\n")


if __name__ == "__main__":
    main()

"""What may be done to the demonstration's final file, and how it is judged: helpers of ``test_tampered_final``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from doc_service.bootstrap import Container, open_container, open_verifier
from doc_service.domain.documents import DocumentState
from doc_service.domain.visas import VisaAction
from doc_service.services.draft_document import DraftRequest
from doc_service.services.verify_file import VerifyFile
from doc_service.settings import Settings
from signing.api import SigningError

_verifier: dict[Path, VerifyFile] = {}
_GAP = re.compile(rb"/Contents (<[0-9A-Fa-f]+>)\s*/ByteRange")
_ACTOR = "katib"


@dataclass(frozen=True)
class Verdict:
    """``codes``: the findings that explain it, or the one refusal of a file that cannot be judged."""

    valid: bool
    codes: frozenset[str]


def judge(anchors: Path, pdf: bytes) -> Verdict:
    """As ``doc-service verify`` does; anything but a report or a refusal with a code escapes."""
    if anchors not in _verifier:
        _verifier[anchors] = open_verifier(Settings(data_dir=anchors.parent), [anchors])
    try:
        report = _verifier[anchors](pdf).report
    except SigningError as refusal:
        return Verdict(False, frozenset({refusal.code}))
    findings = (*report.findings, *(f for s in report.signatures for f in s.findings))
    return Verdict(report.valid, frozenset(f.code for f in findings) - {"signing.development_trust"})


class Judges:
    """Judges files two at a time."""

    def __init__(self, pool: ProcessPoolExecutor, anchors: Path) -> None:
        self._pool = pool
        self._anchors = anchors

    def __call__(self, pdf: bytes) -> Verdict:
        return self.all([pdf])[0]

    def all(self, files: Iterable[bytes]) -> list[Verdict]:
        rest = iter(files)
        verdicts: list[Verdict] = []
        while batch := list(islice(rest, 16)):
            verdicts += self._pool.map(judge, [self._anchors] * len(batch), batch)
        return verdicts


@contextmanager
def judging(anchors: Path) -> Iterator[Judges]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield Judges(pool, anchors)


@dataclass(frozen=True)
class Gap:
    """The place of a signature container: offsets of "<" and just after ">", and the DER inside."""

    start: int
    end: int
    container: bytes

    @property
    def used(self) -> int:
        """Offset of the first padding digit."""
        return self.start + 1 + 2 * len(self.container)


def gaps(pdf: bytes) -> list[Gap]:
    """Of every signature, in the order of the file."""
    found = []
    for match in _GAP.finditer(pdf):
        value = bytes.fromhex(match[1][1:-1].decode())
        found.append(Gap(match.start(1), match.end(1), cms.ContentInfo.load(value).dump()))
    return found


def with_bytes(pdf: bytes, place: int, new: bytes) -> bytes:
    return pdf[:place] + new + pdf[place + len(new) :]


def flipped(pdf: bytes, place: int) -> bytes:
    """One bit of one byte."""
    return with_bytes(pdf, place, bytes((pdf[place] ^ 1,)))


def other_digit(pdf: bytes, place: int) -> bytes:
    """Another hexadecimal digit there."""
    return with_bytes(pdf, place, b"%X" % ((int(pdf[place : place + 1], 16) + 5) % 16))


def transplanted(pdf: bytes, gap: Gap, container: bytes) -> bytes:
    """``container`` in the place of another."""
    room = gap.end - gap.start - 2
    return with_bytes(pdf, gap.start + 1, container.hex().upper().encode().ljust(room, b"0"))


def revision_ends(pdf: bytes) -> list[int]:
    return [match.end() for match in re.finditer(rb"%%EOF\r?\n?", pdf)]


def updated(pdf: bytes, objects: Iterable[tuple[int, generic.PdfObject]]) -> bytes:
    """An incremental update that replaces the numbered objects."""
    out = BytesIO(pdf)
    update = IncrementalPdfFileWriter(out)
    for number, value in objects:
        update.objects[(0, number)] = value
        if isinstance(value, generic.StreamObject):
            value.container_ref = generic.Reference(number, 0, update)
    update.write_in_place()
    return out.getvalue()


def _stream(data: bytes, entries: dict[str, Any] | None = None) -> generic.StreamObject:
    names = {pdf_name(key): value for key, value in (entries or {}).items()}
    return generic.StreamObject(names, stream_data=data)


def figure_changed(pdf: bytes) -> bytes:
    """Another digit in a count of votes, by an incremental update of the page's content."""
    with pikepdf.open(BytesIO(pdf)) as source:
        for page in source.pages:
            changed = _other_figure(page)
            if changed is not None:
                return updated(pdf, [(page.Contents.objgen[0], _stream(changed))])
    raise AssertionError("no figure on any page")


def _other_figure(page: pikepdf.Page) -> bytes | None:
    """The page's content with the last digit of its first count of votes (what follows the table's head) replaced by
    another of the font."""
    fonts = {name: _characters(font) for name, font in page.Resources.Font.items()}
    instructions = list(pikepdf.parse_content_stream(page))
    characters: dict[int, str] = {}
    before = ""
    for place, (operands, operator) in enumerate(instructions):
        if str(operator) == "Tf":
            characters = fonts[str(operands[0])]
        if str(operator) not in ("Tj", "TJ"):
            continue
        strings = [s for s in (operands[0] if str(operator) == "TJ" else operands) if isinstance(s, pikepdf.String)]
        shown = "".join(characters.get(code, "") for s in strings for code in bytes(s))
        digits = [code for code, text in characters.items() if text.isdigit()]
        if before == "Nəticə" and shown.isdigit():
            code = bytes(strings[-1])[-1]
            other = next(d for d in digits if d != code)
            text = pikepdf.String(b"".join(bytes(s) for s in strings)[:-1] + bytes((other,)))
            instructions[place] = pikepdf.ContentStreamInstruction([text], pikepdf.Operator("Tj"))
            return pikepdf.unparse_content_stream(instructions)
        before = shown.strip()
    return None


def _characters(font: Any) -> dict[int, str]:
    """What the codes of a simple font mean, by its /ToUnicode."""
    if "/ToUnicode" not in font:
        return {}
    table = font.ToUnicode.read_bytes()
    pairs = re.findall(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4})>", table)
    return {int(code, 16): chr(int(text, 16)) for code, text in pairs}


def attachment_changed(pdf: bytes) -> bytes:
    """Other votes in the embedded data, the page untouched."""
    with pikepdf.open(BytesIO(pdf)) as source:
        file = source.attachments["data.json"].obj.EF.F
        data = file.read_bytes().replace(b'"for"', b'"against"', 1)
        assert data != file.read_bytes()
        entries = {"/Type": pdf_name("/EmbeddedFile"), "/Subtype": pdf_name("/application#2Fjson")}
        return updated(pdf, [(file.objgen[0], _stream(data, entries))])


def appearance_changed(pdf: bytes) -> bytes:
    """The visible signature of the first signer shows nothing any more."""
    with pikepdf.open(BytesIO(pdf)) as source:
        widget = next(a for page in source.pages for a in page.get("/Annots", []) if "/AP" in a and "/V" in a)
        form = widget.AP.N
        box = generic.ArrayObject([generic.NumberObject(int(v)) for v in form.BBox])
        entries = {"/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Form"), "/BBox": box}
        return updated(pdf, [(form.objgen[0], _stream(b"", entries))])


def note_added(pdf: bytes) -> bytes:
    """A text over the page."""
    out = BytesIO(pdf)
    update = IncrementalPdfFileWriter(out)
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (60, 400, 500, 430))),
            pdf_name("/Contents"): generic.pdf_string("Qərar qəbul edilmədi"),
            pdf_name("/F"): generic.NumberObject(4),
        }
    )
    reference, _ = update.find_page_for_modification(0)
    page = reference.get_object()
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), update.add_object(note)])
    update.mark_update(reference)
    update.write_in_place()
    return out.getvalue()


def rewritten(pdf: bytes) -> bytes:
    """The same document written anew by another program."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as source:
        source.save(out)
    return out.getvalue()


def second_document(data: Path) -> bytes:
    """Another protocol of the demonstration's meeting, signed by the same persons with the same keys: its final file.

    ``data``: a copy of the demonstration's data; the service runs over it meanwhile."""
    with open_container(Settings(data_dir=data)) as service:
        with service.work.uow.reading() as uow:
            first = uow.documents.search(limit=1)[0]
            body = uow.bodies.get(first.body_id)
        request = DraftRequest("second", first.instrument, body.id, first.meeting_id, first.data)
        use = service.use_cases
        use.draft_document(request, _ACTOR)
        use.submit_document("second", _ACTOR)
        with service.work.uow.reading() as uow:
            units = [visa.unit for visa in uow.visas.of_document("second")]
        for unit in units:
            use.decide_visa("second", unit, VisaAction.GRANT, _ACTOR)
        use.register_document("second", _ACTOR)
        service.runner.run_until_idle(timedelta(seconds=120))
        _sign_all(service)
        service.runner.run_until_idle(timedelta(seconds=120))
        with service.work.uow.reading() as uow:
            document = uow.documents.get("second")
        assert document.state is DocumentState.ARCHIVED
        assert document.head is not None
        return service.store.read(document.head.key)


def _sign_all(service: Container) -> None:
    while True:
        with service.work.uow.reading() as uow:
            waiting = [r for r in uow.signatures.of_document("second") if str(r.state) == "open"]
        if not waiting:
            return
        request = waiting[0]
        service.use_cases.sign_with_key(request.id, service.development_key(request.signer), request.signer.id)


def parts_of_container(container: bytes) -> Sequence[tuple[str, int]]:
    """Every kind of byte in a document time stamp's container: name, and offset of one such byte in the DER."""
    signed = cms.ContentInfo.load(container)["content"]
    signer = signed["signer_infos"][0]
    info = signed["encap_content_info"]["content"].parsed
    certificates = [choice.chosen for choice in signed["certificates"]]
    values: list[tuple[str, bytes]] = [
        ("tst_info", info.dump()),
        ("gen_time", info["gen_time"].dump()),
        ("imprint", info["message_imprint"]["hashed_message"].dump()),
        ("imprint algorithm", info["message_imprint"]["hash_algorithm"].dump()),
        ("policy", info["policy"].dump()),
        ("nonce", info["nonce"].dump()),
        ("serial number", info["serial_number"].dump()),
        ("signer identifier", signer["sid"].dump()),
        ("digest algorithm", signer["digest_algorithm"].dump()),
        ("signature algorithm", signer["signature_algorithm"].dump()),
        ("signature value", signer["signature"].dump()),
        ("digest algorithms", signed["digest_algorithms"].dump()),
        *((f"attribute {a['type'].native}", a.dump()) for a in signer["signed_attrs"]),
        *((f"certificate {n}", c.dump()) for n, c in enumerate(certificates)),
        *((f"key of certificate {n}", c.public_key.dump()) for n, c in enumerate(certificates)),
        *((f"signature of certificate {n}", c["signature_value"].dump()) for n, c in enumerate(certificates)),
    ]
    places = [("tag", 0), ("length", 2)]
    for number, (name, value) in enumerate(values):
        start = container.rindex(value) if name == "signer identifier" else container.index(value)
        places.append((name, start + (len(value) // 2, 0, 1, len(value) - 1)[number % 4]))
    return list({place: (name, place) for name, place in places}.values())

"""The demonstration's final file after every kind of tampering: not valid, and why."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.conftest import Demo, run
from tests.e2e.tampered_files import (
    Judges,
    appearance_changed,
    attachment_changed,
    figure_changed,
    flipped,
    gaps,
    judging,
    note_added,
    other_digit,
    parts_of_container,
    revision_ends,
    rewritten,
    second_document,
    transplanted,
    updated,
    with_bytes,
)

pytestmark = pytest.mark.xdist_group("demo")

FIRST, LAST = "first", "last"
STRUCTURES: dict[str, tuple[bytes, str]] = {
    "version in the header": (rb"%PDF-1\.(\d)", FIRST),
    "binary mark": (rb"%PDF-1\.\d\s+%(.)", FIRST),
    "object number": (rb"\n(\d)\d* 0 obj", FIRST),
    "generation": (rb"\n\d+ (0) obj", LAST),
    "keyword obj": (rb"\d 0 (o)bj", FIRST),
    "keyword endobj": (rb"e(n)dobj", LAST),
    "keyword stream": (rb">>\s*s(t)ream\r?\n", FIRST),
    "keyword endstream": (rb"en(d)stream", LAST),
    "object stream": (rb"/Type /ObjStm.{0,90}?stream\r?\n.{200}(.)", FIRST),
    "type of an object stream": (rb"/Type /Ob(j)Stm", FIRST),
    "number of objects": (rb"/Type /ObjStm.{0,60}/N (\d)", FIRST),
    "cross-references": (rb"/Type /XRef.{0,400}?stream\r?\n.{20}(.)", FIRST),
    "widths of cross-references": (rb"/W \[ 1 (\d)", LAST),
    "pointer to the previous revision": (rb"/Prev (\d)", LAST),
    "root": (rb"/Root (\d)", LAST),
    "size": (rb"/Size (\d)", LAST),
    "file identifier": (rb"/ID \[ <(.)", LAST),
    "startxref": (rb"startxref\s+(\d)\d+\s+%%EOF", FIRST),
    "last startxref": (rb"startxref\s+\d+(\d)\s+%%EOF", LAST),
    "end of a revision": (rb"%%E(O)F", FIRST),
    "end of the file": (rb"%%EO(F)", LAST),
    "content of a page": (rb"/Length \d{4} >>\s*stream\r?\n.{300}(.)", FIRST),
    "font": (rb"/Length1 \d+.{0,40}?stream\r?\n.{900}(.)", FIRST),
    "colour profile": (rb"/N 3.{0,40}?stream\r?\n.{500}(.)", FIRST),
    "metadata": (rb"<pdfaid:par(t)>", FIRST),
    "PDF/A claim": (rb"<pdfaid:part>(3)", FIRST),
    "attachment": (rb"/CreationDate.{0,300}?stream\r?\n.{40}(.)", FIRST),
    "date of an attachment": (rb"/CreationDate \(D:(2)", FIRST),
    "empty appearance": (rb"/BBox \[ 0 0 (1)80", FIRST),
    "appearance": (rb"/Subtype /Form.{0,200}?stream\r?\n.{80}(.)", LAST),
    "rectangle of a field": (rb"/Rect \[ (\d)", LAST),
    "name of a field": (rb"/T \(s(i)g", FIRST),
    "tooltip": (rb"/TU \(.{40}(.)", FIRST),
    "flags": (rb"/F (4)\s", FIRST),
    "value of a field": (rb"/V (\d)", FIRST),
    "signature type": (rb"/Type /(S)ig", LAST),
    "filter": (rb"/Filter /A(d)obe\.PPKLite", FIRST),
    "subfilter": (rb"/SubFilter /ETSI\.CAdES\.(d)etached", LAST),
    "subfilter of the time stamp": (rb"/SubFilter /ETSI\.RFC316(1)", LAST),
    "reason": (rb"/Reason \(.{20}(.)", FIRST),
    "claimed time": (rb"/M \(D\\072\d{13}(\d)", LAST),
    "first byte range": (rb"/ByteRange \[0 (\d)", FIRST),
    "last byte range": (rb"/ByteRange \[0 \d+ \d+ (\d)", LAST),
    "room of a byte range": (rb"/ByteRange \[[\d ]+\] {5}( )", LAST),
    "key of a container": (rb"/Conten(t)s <", LAST),
    "first container": (rb"/Contents <.{2000}(.)", FIRST),
    "padding of the first container": (rb"(0)>\s*/ByteRange", FIRST),
    "validation data": (rb"/(D)SS", LAST),
    "OCSP answers": (rb"/OCSP(s) ", LAST),
    "line end": (rb"endobj(\n)", LAST),
}
SPREAD = 16


@pytest.fixture(scope="module")
def pdf(demo: Demo) -> bytes:
    return demo.final.read_bytes()


@pytest.fixture(scope="module")
def judges(demo: Demo) -> Iterator[Judges]:
    with judging(demo.anchors) as judges:
        yield judges


@pytest.fixture(scope="module")
def other(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    data = tmp_path_factory.mktemp("second") / "data"
    shutil.copytree(demo.out / "data", data, copy_function=shutil.copy)
    return second_document(data)


def places(pdf: bytes) -> dict[str, int]:
    found = {}
    for name, (pattern, which) in STRUCTURES.items():
        matches = [m.start(1) for m in re.finditer(pattern, pdf, re.DOTALL)]
        assert matches, f"nothing of the kind {name!r} in the file"
        found[name] = matches[0 if which == FIRST else -1]
    return found


def test_the_file_itself_is_valid(pdf: bytes, judges: Judges) -> None:
    verdict = judges(pdf)
    assert verdict.valid
    assert verdict.codes == set()


@pytest.mark.slow
def test_one_changed_bit_in_every_kind_of_structure(pdf: bytes, judges: Judges) -> None:
    kinds = places(pdf)
    verdicts = judges.all(flipped(pdf, place) for place in kinds.values())
    seen = dict(zip(kinds, verdicts, strict=True))
    assert [name for name, verdict in seen.items() if verdict.valid] == []
    assert [name for name, verdict in seen.items() if not verdict.codes] == []


def test_one_changed_byte_anywhere(pdf: bytes, judges: Judges) -> None:
    """002 §6.1.9: no forgery passes. Evenly over the whole file, each place with its own bit pattern."""
    last = gaps(pdf)[-1]
    spread = [(n * len(pdf) // SPREAD + 7 * n, 1 + n * 37 % 255) for n in range(SPREAD)]
    spread = [(place, mask) for place, mask in spread if not last.start < place < last.end]
    verdicts = judges.all(with_bytes(pdf, p, bytes((pdf[p] ^ mask,))) for p, mask in spread)
    assert [place for (place, _), verdict in zip(spread, verdicts, strict=True) if verdict.valid] == []
    assert all(verdict.codes for verdict in verdicts)


def test_every_part_of_the_last_container(pdf: bytes, judges: Judges) -> None:
    """Nothing covers it, so each of its parts must be provable by itself."""
    last = gaps(pdf)[-1]
    parts = parts_of_container(last.container)
    verdicts = judges.all(other_digit(pdf, last.start + 1 + 2 * offset + n % 2) for n, (_, offset) in enumerate(parts))
    assert [part for part, verdict in zip(parts, verdicts, strict=True) if verdict.valid] == []
    assert all(verdict.codes for verdict in verdicts)


def test_padding_and_delimiters_of_the_last_container(pdf: bytes, judges: Judges) -> None:
    last = gaps(pdf)[-1]
    middle = (last.used + last.end) // 2
    padded = [(last.used, b"1"), (last.used + 1, b"f"), (middle, b"DEADBEEF"), (last.end - 2, b"A")]
    strange = [(middle, b" "), (middle, b"\0"), (last.start, b"("), (last.end - 1, b" "), (last.end - 1, b"0")]
    verdicts = judges.all(with_bytes(pdf, place, new) for place, new in padded + strange)
    assert not any(verdict.valid for verdict in verdicts)
    assert all("signing.padding_not_zero" in verdict.codes for verdict in verdicts[: len(padded)])
    assert all(verdict.codes for verdict in verdicts)


def test_letter_case_of_the_last_container_changes_nothing(pdf: bytes, judges: Judges) -> None:
    last = gaps(pdf)[-1]
    text = pdf[last.start : last.end]
    letter = re.search(rb"[A-F]", text)
    assert letter
    one = with_bytes(text, letter.start(), letter[0].lower())
    files = [with_bytes(pdf, last.start, new) for new in (text.lower(), text.upper(), one)]
    assert text.lower() != text
    assert [(v.valid, v.codes) for v in judges.all(files)] == [(True, set())] * 3


def test_letter_case_of_an_earlier_container_is_covered(pdf: bytes, judges: Judges) -> None:
    first = gaps(pdf)[0]
    verdict = judges(with_bytes(pdf, first.start, pdf[first.start : first.end].lower()))
    assert not verdict.valid
    assert "signing.digest_mismatch" in verdict.codes


def test_cut_back_to_each_earlier_revision(pdf: bytes, demo: Demo, judges: Judges) -> None:
    """The document itself says which signatures it must carry; the unsigned one lacks them all."""
    ends = revision_ends(pdf)
    assert ends[-1] == len(pdf)
    stored = [Path(p).read_bytes() for p in demo.summary["revisions"]]
    assert {pdf[:end] for end in ends} >= set(stored)
    verdicts = judges.all(pdf[:end] for end in ends[:-1])
    assert not any(verdict.valid for verdict in verdicts)
    assert "signing.no_signatures" in verdicts[0].codes
    assert all("signing.field_unsigned" in verdict.codes for verdict in verdicts[:12])
    assert all("signing.level_below_declared" in verdict.codes for verdict in verdicts)


def test_one_revision_taken_out_of_the_middle(pdf: bytes, judges: Judges) -> None:
    bounds = list(pairwise([0, *revision_ends(pdf)]))
    verdicts = judges.all(pdf[:start] + pdf[end:] for start, end in (bounds[1], bounds[5], bounds[12], bounds[13]))
    assert not any(verdict.valid for verdict in verdicts)
    assert all(verdict.codes for verdict in verdicts)


def test_incremental_update_that_changes_what_is_seen(pdf: bytes, judges: Judges, tmp_path: Path) -> None:
    forged = figure_changed(pdf)
    assert forged.startswith(pdf)
    assert len(_differing_lines(pdf, forged, tmp_path)) == 1
    files = [forged, note_added(pdf), appearance_changed(pdf), attachment_changed(pdf), updated(pdf, [])]
    verdicts = judges.all(files)
    assert not any(verdict.valid for verdict in verdicts)
    assert all("signing.changed_after_signing" in verdict.codes for verdict in verdicts[:4])
    assert all("signing.uncovered_bytes" in verdict.codes for verdict in verdicts[:4])
    assert verdicts[4].codes == {"signing.uncovered_extension"}


def test_the_same_update_before_the_archival_time_stamp(pdf: bytes, judges: Judges) -> None:
    """Twelve signatures hold, and the figure is another."""
    verdict = judges(figure_changed(pdf[: revision_ends(pdf)[12]]))
    assert not verdict.valid
    assert {"signing.changed_after_signing", "signing.uncovered_bytes"} <= verdict.codes


def test_written_anew_by_another_program(pdf: bytes, judges: Judges) -> None:
    verdict = judges(rewritten(pdf))
    assert not verdict.valid
    assert verdict.codes


def test_signatures_of_another_document(pdf: bytes, other: bytes, judges: Judges) -> None:
    """The same persons with the same keys under another protocol of the same meeting."""
    own, foreign = gaps(pdf), gaps(other)
    assert judges(other).valid
    assert [g.end - g.start for g in own] == [g.end - g.start for g in foreign]
    every = other
    for gap, donor in zip(foreign, own, strict=True):
        every = transplanted(every, gap, donor.container)
    files = [
        transplanted(other, foreign[0], own[0].container),
        transplanted(other, foreign[11], own[11].container),
        transplanted(other, foreign[12], own[12].container),
        every,
        transplanted(pdf, own[1], own[0].container),
        pdf[: revision_ends(pdf)[0]] + other[revision_ends(other)[0] :],
    ]
    verdicts = judges.all(files)
    assert not any(verdict.valid for verdict in verdicts)
    assert all("signing.digest_mismatch" in verdict.codes for verdict in verdicts[:5])
    assert verdicts[5].codes


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\0", b"%", b"% remark\n%%EOF\n", b"1 0 obj null endobj\n%%EOF\n"])
def test_bytes_after_the_end(pdf: bytes, judges: Judges, tail: bytes) -> None:
    verdict = judges(pdf + tail)
    assert not verdict.valid
    assert verdict.codes & {"signing.uncovered_bytes", "signing.unreadable_pdf", "signing.damaged_file"}


def test_one_byte_short(pdf: bytes, judges: Judges) -> None:
    verdicts = judges.all([pdf[:-1], pdf[:-6], pdf[1:], pdf[: len(pdf) // 2]])
    assert not any(verdict.valid for verdict in verdicts)
    assert all(verdict.codes for verdict in verdicts)


def test_pdfsig_agrees_where_it_can_see(pdf: bytes, other: bytes, tmp_path: Path) -> None:
    """Another implementation (poppler, NSS) finds the same signatures broken; it does not look at the padding of the
    first signature, but what follows covers that."""
    kinds = places(pdf)
    assert _valid_for_pdfsig(pdf, tmp_path) == 12
    assert _valid_for_pdfsig(flipped(pdf, kinds["content of a page"]), tmp_path) == 0
    assert _valid_for_pdfsig(other_digit(pdf, kinds["padding of the first container"]), tmp_path) == 1
    assert _valid_for_pdfsig(transplanted(other, gaps(other)[0], gaps(pdf)[0].container), tmp_path) == 0


FORGERIES = {
    "signing.digest_mismatch": lambda pdf: flipped(pdf, places(pdf)["content of a page"]),
    "signing.level_below_declared": lambda pdf: pdf[: revision_ends(pdf)[-3]],
    "signing.no_signatures": lambda pdf: pdf[: revision_ends(pdf)[0]],
    "signing.changed_after_signing": figure_changed,
}


@pytest.mark.parametrize(
    ("code", "language", "verdict", "reason"),
    [
        ("signing.digest_mismatch", "az", "ETİBARLI DEYİL", "Məzmun imzalanandan fərqlənir"),
        ("signing.digest_mismatch", "en", "NOT VALID", "The content differs from what was signed"),
        ("signing.level_below_declared", "az", "ETİBARLI DEYİL", "B-LTA"),
        ("signing.level_below_declared", "en", "NOT VALID", "declares the level B-LTA"),
        ("signing.no_signatures", "az", "ETİBARLI DEYİL", "Sənəddə imza yoxdur"),
        ("signing.no_signatures", "en", "NOT VALID", "The document carries no signature"),
        ("signing.changed_after_signing", "az", "ETİBARLI DEYİL", "Bu imzadan sonra"),
        ("signing.changed_after_signing", "en", "NOT VALID", "After this signature the document was changed"),
    ],
)
def test_the_command_says_why(demo: Demo, tmp_path: Path, code: str, language: str, verdict: str, reason: str) -> None:
    file = tmp_path / "forged.pdf"
    file.write_bytes(FORGERIES[code](demo.final.read_bytes()))
    done = run("verify", file, "--trust", demo.anchors, "--lang", language)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[0] == verdict
    told = [line.partition(f"{code}: ")[2] for line in done.stdout.splitlines()]
    assert any(reason in text for text in told)


def _valid_for_pdfsig(pdf: bytes, place: Path) -> int:
    file = place / "file.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False)
    assert done.stdout.count("Signature Validation: ") == 13
    return done.stdout.count("Signature Validation: Signature is Valid.")


def _differing_lines(one: bytes, two: bytes, place: Path) -> list[tuple[str, str]]:
    texts = []
    for number, pdf in enumerate((one, two)):
        file = place / f"{number}.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
        texts.append(done.stdout.splitlines())
    return [pair for pair in zip(*texts, strict=True) if pair[0] != pair[1]]

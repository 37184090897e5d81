"""Every instrument on paper: its sample, the same with awkward data, and with everything optional left out.

All of them are printed once, on one warm converter, and judged together: by veraPDF, by poppler, and by the images of
the gallery (``make gallery``).
"""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from jsonschema import Draft202012Validator
from PIL import Image
from typer.testing import CliRunner

from doc_service.bootstrap import open_renderer
from doc_service.cli.app import app
from doc_service.domain.documents import Registration
from doc_service.domain.retention import DEFAULT_NOMENCLATURE
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.registry import default_registry
from doc_service.rendering.office import converter_version
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.settings import Settings
from tests.instruments.awkward_data import CODED, bare, free_text, long
from tests.instruments.awkward_lists import LEFT_SHORT, faulty, general, short_lists
from tests.instruments.page_layout import Layout
from tests.instruments.printed_text import Printed
from tools.gallery.__main__ import GALLERY, RECORD, image_name
from tools.gallery.drawing import DAY, change, drawn, request_of, shown

pytestmark = [pytest.mark.xdist_group("catalogue"), pytest.mark.slow]

REGISTRY = default_registry()
IDS = tuple(i.id for i in REGISTRY.all())
FORMS = ("sample", "long", "bare")
LONGEST_JUDGED = 25
MOVED = 0.006
"""Share of a page that may differ. Measured on six pages: lines moved by 10 points below the middle of a page change
0.013 to 0.18 of it, the smoothing of letters by another setting of poppler less than 0.0001."""

_NAMES_OF_FIELDS = {"field", "seal", "picture"}
"""Keys of a context whose text names a signature field or an image: nobody reads it."""

_OFFICE = "an approval and an act print the office that signs (role)"
NOT_PRINTED: Mapping[str, Mapping[str, str]] = {
    **{i: {"signatory.post": _OFFICE} for i in ("kq-gundelik", "kq-fealiyyet-proqrami", "isler-nomenklaturu")},
    "kq-protokol": {"items.materials": "materials are listed in the agenda, which the protocol repeats without them"},
    "kq-derc": dict.fromkeys(("meeting.place", "meeting.chair"), "the public text says what was discussed (5.6.3)"),
    "klaster-yol-xeritesi": {"approver.post": _OFFICE},
    "klaster-reyestr": {"seal.name": "the seal's column is headed Möhür yeri (MY)"},
    "sened-siyahisi": {"documents.sha256": "digests are for machines: they travel in data.json"},
}
"""By instrument: what its context holds but its form does not print, and why."""

EMPLOYER = re.compile(r"(signatory|signatories|approver|seal)\.organisation")
"""A signature block names the office, with the organisation where it is the organisation that signs (role)."""

PARTED = re.compile(r"\S*(\d-\n\w|[A-ZƏ]-\n\d|[A-ZƏ]-\n[A-ZƏ]{2}|\d\n[.,]\d)\S*")
"""A number, a date or its suffix over two lines: «2026-» and «cı»."""
SIGNS = re.compile(r"(signatory|signatories|approver|seal)\.name")
SUBJECT_MAY_END_A_PAGE = {"kq-qerar", "kq-teklif", "kq-tovsiye"}
"""Their templates keep their bytes, and let a subject stand at a page's foot when the blank above is a page long."""

Prints = dict[tuple[str, str], Printed]


def data_of(kind: AnyInstrument, form: str) -> dict[str, Any]:
    return {"sample": kind.sample, "long": lambda: long(kind), "bare": lambda: bare(kind)}[form]()


def printed_strings(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Text of a context with its path, list places left out."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for key, child in value.items():
            if key not in _NAMES_OF_FIELDS or not isinstance(child, str):
                yield from printed_strings(child, f"{at}.{key}".strip("."))
    elif isinstance(value, list | tuple):
        for child in value:
            yield from printed_strings(child, at)


@pytest.fixture(scope="session")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Prints:
    folder = tmp_path_factory.mktemp("catalogue")
    made: Prints = {}
    with open_renderer(Settings()) as (renderer, _):
        for kind in REGISTRY.all():
            for form in FORMS:
                pdf = renderer.render(request_of(kind, data_of(kind, form))).pdf
                path = folder / f"{kind.id}.{form}.pdf"
                path.write_bytes(pdf)
                made[kind.id, form] = Printed(path)
    return made


def test_verapdf_accepts_every_one(prints: Prints, verapdf: Any) -> None:
    """And with awkward data, but for the longest: what makes a file PDF/A is on the first pages too."""
    short = {key for key, paper in prints.items() if key[1] == "long" and len(paper.pages) <= LONGEST_JUDGED}
    verdicts = verapdf([paper.path for key, paper in prints.items() if key[1] == "sample" or key in short])
    assert {path.name: why for path, why in verdicts.items() if why} == {}


@pytest.mark.parametrize("name", IDS)
def test_tagged_in_azerbaijani_with_fields_as_the_signatories_say(prints: Prints, name: str) -> None:
    kind = REGISTRY.get(name)
    for form in FORMS:
        with pikepdf.open(prints[name, form].path) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.StructTreeRoot.K is not None
            assert str(pdf.Root.Lang).startswith("az")
        wanted = [s.field for s in kind.signatories(kind.validate(data_of(kind, form)))]
        assert sorted(f.box.text for f in prints[name, form].fields) == sorted(wanted)


@pytest.mark.parametrize("name", IDS)
def test_every_font_is_noto_and_embedded(prints: Prints, name: str) -> None:
    for form in FORMS:
        command = ["pdffonts", prints[name, form].path]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[2:]
        for line in listed:
            family, (embedded, subset, to_unicode) = line.split()[0].partition("+")[2], line.split()[-5:-2]
            assert family.startswith("Noto"), line
            assert (embedded, subset, to_unicode) == ("yes", "yes", "yes"), line
        assert listed


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", IDS)
def test_all_that_an_instrument_says_is_printed_whole(prints: Prints, name: str, form: str) -> None:
    """Nothing cut: every text of the context is found by poppler, across lines and pages."""
    kind, paper = REGISTRY.get(name), prints[name, form]
    registration = Registration(kind.journal, f"3-21-5/{kind.journal}-12/{DAY.year}", DAY)
    context = kind.context(kind.validate(data_of(kind, form)), registration)
    left_out = NOT_PRINTED.get(name, {})
    stated = {(a, text) for a, text in printed_strings(context) if a not in left_out and not EMPLOYER.fullmatch(a)}
    assert sorted((at, text[:80]) for at, text in stated if not paper.holds(text)) == []
    if form == "sample":
        broken = set().union(*(paper.broken(text) for _, text in stated))
        assert not broken


@pytest.mark.parametrize("name", IDS)
def test_signature_blocks_stand_clear_and_with_text(prints: Prints, name: str) -> None:
    kind = REGISTRY.get(name)
    for form in FORMS:
        context = kind.context(kind.validate(data_of(kind, form)), None)
        names = {text for at, text in printed_strings(context) if SIGNS.fullmatch(at)}
        assert prints[name, form].overprinted() == []
        assert prints[name, form].orphans(names) == [], form


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", IDS)
def test_pages_are_set_as_they_should_be(prints: Prints, name: str, form: str) -> None:
    """No heading and no heading row is the last on a page, nothing stands over other text or beyond the margins, and
    no page is blank."""
    layout = Layout(prints[name, form])
    assert [page for page, _ in layout.lonely_heads() if name not in SUBJECT_MAY_END_A_PAGE or page > 1] == []
    assert list(layout.overlapping()) == []
    assert list(layout.outside()) == []
    assert layout.blank_pages() == []


@pytest.mark.parametrize("name", IDS)
def test_no_number_or_date_is_parted_at_a_line_s_end(prints: Prints, name: str) -> None:
    for form in FORMS:
        assert [at.group() for page in prints[name, form].pages for at in PARTED.finditer(page)] == []


@pytest.mark.parametrize("name", IDS)
def test_awkward_data_stay_within_the_rules(name: str) -> None:
    """At least two kinds of free text of three can be 200 characters with every sign there is, whatever the
    instrument; every list is at sixty, or at what its form allows, or it is said why not."""
    kind = REGISTRY.get(name)
    raw, schema = data_of(kind, "long"), kind.schema()
    assert faulty(kind, raw) == []
    assert faulty(kind, data_of(kind, "bare")) == []
    texts = {general(at): text for at, text in free_text(schema, raw).items() if text and at[-1] not in CODED}
    assert sum("Uzun" in text and "\u200f" in text for text in texts.values()) >= len(texts) * 2 / 3
    assert set(short_lists(schema, raw)) <= set(LEFT_SHORT.get(name, {}))


@pytest.mark.parametrize("name", IDS)
def test_pages_look_like_the_gallery(prints: Prints, name: str) -> None:
    """Another converter breaks lines elsewhere, so there only the pages are counted (and it says so)."""
    known = json.loads(RECORD.read_text(encoding="utf-8"))
    paper = prints[name, "sample"]
    assert len(paper.pages) == known["pages"][name]
    here = converter_version(OfficeSettings().program)
    if here != known["converter"]:
        print(f"{name}: pages counted only; the gallery was made by {known['converter']}, this is {here}")
        return
    for number, png in drawn(paper.path.read_bytes(), shown(len(paper.pages))).items():
        changed = change((GALLERY / image_name(name, number)).read_bytes(), png)
        assert changed <= MOVED, f"page {number}: {changed:.4f}; if it is meant, run make gallery"


def test_the_program_lists_all_of_them() -> None:
    listed = json.loads(CliRunner().invoke(app, ["instruments", "--json"]).stdout)
    assert tuple(entry["id"] for entry in listed) == IDS
    for entry in listed:
        kind = REGISTRY.get(entry["id"])
        Draft202012Validator.check_schema(entry["schema"])
        Draft202012Validator(entry["schema"]).validate(kind.sample())
        assert entry["journal"]
        assert entry["journal_title"]
        assert entry["case"] in DEFAULT_NOMENCLATURE
        assert entry["retention"] == kind.retention
        assert entry["sources"]
        wanted = kind.signatories(kind.validate(kind.sample()))
        assert [(s["field"], s["order"], s["seal"]) for s in entry["signatories"]] == [
            (s.field, s.order, bool(s.seal_voen)) for s in wanted
        ]


def test_a_line_that_moves_is_a_change_and_smoothing_is_none() -> None:
    page = (GALLERY / image_name("kq-protokol", 2)).read_bytes()
    image = Image.open(io.BytesIO(page)).convert("RGB")
    width, height = image.size
    lower = image.crop((0, height // 2, width, height - 10))
    moved = image.copy()
    moved.paste(lower, (0, height // 2 + 10))
    assert change(page, _png(moved)) > MOVED
    paler = image.point(lambda value: value * 15 // 16 + 16)
    assert change(page, _png(paler)) <= MOVED


def test_a_field_over_text_a_lost_word_and_a_lonely_block_are_seen(prints: Prints, tmp_path: Path) -> None:
    paper = prints["kq-mektub", "sample"]
    assert not paper.holds("Bu sözlər məktubda yoxdur")
    assert paper.broken("nazirlər xxnazirlərxx") == {"xxnazirlərxx"}
    spoiled = Printed(tmp_path / "spoiled.pdf")
    with pikepdf.open(paper.path) as pdf:
        (widget,) = (a for page in pdf.pages for a in page.get("/Annots", ()) if a.get("/FT") == "/Sig")
        page_height = float(pdf.pages[1].mediabox[3])
        widget.Rect = pikepdf.Array([85, page_height - 130, 300, page_height - 60])
        pdf.save(spoiled.path)
    assert spoiled.overprinted()
    assert spoiled.orphans() == [2]


def test_text_over_text_or_beyond_a_margin_and_a_lonely_heading_are_seen(prints: Prints, tmp_path: Path) -> None:
    paper = prints["kq-protokol", "sample"]
    spoiled = {}
    for name, shift in (("over", b"3 1"), ("beyond", b"-60 0")):
        spoiled[name] = Printed(tmp_path / f"{name}.pdf")
        with pikepdf.open(paper.path) as pdf:
            page = pdf.pages[1]
            page.contents_coalesce()
            drawn_again = page.Contents.read_bytes()
            page.contents_add(b"q 1 0 0 1 " + shift + b" cm " + drawn_again + b" Q")
            pdf.save(spoiled[name].path)
    assert {page for page, *_ in Layout(spoiled["over"]).overlapping()} == {2}
    assert {page for page, _ in Layout(spoiled["beyond"]).outside()} == {2}
    cut = Printed(paper.path)
    first, *others = paper.pages
    vars(cut)["pages"] = (first.partition("Gündəlik")[0] + "Gündəlik\n", *others)
    assert "gündəlik" in Layout(cut).heads
    assert Layout(cut).lonely_heads() == [(1, "gündəlik")]


def _png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def test_the_gallery_shows_every_instrument_and_nothing_else() -> None:
    known = json.loads(RECORD.read_text(encoding="utf-8"))["pages"]
    wanted = {image_name(name, n) for name in IDS for n in shown(known[name])}
    assert {path.name for path in Path(GALLERY).glob("*.png")} == wanted
    assert sum(path.stat().st_size for path in Path(GALLERY).glob("*.png")) < 4 << 20

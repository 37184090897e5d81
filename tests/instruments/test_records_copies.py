"""Certified copies (29) and the inventory of the application package (28): rules, and pages with awkward data."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Callable
from typing import Any

import pikepdf
import segno

from doc_service.domain.clusters.stages import STAGE_TABLE
from doc_service.domain.documents import Registration
from doc_service.instruments.registry import Registry
from tests.instruments.conftest import Fill, Judge, ToPdf

Sample = Callable[[str], dict[str, Any]]
LONG = "“Ağ & Qara” <Sənaye> \u200fטסט\u200e " + "uzun adlı təşkilat " * 9


def codes(judge: Judge, name: str, data: dict[str, Any]) -> set[str]:
    return {f.code for f in judge(name, data).values()}


def test_a_copy_speaks_of_signatures_that_were_there(judge: Judge, sample: Sample) -> None:
    """004 §5.1.3: the original validates at the moment of issue."""
    data = sample("suret")
    data["checked_at"] = "2026-11-20T13:30:00+00:00"
    found = judge("suret", data)
    assert {f.code for f in found.values()} == {"copy.signed_after_check"}
    assert "signatories[1].signed_at" in found
    data = sample("suret")
    data["original"]["registered_on"] = "2026-11-25"
    assert codes(judge, "suret", data) == {"copy.registered_after_check"}


def test_the_electronic_copy_has_a_seal_and_the_one_for_paper_none(
    registry: Registry, judge: Judge, sample: Sample
) -> None:
    """004 §5.1.3: sealed PAdES; for paper no signature is claimed."""
    suret, data = registry.get("suret"), sample("suret")
    (seal,) = suret.signatories(suret.validate(data))
    assert (seal.seal_voen, seal.person_id) == ("1500000001", "kq-katib")
    (original,) = suret.enclosures(suret.validate(data))
    assert (original.name, original.sha256) == ("esli.pdf", data["original"]["sha256"])
    paper = {**data, "form": "paper"}
    assert codes(judge, "suret", paper) == {"copy.seal_and_form"}
    paper["seal"] = None
    model = suret.validate(paper)
    assert suret.check(model) == suret.signatories(model) == suret.enclosures(model) == ()
    assert codes(judge, "suret", {**data, "seal": None}) == {"copy.seal_and_form"}
    data["seal"]["voen"] = "1500000003"
    assert codes(judge, "suret", data) == {"organisation.bad_voen"}
    paper["original"] = {**paper["original"], "pages": 501}
    assert codes(judge, "suret", paper) == {"copy.too_many_pages"}


def test_the_address_leads_to_the_code(judge: Judge, sample: Sample) -> None:
    data = sample("suret")
    data["verification"]["address"] = "https://senedler.example.az/yoxla/"
    assert codes(judge, "suret", data) == {"copy.address_without_code"}
    data["verification"]["code"] = "7k3q"
    assert codes(judge, "suret", data) == {"data.invalid"}


def test_every_gap_of_the_package_is_named_with_its_clause(judge: Judge, sample: Sample) -> None:
    """By the stage table and 003 §6.3: refused while incomplete."""
    data = sample("erize-paketi")
    assert judge("erize-paketi", data) == {}
    for item in STAGE_TABLE:
        if not item.in_package or item.optional:
            continue
        lacking = {**data, "entries": [e for e in data["entries"] if e["item"] != item.id]}
        (fault,) = judge("erize-paketi", lacking).values()
        assert (fault.code, fault.params["clause"]) == ("package.missing", item.clause)


def test_every_participant_has_a_questionnaire(judge: Judge, sample: Sample) -> None:
    """003 §2 stage 2 d); 003 Əlavə 5."""
    data = sample("erize-paketi")
    data["entries"] = [e for e in data["entries"] if e["name"] != "009_anketler.pdf"]
    (fault,) = judge("erize-paketi", data).values()
    assert (fault.code, fault.params["there"], fault.params["needed"]) == ("package.members_missing", 7, 8)


def test_a_certified_copy_is_no_original(judge: Judge, sample: Sample) -> None:
    """By the stage table: copies where copies are asked for; each file once, in the order of the table."""
    data = sample("erize-paketi")
    charter = next(e for e in data["entries"] if e["item"] == "nizamname")
    charter["form"] = "original"
    assert codes(judge, "erize-paketi", data) == {"package.copy_needed"}
    charter["form"] = "copy"
    data["entries"].append(copy.deepcopy(charter))
    found = list(judge("erize-paketi", data).values())
    assert {f.code for f in found} <= {"package.order", "package.repeated_name"}
    data["entries"][-1] = {**charter, "item": "yol-xeritesi", "name": "099_x.pdf"}
    assert "package.unknown_item" in codes(judge, "erize-paketi", data)


def test_pages_with_awkward_data(registry: Registry, sample: Sample, fill: Fill, to_pdf: ToPdf) -> None:
    """Nothing is cut, nothing covers anything, and the code on the sheet is the one of the address."""
    number = Registration("SR", "3-21-5/SR-4/2026", registry.get("kq-protokol").validate(
        registry.get("kq-protokol").sample()).meeting.opens_at.date())  # fmt: skip
    wide, many, paper, package = sample("suret"), sample("suret"), sample("suret"), sample("erize-paketi")
    wide["original"]["title"], wide["signatories"][0]["name"] = LONG[:200], LONG[:200]
    wide["signatories"][1]["basis"] = LONG[:200]
    many["signatories"] = [{**many["signatories"][0], "name": f"Üzv {n:02d} Əliyeva"} for n in range(60)]
    paper.update(form="paper", seal=None)
    package["entries"][9]["owner"] = LONG[:200]
    files = {
        "wide": fill(registry.get("suret"), wide, number),
        "many": fill(registry.get("suret"), many, number),
        "paper": fill(registry.get("suret"), paper, number),
        "package": fill(registry.get("erize-paketi"), package, number),
    }
    pdfs = to_pdf(files)
    texts = {n: subprocess.run(["pdftotext", "-layout", p, "-"], capture_output=True, check=True).stdout.decode()
             for n, p in pdfs.items()}  # fmt: skip
    plain = {n: subprocess.run(["pdftotext", p, "-"], capture_output=True, check=True).stdout.decode()
             for n, p in pdfs.items()}  # fmt: skip
    squeezed = {name: "".join(text.split()) for name, text in plain.items()}
    assert "“Ağ&Qara”<Sənaye>" in squeezed["wide"]
    assert squeezed["wide"].count("uzunadlıtəşkilat") >= 18
    for n in range(60):
        assert f"Üzv {n:02d} Əliyeva" in texts["many"]
    assert texts["many"].split("\f")[-2].count("Yoxlama kodu") == 1
    sheets = texts["paper"].split("\f")
    assert len(sheets) == paper["original"]["pages"] + 2
    assert "ƏSLİ İLƏ DÜZDÜR" in sheets[-2]
    assert "Surət № 3-21-5/SR-4/2026" in sheets[0]
    for entry in package["entries"]:
        assert entry["sha256"] in plain["package"]
        assert entry["name"] in plain["package"]
    _code_is_right(pikepdf.open(pdfs["wide"]), wide["verification"]["address"])


def _code_is_right(pdf: pikepdf.Pdf, address: str) -> None:
    """The dark area of the drawing, by module, is the one of the code."""
    matrix = [list(map(int, row)) for row in segno.make_qr(address, error="m").matrix]
    boxes = [box for page in pdf.pages for box in _rectangles(page)]
    left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
    top, bottom = max(b[3] for b in boxes), min(b[1] for b in boxes)
    side = (right - left) / len(matrix)
    assert abs((top - bottom) / len(matrix) - side) < 0.02
    found = [[0] * len(matrix) for _ in matrix]
    for x0, y0, x1, y1 in boxes:
        for column in range(round((x0 - left) / side), round((x1 - left) / side)):
            for row in range(round((top - y1) / side), round((top - y0) / side)):
                found[row][column] = 1
    assert found == matrix


def _rectangles(page: pikepdf.Page) -> list[tuple[float, float, float, float]]:
    """Closed paths as high as a module."""
    found, points = [], []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("m", "l"):
            points = [*(points if name == "l" else []), tuple(float(v) for v in operands)]
        elif name == "h" and len(points) == 5:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            found.append((min(xs), min(ys), max(xs), max(ys)))
    return [box for box in found if 1.5 < box[3] - box[1] < 2.5]

"""What is given on paper: the printed page's QR code, read by a decoder that we did not write, leads to the public
check (004 §5.1.3)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter

from doc_service.api.app import create_app
from doc_service.domain.copies import CopyForm
from doc_service.domain.documents import DocumentState
from doc_service.services.copies.issue import IssueRequest
from tests.services.conftest import SECRETARIAT, running_service
from tests.services.test_copies import COURT, WHY, Office

pytestmark = pytest.mark.xdist_group("copies")
SCANS = {"150 dpi": (150, 0.0, 0.0), "200 dpi": (200, 0.0, 0.0), "scanned askew, unsharp": (200, 2.5, 1.2)}


@dataclass(frozen=True)
class Paper:
    """A copy as it comes out of the printer."""

    office: Office
    id: str
    place: Path

    @property
    def file(self) -> Path:
        path = self.place / f"{self.id}.pdf"
        if not path.exists():
            path.write_bytes(self.office.copies.print_copy(self.id))
        return path

    def page(self, dpi: int, turned: float = 0.0, blur: float = 0.0) -> Path:
        """The last page in grey, as a scanner gives it back: ``turned`` degrees, ``blur`` pixels."""
        last = str(len(pikepdf.open(self.file).pages))
        out = self.place / f"{self.id}-{dpi}-{turned}"
        command = ["pdftoppm", "-r", str(dpi), "-f", last, "-l", last, "-gray", "-png", "-singlefile", self.file, out]
        subprocess.run(command, check=True)
        png = out.with_name(f"{out.name}.png")
        if turned or blur:
            sheet = Image.open(png).rotate(turned, resample=Image.Resampling.BICUBIC, fillcolor=255)
            sheet.filter(ImageFilter.GaussianBlur(blur)).save(png)
        return png


def decoded(png: Path) -> list[str]:
    """What ZBar reads."""
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", png],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    for service in running_service(tmp_path_factory.mktemp("paper")):
        yield Office(service)


@pytest.fixture(scope="module", params=["copy", "extract"])
def paper(request: pytest.FixtureRequest, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    items = (1,) if request.param == "extract" else ()
    copy = office.issued(f"paper-{request.param}", form=CopyForm.PAPER, items=items)
    assert office.state(copy) is DocumentState.ARCHIVED
    return Paper(office, copy, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def http(office: Office) -> Iterator[TestClient]:
    application = create_app(office.service.container)
    assert isinstance(application, FastAPI)
    with TestClient(application, base_url=office.copies.house.address) as client:
        yield client


@pytest.mark.parametrize("scan", SCANS)
def test_the_printed_code_leads_to_the_public_check(paper: Paper, http: TestClient, scan: str) -> None:
    """004 §5.1.3: number, state and digest of the original, and neither content nor to whom and why."""
    (address,) = decoded(paper.page(*SCANS[scan]))
    assert address == f"{paper.office.copies.house.address}yoxla/{paper.office.code(paper.id)}"
    answer = http.get(address, headers={"accept-language": "az"})
    assert answer.status_code == 200
    registration = paper.office.service.document(paper.id).registration
    assert registration is not None
    for shown in (registration.number, paper.office.service.document(paper.office.original).head.sha256):  # type: ignore[union-attr]
        assert shown in answer.text
    for hidden in (WHY, COURT.name):
        assert hidden not in answer.text


def test_what_is_printed_claims_no_electronic_signature(paper: Paper) -> None:
    """004 §5.1.3: signed and stamped by hand; nothing of the electronic file is left, its data included."""
    assert paper.office.service.requests(paper.id) == []
    printed = pikepdf.open(paper.file)
    assert not {"/AcroForm", "/Perms", "/DSS", "/AF", "/Names"} & set(printed.Root.keys())
    text = subprocess.run(["pdftotext", "-layout", paper.file, "-"], capture_output=True, text=True, check=True).stdout
    code = paper.office.code(paper.id)
    own = text.split("\f")[-1 - len(printed.pages) :][:-1]
    assert all(code in page for page in own), "each sheet names the code"
    assert "M.Y." in own[-1]
    assert "(imza)" in own[-1]
    assert "elektron imza daşımır" in " ".join(text.split())


def test_the_case_is_told_as_the_approved_nomenclature_names_it(office: Office) -> None:
    """004 §5.1.11: the body's own nomenclature of cases, where it has one, and not the model list."""
    sample = office.service.container.parts.registry.get("isler-nomenklaturu").sample()
    first, *others = sample["sections"]
    cases = [{**c, "title": "Başqa ad"} if c["index"] == "KQ-01" else c for c in first["cases"]]
    data = {**sample, "year": 2026, "sections": [{**first, "cases": cases}, *others]}
    wanted = IssueRequest("case-before", office.original, COURT, WHY)
    assert case_of(office, wanted) == "KQ-01 «Koordinasiya Qrupunun iclaslarının protokolları»"
    office.twin("nomenklatur", instrument="isler-nomenklaturu", data=data, meeting_id=None)
    assert case_of(office, replace(wanted, copy_id="case-after")) == "KQ-01 «Başqa ad»"


def case_of(office: Office, wanted: IssueRequest) -> str:
    return str(office.copies.issue(wanted, SECRETARIAT).data["original"]["case"])


def test_a_code_of_nothing_is_not_found(paper: Paper, http: TestClient) -> None:
    """What the decoder says is what counts: a page without its code gives none, another code leads nowhere."""
    sheet = Image.open(paper.page(150))
    blank = paper.place / "blank.png"
    sheet.crop((0, 0, sheet.width, sheet.height // 2)).save(blank)
    assert decoded(blank) == []
    code = paper.office.code(paper.id)
    assert http.get(f"/yoxla/{code[:-1]}{'0' if code[-1] != '0' else '2'}").status_code == 404

"""What is given on paper: the printed page's QR code, read by a decoder that we did not write, leads to the public
check (004 §5.1.3)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter

from doc_service.api.app import create_app
from doc_service.domain.copies import CopyForm
from doc_service.domain.documents import DocumentState
from tests.services.conftest import running_service
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


@pytest.fixture(scope="module", params=["copy"])
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


def test_a_code_of_nothing_is_not_found(paper: Paper, http: TestClient) -> None:
    """What the decoder says is what counts: a page without its code gives none, another code leads nowhere."""
    sheet = Image.open(paper.page(150))
    blank = paper.place / "blank.png"
    sheet.crop((0, 0, sheet.width, sheet.height // 2)).save(blank)
    assert decoded(blank) == []
    code = paper.office.code(paper.id)
    assert http.get(f"/yoxla/{code[:-1]}{'0' if code[-1] != '0' else '2'}").status_code == 404

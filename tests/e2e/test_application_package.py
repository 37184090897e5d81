"""The application package of a cluster end to end on the real parts: each paper of the stage table is made from its
instrument, signed and sealed by its signatories, archived, copied where copies are asked for, listed and packed, and
what comes out is judged by programs that we did not write (003 §2, §5.2–5.8, §6)."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from lxml import etree

from doc_service.bootstrap.seals import DEVELOPMENT_NAME
from doc_service.domain.clusters.stages import STAGE_TABLE, Form, stage_item
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.messages.catalog import Catalog
from doc_service.services.packages.prepare import PackageRequest
from signing.devpki import DevelopmentPki
from tests.e2e.package_house import KEPT_LONGEST, PackageHouse
from tests.instruments.printed_text import Field, Printed, solid
from tests.pki_fixtures import SystemClock
from tests.services.cluster_house import CLUSTER, FOUNDERS
from tests.services.conftest import SECRETARIAT, running_service
from tests.ways.players import Keys

if TYPE_CHECKING:
    from tests.conftest import VeraPdf

pytestmark = pytest.mark.slow
ADDRESSEE = "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə"
WANTED = PackageRequest("paket", CLUSTER, ADDRESSEE, {})
NEEDED = [item for item in STAGE_TABLE if item.in_package]
COPIED = {item.id for item in NEEDED if item.form is Form.COPY and item.instruments}
NAMES = {"ds": "http://www.w3.org/2000/09/xmldsig#", "asic": "http://uri.etsi.org/02918/v1.2.1#"}
A3, A4 = (1191, 842), (595, 842)


@dataclass(frozen=True)
class Package:
    """The container as it was handed out, unpacked by ``unzip`` into ``place``."""

    house: PackageHouse
    container: bytes
    place: Path

    @property
    def entries(self) -> list[dict[str, object]]:
        return self.house.service.document("paket").data["entries"]

    def file(self, item: str) -> Path:
        (name,) = (str(e["name"]) for e in self.entries if e["item"] == item)
        return self.place / name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PackageHouse]:
    data = tmp_path_factory.mktemp("package")
    keys = Keys(data, DevelopmentPki(data / "development-pki", SystemClock()))
    opened = running_service(data, signature_level="B-T", final_level="B-T")
    built = PackageHouse(next(opened), keys)
    built.ready()
    yield built
    next(opened, None)


@pytest.fixture(scope="module")
def package(house: PackageHouse, tmp_path_factory: pytest.TempPathFactory) -> Package:
    """From nothing to the container; on the way it is refused with exactly the gaps that are left."""
    cases = house.service.container.packages
    assert refused(house) == {("package.missing", i.id) for i in NEEDED if not i.each_member}
    missing, copies = {i.id for i in NEEDED if not i.each_member}, set()
    for item, make in house.papers():
        make()
        missing -= {item}
        copies |= {item} & COPIED
        lacking = {("package.member_lacks", "anketler")} if "istirak-sazisi" not in missing else set()
        lacking -= {("package.member_lacks", "anketler")} if "klaster-anket" in house.made else set()
        expected = {("package.missing", i) for i in missing} | {("package.copy_missing", i) for i in copies}
        assert refused(house) == expected | lacking, item
    assert (missing, copies) == (set(), COPIED)
    assert len(cases.issue_copies(WANTED, SECRETARIAT)) == len(COPIED)
    assert {code for code, _ in refused(house)} == {"package.copy_missing"}, "a copy that is not sealed yet is none"
    house.work()
    assert cases.gather(CLUSTER).gaps == ()
    cases.draft(WANTED, SECRETARIAT)
    with pytest.raises(ConflictError, match=r"document\.not_final"):
        cases.container("paket")
    house.finish("paket")
    container = cases.container("paket")
    place = tmp_path_factory.mktemp("unpacked")
    (place / "paket.asice").write_bytes(container)
    subprocess.run(["unzip", "-q", "paket.asice"], cwd=place, check=True)
    return Package(house, container, place)


def refused(house: PackageHouse) -> set[tuple[str, str]]:
    """What the package lacks now, by the refusal to draft its inventory; each tells its clause in both languages."""
    with pytest.raises(DomainError) as caught:
        house.service.container.packages.draft(WANTED, SECRETARIAT)
    clauses = {item.id: item.clause for item in STAGE_TABLE}
    for fault in caught.value.faults:
        assert fault.params["clause"] == clauses[fault.field]
        for language in ("az", "en"):
            assert clauses[fault.field] in Catalog(language).text(fault.code, fault.params)
    with house.service.container.work.uow.reading() as uow:
        assert uow.documents.find("paket") is None
    return {(f.code, f.field) for f in caught.value.faults}


def test_each_paper_is_the_signed_one_and_copies_carry_their_original(package: Package) -> None:
    """003 §2: every document or certified copy that the stage table asks for; 004 §5.1.3: the original inside."""
    house, forms = package.house, {str(e["item"]): e["form"] for e in package.entries}
    assert forms == {
        i.id: "copy" if i.id in COPIED else "original" if i.instruments else "file" for i in NEEDED
    }  # fmt: skip
    assert sum(e["item"] == "anketler" for e in package.entries) == len(FOUNDERS)
    for entry in package.entries:
        if entry["form"] != "file":
            document_id = str(entry["document_id"])
            path, seen = package.place / str(entry["name"]), house.service.container.verify
            content = path.read_bytes()
            report = seen(content).report
            assert report.valid, (entry["item"], report)
            if entry["form"] == "copy":
                (seal,) = (s for s in report.signatures if s.kind == "signature")
                assert (seal.fin, seal.signer) == (None, DEVELOPMENT_NAME)
                content = taken_out(path)
                document_id = house.service.document(document_id).data["original"]["document_id"]
            document = house.service.document(document_id)
            assert document.state is DocumentState.ARCHIVED
            assert document.instrument in stage_item(str(entry["item"])).instruments
            assert content == house.content(document_id)
            signed = [s.field for s in seen(content).report.signatures if s.kind == "signature"]
            assert sorted(signed) == sorted(r.field for r in house.service.requests(document_id))


def taken_out(copy: Path) -> bytes:
    """The original inside, by poppler's tool."""
    out = copy.with_suffix(".esli")
    listed = subprocess.run(["pdfdetach", "-list", copy], capture_output=True, text=True, check=True).stdout
    (number,) = (line.split(":")[0] for line in listed.splitlines() if line.endswith(": esli.pdf"))
    subprocess.run(["pdfdetach", "-save", number, "-o", out, copy], check=True)
    return out.read_bytes()


def test_openssl_and_unzip_find_the_container_whole(package: Package) -> None:
    """ETSI EN 319 162-1: mimetype first and stored; the manifest names every file with its digest, CAdES over it."""
    assert package.container[30:38] == b"mimetype"
    assert subprocess.run(["unzip", "-tq", "paket.asice"], cwd=package.place, check=False).returncode == 0
    manifest = etree.parse(package.place / "META-INF/ASiCManifest001.xml")
    named = {}
    for reference in manifest.iterfind(".//asic:DataObjectReference", NAMES):
        value = reference.findtext("ds:DigestValue", namespaces=NAMES)
        named[reference.get("URI")] = value
    done = {
        name: subprocess.run(
            f"openssl dgst -sha256 -binary '{name}' | base64 -w0", shell=True, cwd=package.place,
            capture_output=True, text=True, check=True,
        ).stdout
        for name in ["000_siyahi.pdf", *(str(e["name"]) for e in package.entries)]
    }  # fmt: skip
    assert named == done
    (package.place / "trust.pem").write_bytes(package.house.service.container.trust.pem)
    assert openssl(package.place, "META-INF/ASiCManifest001.xml").returncode == 0
    changed = (package.place / "META-INF/ASiCManifest001.xml").read_bytes().replace(b"001_", b"002_", 1)
    (package.place / "changed.xml").write_bytes(changed)
    assert openssl(package.place, "changed.xml").returncode != 0


def openssl(place: Path, manifest: str) -> subprocess.CompletedProcess[bytes]:
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "META-INF/signature001.p7s",
               "-content", manifest, "-CAfile", "trust.pem", "-purpose", "any", "-out", "/dev/null"]  # fmt: skip
    return subprocess.run(command, cwd=place, capture_output=True, check=False)


def test_the_inventory_tells_what_is_in_the_package(package: Package) -> None:
    """003 §6.4: numbers, page counts and digests, as poppler counts and prints them."""
    printed = Printed(package.place / "000_siyahi.pdf")
    for entry in package.entries:
        path = package.place / str(entry["name"])
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert entry["pages"] == (pages(path) if path.suffix == ".pdf" else 1)
        assert printed.holds(str(entry["sha256"]))
        assert printed.holds(str(entry["number"]))
    assert {str(e["name"])[-3:] for e in package.entries} == {"pdf", "png"}


def pages(path: Path) -> int:
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pages:"))


def test_pdfsig_finds_every_signature_valid(package: Package) -> None:
    made = [e for e in package.entries if e["form"] != "file"]
    assert len(made) == len(NEEDED) - 5 + len(FOUNDERS) - 1
    for name in ["000_siyahi.pdf", *(str(e["name"]) for e in made)]:
        done = subprocess.run(
            ["pdfsig", "-nocert", package.place / name], capture_output=True, text=True, check=False
        ).stdout  # fmt: skip
        with pikepdf.open(package.place / name) as pdf:
            fields = sum(
                f.get("/FT") == "/Sig" and not str(f.V.Type).endswith("DocTimeStamp") for f in pdf.Root.AcroForm.Fields
            )
        assert done.count("Signature Validation: Signature is Valid.") == fields > 0, name


def test_the_folder_has_the_same_files(package: Package, tmp_path: Path) -> None:
    package.house.service.container.packages.folder("paket", tmp_path / "paket")
    done = subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"], cwd=tmp_path / "paket", check=False)
    assert done.returncode == 0
    with zipfile.ZipFile(io.BytesIO(package.container)) as archive:
        for path in (tmp_path / "paket").iterdir():
            assert path.name == "SHA256SUMS" or archive.read(path.name) == path.read_bytes()


def test_verapdf_accepts_what_was_signed(package: Package, verapdf: VeraPdf, tmp_path: Path) -> None:
    """PDF/A-3b after the last revision: the inventory, map and programme (extended to B-LTA), a copy."""
    programme = tmp_path / "programme.pdf"
    programme.write_bytes(taken_out(package.file("inkisaf-proqrami")))
    wanted = [package.place / "000_siyahi.pdf", package.file("funksional-xerite"), package.file("nizamname"), programme]
    assert {path.name: why for path, why in verapdf(wanted).items() if why} == {}


@pytest.mark.parametrize("instrument", KEPT_LONGEST)
def test_map_and_programme_are_signed_where_their_signatures_stand(
    package: Package, instrument: str, tmp_path: Path
) -> None:
    """003 §5.3 (A3 sheets, a note of 15–20 pages), §5.5 (50–70 pages): visible fields in the table of signatures, none
    over the text, and the long-term level in the archive."""
    house, document = package.house, package.house.made[instrument]
    report = house.service.container.verify(house.content(document.id)).report
    assert report.valid
    assert str(report.level) == "B-LTA"
    with house.service.container.work.uow.reading() as uow:
        first = uow.documents.revisions(document.id)[0]
    unsigned, signed = tmp_path / "unsigned.pdf", tmp_path / "signed.pdf"
    unsigned.write_bytes(house.service.container.store.read(first.key))
    signed.write_bytes(house.content(document.id))
    assert signed.read_bytes().startswith(unsigned.read_bytes())
    blank, full = Printed(unsigned), Printed(signed)
    assert blank.overprinted() == []
    assert blank.orphans() == []
    visible = [f for f in full.fields if f.box.right > f.box.left]
    assert [f.box for f in visible] == [f.box for f in blank.fields]
    assert [f.box.text for f in visible] == ["sig_01", "sig_02"]
    for field, who in zip(visible, ("ALLAHVERDİYEV", "1401299871"), strict=True):
        assert solid(who) in solid("".join(inside(full, field)))
    assert "Allahverdiyev" in blank.pages[visible[0].page]
    assert "M.Y." in blank.pages[visible[1].page]
    limit = house.service.container.parts.registry.get(instrument).page_limit()
    assert limit is not None
    papers = sizes(signed)
    assert limit.warning(sum(height > width for width, height in papers)) is None
    if instrument == "klaster-funksional-xerite":
        across = [n for n, size in enumerate(papers) if size == A3]
        assert across == list(range(len(across)))
        assert set(papers[len(across):]) == {A4}  # fmt: skip
        assert len(across) >= 4, "organisation, cooperation, projects, effect: Əlavə 7–10"


def inside(printed: Printed, field: Field) -> list[str]:
    """Words that stand in the field's box."""
    box = field.box
    return [
        word.text
        for word in printed.boxes[field.page]
        if box.left <= word.left and word.right <= box.right and box.top <= word.top <= box.bottom
    ]


def sizes(path: Path) -> list[tuple[int, int]]:
    """Width and height of each page in points."""
    with pikepdf.open(path) as pdf:
        return [(round(float(p.mediabox[2])), round(float(p.mediabox[3]))) for p in pdf.pages]

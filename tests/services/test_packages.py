"""The application package of a cluster end to end: gaps, certified copies, signed inventory, container (003 §2, §6)."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from doc_service.api.app import create_app
from doc_service.bootstrap.pki import DEVELOPMENT_PIN
from doc_service.domain.civil_time import baku_date, start_of_day
from doc_service.domain.clusters.clusters import Cluster, Participation
from doc_service.domain.clusters.files import PDF, CaseFile
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.clusters.stages import STAGE_TABLE, Form
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonName, PersonRecord
from doc_service.domain.principals import AccountRole
from doc_service.domain.registration import Journal
from doc_service.services.packages.prepare import PackageRequest
from doc_service.services.succeed_document import supersede
from signing.asic import read_container
from signing.keys.pkcs12 import Pkcs12Key
from tests.api.world import World
from tests.services.conftest import SECRETARIAT, running_service
from tests.services.test_copies import Office

pytestmark = pytest.mark.xdist_group("copies")
ADDRESSEE = "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə"
VOENS = {"it": "1401299871", "t1": "1400512381", "t2": "1701884421"}
WANTED = PackageRequest("paket-1", "kl", ADDRESSEE, {})


class Bench(Office):
    """A cluster of two members whose papers are records over one real signed file."""

    def found(self) -> None:
        body = replace(self.service.scenario.body, id="kl-yigincaq")
        self.service.container.use_cases.register_body(body, SECRETARIAT)
        with self.service.container.work.uow() as uow:
            for place, (name, voen) in enumerate(VOENS.items()):
                person = Person(
                    f"p-{name}", PersonName("Allahverdiyev", "Nicat", "Rasim oğlu"), f"5ZA1B2{place}", name, "direktor"
                )
                uow.people.add(PersonRecord(person))
                uow.organisations.add(
                    Organisation(
                        name, f"“Təşkilat {name}”", voen, "", "Bakı", "", "", "", "", person.id, legal_form="MMC"
                    )
                )
            day = date(2026, 1, 10)
            uow.clusters.add(
                Cluster("kl", "Abşeron polimer sənaye klasteri", "Abşeron", "boru", day, body.id, specialised_id="it")
            )
            for member in ("t1", "t2"):
                uow.clusters.add_participation(
                    Participation(f"kl-{member}", "kl", member, ParticipantKind.COLLEGE, "kadrlar", day)
                )
            uow.commit()
        self.service.container.use_cases.open_journal(Journal("KL-SP", "Paketlər", "3-21-5"), SECRETARIAT)

    def paper(self, instrument: str, name: str, **changes: Any) -> str:
        return self.twin(name, instrument=instrument, body_id="kl-yigincaq", meeting_id=None, **changes)

    def papers(self) -> None:
        """Everything that the table asks for, apart from what a test leaves out."""
        for item in STAGE_TABLE:
            if item.in_package and item.each_member:
                for member in ("t1", "t2"):
                    self.paper(
                        item.instruments[0], f"{item.id}-{member}", data={"organisation": {"voen": VOENS[member]}}
                    )
            elif item.in_package and item.instruments:
                self.paper(item.instruments[0], item.id)
            elif item.in_package:
                self.file(item.id)

    def file(self, item: str, content: bytes = b"") -> None:
        pdf = content or self.pdf(self.original)
        digest = hashlib.sha256(pdf).hexdigest()
        container = self.service.container
        key = f"documents/kl-files/{item}-{digest}"
        container.store.put_new(key, pdf, sha256=digest)
        at = container.work.clock.now()
        with container.work.uow() as uow:
            uow.case_files.add(
                CaseFile(f"f-{item}", "cluster", "kl", item, "a.pdf", PDF, len(pdf), digest, key, at, SECRETARIAT)
            )
            uow.commit()

    def sign_inventory(self, package_id: str) -> None:
        use, trust = self.service.container.use_cases, self.service.container.trust
        use.submit_document(package_id, SECRETARIAT)
        use.register_document(package_id, SECRETARIAT)
        self.work()
        head, seal = self.service.requests(package_id)
        self.service.sign(head)
        assert trust.development is not None
        issued = trust.development.issue_seal(seal.voen, "Təşkilat", DEVELOPMENT_PIN)
        use.sign_with_key(seal.id, Pkcs12Key.load(issued.pkcs12, DEVELOPMENT_PIN), seal.signer.id)
        self.work()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    for service in running_service(tmp_path_factory.mktemp("packages")):
        made = Bench(service)
        made.found()
        yield made


@pytest.fixture(scope="module")
def package(bench: Bench) -> str:
    """The package, signed and archived; on the way every gap is looked at."""
    cases, needed = bench.service.container.packages, [i for i in STAGE_TABLE if i.in_package]
    gaps = cases.gather("kl").gaps
    assert {g.field for g in gaps} == {i.id for i in needed}
    assert all(g.params["clause"] for g in gaps)
    assert sum(g.code == "package.member_lacks" for g in gaps) == 2
    bench.papers()
    with pytest.raises(DomainError) as caught:
        cases.draft(WANTED, SECRETARIAT)
    copied = {i.id for i in needed if i.form is Form.COPY and i.instruments}
    assert {(f.code, f.field) for f in caught.value.faults} == {("package.copy_missing", name) for name in copied}
    ids = cases.issue_copies(WANTED, SECRETARIAT)
    assert len(ids) == len(copied)
    assert cases.issue_copies(WANTED, SECRETARIAT) == ids
    bench.work()
    assert cases.gather("kl").gaps == ()
    assert cases.issue_copies(WANTED, SECRETARIAT) == ()
    cases.draft(WANTED, SECRETARIAT)
    with pytest.raises(ConflictError, match=r"document\.not_final"):
        cases.container("paket-1")
    bench.sign_inventory("paket-1")
    assert bench.state("paket-1") is DocumentState.ARCHIVED
    return "paket-1"


def test_the_container_holds_every_paper_under_one_seal(bench: Bench, package: str, tmp_path: Path) -> None:
    """ETSI EN 319 162-1: mimetype first and stored, a manifest with digests, a signature over it; read by others."""
    data = bench.service.container.packages.container(package)
    report = read_container(data)
    assert report.sound
    entries = bench.service.document(package).data["entries"]
    assert list(report.files) == ["000_siyahi.pdf", *(e["name"] for e in entries)]
    for entry in entries:
        assert hashlib.sha256(report.files[entry["name"]]).hexdigest() == entry["sha256"]
        assert entry["pages"] >= 1
    forms = {e["item"]: e["form"] for e in entries}
    assert (forms["nizamname"], forms["pasport"], forms["istismar-aktlari"]) == ("copy", "original", "file")
    assert bench.service.container.verify(report.files["000_siyahi.pdf"]).report.valid
    assert data.startswith(b"PK")
    assert data[30:38] == b"mimetype"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        manifest, signature = (archive.read(f"META-INF/{n}") for n in ("ASiCManifest001.xml", "signature001.p7s"))
    trust = bench.service.container.trust
    for name, content in (("manifest", manifest), ("sig", signature), ("trust", trust.pem)):
        (tmp_path / name).write_bytes(content)
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "sig", "-content", "manifest",
               "-CAfile", "trust", "-purpose", "any", "-out", "/dev/null"]  # fmt: skip
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    (tmp_path / "manifest").write_bytes(manifest.replace(b"000_siyahi", b"000_siyahj"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("change", ["content", "added", "manifest", "left out", "compressed"])
def test_a_container_that_was_touched(bench: Bench, package: str, change: str) -> None:
    data = bench.service.container.packages.container(package)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if change == "content" and info.filename.startswith("003_"):
                content += b"\n"
            if change == "manifest" and info.filename.endswith(".xml"):
                content = content.replace(b'Rootfile="true"', b"")
            if change == "left out" and info.filename.startswith("003_"):
                continue
            packed = zipfile.ZIP_DEFLATED if change == "compressed" else zipfile.ZIP_STORED
            target.writestr(info.filename, content, compress_type=packed)
        if change == "added":
            target.writestr("099_basqa.pdf", b"%PDF-1.7")
    assert not read_container(out.getvalue()).sound


def test_the_folder_has_the_same_files(bench: Bench, package: str, tmp_path: Path) -> None:
    bench.service.container.packages.folder(package, tmp_path / "paket")
    names = {p.name for p in (tmp_path / "paket").iterdir()}
    assert names == {*read_container(bench.service.container.packages.container(package)).files, "SHA256SUMS"}
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "paket", check=False)
    assert done.returncode == 0


def test_a_newer_edition_is_taken_and_a_stale_copy_is_no_copy(bench: Bench, package: str) -> None:
    """The copy in the package must be of the edition that stands now."""
    cases = bench.service.container.packages
    newer = bench.paper("klaster-reyestr", "reyestr-2")
    with bench.service.container.work.uow() as uow:
        supersede(bench.service.container.work, uow, "reyestr", newer, SECRETARIAT)
        uow.commit()
    (gap,) = cases.gather("kl").gaps
    assert (gap.code, gap.field) == ("package.copy_missing", "reyestr")
    (other,) = cases.gather("kl", {"reyestr": "nizamname"}).gaps
    assert (other.code, other.params["document"]) == ("package.other_choice", "nizamname")
    assert cases.container(package)


def test_faults_have_the_clause_in_both_languages(bench: Bench) -> None:
    gap = next(iter(bench.service.container.packages.gather("kl", {"pasport": "x"}).gaps))
    assert json.dumps(dict(gap.params), ensure_ascii=False).count("003") == 1


def test_looked_at_and_taken_over_http(bench: Bench, package: str) -> None:
    with TestClient(create_app(bench.service.container), base_url="https://service.test") as http:
        assert isinstance(http.app, FastAPI)
        world = World(bench.service, http.app, http)
        world.account("secretariat", AccountRole.SECRETARIAT)
        told = world.ask("GET", "/v1/clusters/kl/package", "secretariat").json()
        assert {p["form"] for p in told["papers"]} == {"original", "copy", "file"}
        assert told["complete"] is (told["gaps"] == [])
        for gap in told["gaps"]:
            assert gap["clause"] in gap["messages"]["az"]
        place = f"/v1/documents/{package}/package"
        container = world.ask("GET", f"{place}/container", "secretariat")
        assert container.headers["content-type"] == "application/vnd.etsi.asic-e+zip"
        assert read_container(container.content).sound
        folder = world.ask("GET", f"{place}/folder", "secretariat")
        with zipfile.ZipFile(io.BytesIO(folder.content)) as archive:
            assert "SHA256SUMS" in archive.namelist()
        refused = world.ask("GET", f"/v1/documents/{bench.original}/package/container", "secretariat")
        assert (refused.status_code, refused.json()["code"]) == (409, "package.not_a_package")


def test_files_are_kept_as_long_as_the_bodys_nomenclature_says(bench: Bench) -> None:
    """004 §5.1.11: the approved nomenclature of the cluster's meeting, not the model list, sets the lock."""
    container = bench.service.container

    def locked(content: bytes) -> datetime | None:
        file = container.use_cases.clusters.keep_file(
            "cluster", "kl", "imza-numuneleri", "imza.pdf", content, SECRETARIAT
        )  # fmt: skip
        return container.store.stat(file.key).retain_until

    seventh = start_of_day(date(baku_date(container.work.clock.now()).year + 7, 1, 1))
    assert locked(b"%PDF-1.7 first") not in (None, seventh)
    sample = container.parts.registry.get("isler-nomenklaturu").sample()
    case = {**sample["sections"][0]["cases"][0], "index": "KL-03", "years": 6}
    data = {**sample, "year": 2026, "sections": [{**sample["sections"][0], "cases": [case]}]}
    bench.paper("isler-nomenklaturu", "nomenklatur", data=data)
    assert locked(b"%PDF-1.7 second") == seventh

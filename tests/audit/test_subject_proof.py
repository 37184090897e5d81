"""The proof that travels with one document: complete, checkable alone, and silent about everybody else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from doc_service.audit.evidence import SubjectProver
from doc_service.audit.export import LogExporter
from doc_service.audit.log import MerkleLog
from doc_service.domain.errors import NotFoundError
from signing.api import SigningError
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from tests.audit.kit import MemoryStore, NoAuthority, SwitchedAuthority, codes, event, events, make_log, signer
from tests.audit.test_time_stamps import pem
from tests.pki_fixtures import RunningPki


@dataclass
class Bench:
    store: MemoryStore
    log: MerkleLog
    prove: SubjectProver
    authority: SwitchedAuthority


@pytest.fixture
def bench(dev_pki: RunningPki, tmp_path: Path) -> Iterator[Bench]:
    """12 events about d0, d1 and d2, under one time-stamped checkpoint."""
    transport = HttpxTransport(timeout=5)
    store = MemoryStore()
    authority = SwitchedAuthority(TimeStamper(transport, dev_pki.pki.tsa_url, pause=0))  # type: ignore[arg-type]
    log = make_log(store, tmp_path, stamper=authority)
    certificates = pem(dev_pki.pki.root, *dev_pki.pki.chain)
    prover = SubjectProver(log, store, LogExporter(store, [signer().public_key], certificates))
    store.record(events(12))
    log.checkpoint()
    yield Bench(store, log, prover, authority)
    transport.close()


def run(folder: Path, *arguments: str) -> tuple[int, dict]:
    command = [sys.executable, "-I", "-S", str(folder / "verify_audit.py"), str(folder), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_the_folder_checks_alone_with_one_command(bench: Bench, tmp_path: Path) -> None:
    bench.prove(tmp_path / "audit", ("document", "d1"))
    status, report = run(tmp_path / "audit")
    assert (status, report["faults"], report["size"]) == (0, [], 12)
    assert (report["subject"], report["proven"]) == ("document d1", 4)
    assert report["checkpoints"][0]["proven_time"]
    files = {p.name for p in (tmp_path / "audit").iterdir()}
    assert files == {
        "proof.json", "checkpoint.json", "checkpoint.tsr", "public_key.pem", "tsa_certificates.pem",
        "verify_audit.py", "README.txt",
    }  # fmt: skip
    archive = shutil.make_archive(str(tmp_path / "audit-zip"), "zip", tmp_path / "audit")
    command = [sys.executable, str(tmp_path / "audit" / "verify_audit.py"), archive, "--lang", "az"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "document d1: 4 hadisənin" in done.stdout) == (0, True)


def test_it_is_silent_about_other_documents(bench: Bench, tmp_path: Path) -> None:
    bench.prove(tmp_path / "audit", ("document", "d1"))
    for path in (tmp_path / "audit").iterdir():
        content = path.read_bytes()
        for other in bench.store.rows:
            if other.event.subject_id != "d1":
                assert other.canonical not in content
                assert other.event.id.encode() not in content
        assert b'"id":"d0"' not in content.replace(b"\\", b"").replace(b" ", b"")


def test_later_events_get_a_checkpoint_first(bench: Bench, tmp_path: Path) -> None:
    bench.store.record([event(50, "d1"), event(51, "d2")])
    bench.prove(tmp_path / "audit", ("document", "d1"))
    status, report = run(tmp_path / "audit")
    assert (status, report["size"], report["proven"]) == (0, 14, 5)
    bench.store.record([event(52, "d2")])
    bench.prove(tmp_path / "again", ("document", "d1"))
    assert run(tmp_path / "again")[1]["size"] == 14, "nothing new about d1, so no new checkpoint"


@pytest.mark.parametrize("how", ["down", "refuses"])
def test_without_the_authority_it_is_made_and_says_what_is_pending(bench: Bench, tmp_path: Path, how: str) -> None:
    bench.store.record([event(50, "d1")])
    bench.authority.up = how == "refuses"
    inner, bench.authority.inner = bench.authority.inner, Refusing()
    bench.prove(tmp_path / "audit", ("document", "d1"))
    status, report = run(tmp_path / "audit")
    assert (status, codes(report)) == (1, {"audit.timestamp_missing"})
    status, report = run(tmp_path / "audit", "--allow-unstamped")
    assert (status, report["proven"]) == (0, 5)
    assert "audit.timestamp_pending" in {w["code"] for w in report["warnings"]}
    readme = (tmp_path / "audit" / "README.txt").read_text()
    assert "gözlənilir / pending" in readme
    assert "verify_audit.py . --allow-unstamped" in readme
    bench.prove(tmp_path / "other", ("document", "d2"))
    assert run(tmp_path / "other")[1]["size"] == 12, "d2 stands under the earlier, stamped checkpoint"
    bench.authority.up, bench.authority.inner = True, inner
    bench.prove(tmp_path / "later", ("document", "d1"))
    assert run(tmp_path / "later")[0] == 0
    assert "--allow-unstamped" not in (tmp_path / "later" / "README.txt").read_text()


class Refusing(NoAuthority):
    """Answers, and says no for good."""

    def stamp(self, digest: bytes) -> bytes:
        raise SigningError("signing.tsa_refused", status="rejection")


def test_a_subject_without_events_has_no_proof(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"audit\.no_events"):
        bench.prove(tmp_path / "audit", ("document", "unknown"))
    assert not (tmp_path / "audit").exists()


def _proof(folder: Path) -> dict:
    return json.loads((folder / "proof.json").read_text())


def _edit(proof: dict, other: dict) -> None:
    proof["events"][1]["event"] = proof["events"][1]["event"].replace('"n":4', '"n":5')


def _foreign(proof: dict, other: dict) -> None:
    proof["events"] = other["events"]


def _twice(proof: dict, other: dict) -> None:
    proof["events"].insert(1, proof["events"][0])


def _empty(proof: dict, other: dict) -> None:
    proof["events"] = []


def _renamed(proof: dict, other: dict) -> None:
    proof["subject"]["id"] = "d2"


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_edit, "audit.proof_wrong"),
        (_foreign, "audit.proof_subject"),
        (_twice, "audit.proof_order"),
        (_empty, "audit.no_events"),
        (_renamed, "audit.proof_subject"),
    ],
)
def test_a_changed_proof_is_found(bench: Bench, tmp_path: Path, harm, code: str) -> None:
    for name in ("d1", "d2"):
        bench.prove(tmp_path / name, ("document", name))
    proof = _proof(tmp_path / "d1")
    harm(proof, _proof(tmp_path / "d2"))
    (tmp_path / "d1" / "proof.json").write_text(json.dumps(proof))
    status, report = run(tmp_path / "d1")
    assert (status, codes(report)) == (1, {code})


@pytest.mark.parametrize("name", ["checkpoint.json", "checkpoint.tsr", "public_key.pem", "tsa_certificates.pem"])
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_files_beside_the_proof_are_those_inside_it(bench: Bench, tmp_path: Path, name: str, damage: str) -> None:
    bench.prove(tmp_path / "audit", ("document", "d1"))
    path = tmp_path / "audit" / name
    path.unlink() if damage == "gone" else path.write_bytes(path.read_bytes() + b"\n")
    status, report = run(tmp_path / "audit")
    assert (status, codes(report)) == (1, {"audit.file_differs"})


def test_the_kept_checkpoint_of_a_proof_binds_the_whole_log(bench: Bench, tmp_path: Path) -> None:
    bench.prove(tmp_path / "audit", ("document", "d1"))
    kept = str(tmp_path / "audit" / "checkpoint.json")
    LogExporter(bench.store, [signer().public_key], None)(tmp_path / "whole")
    assert run(tmp_path / "whole", "--checkpoint", kept)[0] == 0
    forged = MemoryStore()
    forged.record(events(12, first=100))
    make_log(forged, tmp_path / "forger").checkpoint()
    LogExporter(forged, [signer().public_key], None)(tmp_path / "forged")
    status, report = run(tmp_path / "forged", "--checkpoint", kept, "--allow-unstamped")
    assert (status, "audit.checkpoint_missing" in codes(report)) == (1, True)

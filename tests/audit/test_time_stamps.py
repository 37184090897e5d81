"""Checkpoints under real time stamps of the development authority, checked by openssl."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from doc_service.audit.export import LogExporter
from doc_service.audit.offline import verify_audit as offline
from doc_service.domain.errors import ConflictError
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from tests.audit.kit import MemoryStore, codes, events, make_log, signer
from tests.pki_fixtures import RunningPki


class AbsentMinded:
    """An authority that stamps something else."""

    def __init__(self, inner: TimeStamper) -> None:
        self._inner = inner

    def stamp(self, digest: bytes) -> bytes:
        return self._inner.stamp(hashlib.sha256(digest).digest())


def pem(*certificates: bytes) -> str:
    return "".join(load_der_x509_certificate(c).public_bytes(Encoding.PEM).decode() for c in certificates)


@pytest.fixture
def authority(dev_pki: RunningPki) -> Iterator[TimeStamper]:
    transport = HttpxTransport(timeout=5)
    yield TimeStamper(transport, dev_pki.pki.tsa_url, pause=0)
    transport.close()


@pytest.fixture
def certificates(dev_pki: RunningPki) -> str:
    return pem(dev_pki.pki.root, *dev_pki.pki.chain)


@pytest.fixture
def export(authority: TimeStamper, certificates: str, tmp_path: Path) -> Path:
    """20 events, checkpoints over 10 and 20, both time-stamped."""
    store = MemoryStore()
    log = make_log(store, tmp_path, stamper=authority, tsa_certificates=certificates)
    for first in (0, 10):
        store.record(events(10, first))
        assert log.checkpoint()["time_stamped"] is True
    verdict = log.verify()
    assert (verdict["valid"], verdict["warnings"]) == (True, [])
    assert all(c["proven_time"] for c in verdict["checkpoints"])
    LogExporter(store, [signer().public_key], certificates)(tmp_path / "out", ("document", "d1"))
    return tmp_path / "out"


def faults(export: Path, **trust: object) -> set[str]:
    report = offline.verify_export(export, offline.Trust([signer().public_key], **trust))  # type: ignore[arg-type]
    return {code for code, _ in report.faults}


def run(export: Path, *arguments: object, path: str | None = None) -> tuple[int, dict[str, set[str]]]:
    """The exported verifier in a Python of its own; ``path``: where it may look for programs."""
    command = [sys.executable, "-I", "-S", str(export / "verify_audit.py"), *map(str, arguments), "--json"]
    environment = None if path is None else {"PATH": path}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    report = json.loads(done.stdout)
    return done.returncode, {kind: {f["code"] for f in report[kind]} for kind in ("faults", "warnings")}


def test_openssl_accepts_the_exported_time_stamp(export: Path) -> None:
    command = ["openssl", "ts", "-verify", "-data", "checkpoints/000000000020.json", "-in"]
    command += ["checkpoints/000000000020.tsr", "-CAfile", "tsa_certificates.pem", "-untrusted", "tsa_certificates.pem"]
    done = subprocess.run(command, cwd=export, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


def test_the_verifier_checks_time_stamps(export: Path, certificates: str) -> None:
    trust = offline.Trust([signer().public_key], certificates)
    report = offline.verify_export(export, trust)
    assert (report.faults, report.warnings) == ([], [])
    assert all(c["proven_time"].startswith("20") for c in report.checkpoints)
    proof = offline.verify_proof((export / "proofs" / "document-d1.json").read_bytes(), trust)
    assert (proof.faults, proof.warnings) == ([], [])


def test_certificates_of_the_export_itself_are_told(export: Path, certificates: str, tmp_path: Path) -> None:
    trust = offline.Trust([signer().public_key])
    digest = hashlib.sha256(certificates.encode()).hexdigest()
    expected = [("audit.tsa_from_export", {"digest": digest})]
    assert offline.verify_export(export, trust).warnings == expected
    assert offline.verify_proof((export / "proofs" / "document-d1.json").read_bytes(), trust).warnings == expected
    given = tmp_path / "tsa.pem"
    given.write_text(certificates)
    assert run(export, export) == (0, {"faults": set(), "warnings": {"audit.key_from_export", "audit.tsa_from_export"}})
    assert run(export, export, "--tsa-ca", given)[1]["warnings"] == {"audit.key_from_export"}


def test_without_openssl_it_says_that_it_did_not_check(export: Path, tmp_path: Path) -> None:
    status, found = run(export, export, path=str(tmp_path))
    assert (status, found["faults"]) == (0, set())
    assert "audit.timestamp_no_openssl" in found["warnings"]
    command = [sys.executable, str(export / "verify_audit.py"), str(export)]
    with_it, without = (
        subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": path}).stdout
        for path in ("/usr/bin:/bin", str(tmp_path))
    )
    assert "openssl is not installed" in without
    assert without.splitlines()[-1].endswith("(?)")
    assert not with_it.splitlines()[-1].endswith("(?)")


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize(("removed", "at_the_end"), [((10,), False), ((20,), True), ((10, 20), True)])
def test_a_missing_time_stamp(export: Path, removed: tuple[int, ...], at_the_end: bool, allowed: bool) -> None:
    """Before a stamped checkpoint it was taken away; at the end it may be pending, if the reader knows."""
    for size in removed:
        (export / f"checkpoints/{size:012d}.tsr").unlink()
    status, found = run(export, export, *(["--allow-unstamped"] if allowed else []))
    missing = not (allowed and at_the_end)
    assert status == int(missing)
    assert ("audit.timestamp_missing" in found["faults"]) is missing
    assert ("audit.timestamp_pending" in found["warnings"]) is not missing


def test_a_time_stamp_taken_out_of_a_proof(export: Path, tmp_path: Path) -> None:
    proof = json.loads((export / "proofs" / "document-d1.json").read_text())
    path = tmp_path / "proof.json"
    path.write_text(json.dumps({**proof, "time_stamp": None}))
    assert run(export, "--proof", path) == (
        1,
        {"faults": {"audit.timestamp_missing"}, "warnings": {"audit.key_from_export"}},
    )
    status, found = run(export, "--proof", path, "--allow-unstamped")
    assert (status, found["warnings"]) == (0, {"audit.key_from_export", "audit.timestamp_pending"})


def test_the_service_misses_a_time_stamp_that_was_there(
    dev_pki: RunningPki, authority: TimeStamper, tmp_path: Path
) -> None:
    store = MemoryStore()
    log = make_log(store, tmp_path, stamper=authority)
    for first in (0, 2):
        store.record(events(2, first))
        log.checkpoint()
    store.marks[2] = replace(store.marks[2], timestamp=None)
    assert codes(log.verify()) == {"audit.timestamp_missing"}
    store.marks[4] = replace(store.marks[4], timestamp=None)
    assert codes(log.verify()) == set()


def test_a_time_stamp_of_another_checkpoint(export: Path) -> None:
    shutil.copy(export / "checkpoints/000000000010.tsr", export / "checkpoints/000000000020.tsr")
    assert faults(export) == {"audit.timestamp_mismatch"}


def test_a_forged_time(export: Path) -> None:
    """The time inside the token is moved by one second: its signature no longer holds."""
    path = export / "checkpoints/000000000020.tsr"
    response = path.read_bytes()
    moment = offline.read_time_stamp(response)[1].strftime("%Y%m%d%H%M%S").encode()
    at = response.index(moment) + len(moment) - 1
    path.write_bytes(response[:at] + (b"1" if response[at : at + 1] == b"0" else b"0") + response[at + 1 :])
    report = offline.verify_export(export, offline.Trust([signer().public_key]))
    assert report.faults == [("audit.timestamp_invalid", {"size": 20, "reason": "digest failure"})]


def test_a_foreign_authority(export: Path, foreign_pki: RunningPki) -> None:
    assert faults(export, tsa=pem(foreign_pki.pki.root)) == {"audit.timestamp_invalid"}


def test_without_certificates_it_says_that_it_did_not_check(export: Path) -> None:
    (export / "tsa_certificates.pem").unlink()
    report = offline.verify_export(export, offline.Trust([signer().public_key]))
    assert (report.faults, report.warnings) == ([], [("audit.timestamp_unchecked", {})])


def test_time_stamps_are_caught_up(dev_pki: RunningPki, authority: TimeStamper, tmp_path: Path) -> None:
    store = MemoryStore()
    log = make_log(store, tmp_path, stamper=authority)
    dev_pki.faults.pause("tsa")
    for first in (0, 2):
        store.record(events(2, first))
        assert log.checkpoint()["time_stamped"] is False
    dev_pki.faults.resume()
    assert log.checkpoint()["time_stamped"] is True
    assert [c.timestamp is not None for c in store.checkpoints()] == [True, True]
    assert log.stamp_pending() == 0
    assert codes(log.verify()) == set()


def test_a_stamp_over_something_else_is_refused(authority: TimeStamper, tmp_path: Path) -> None:
    store = MemoryStore()
    store.record(events(2))
    with pytest.raises(ConflictError, match=r"audit\.timestamp_mismatch"):
        make_log(store, tmp_path, stamper=AbsentMinded(authority)).checkpoint()
    assert [c.timestamp for c in store.checkpoints()] == [None]

"""The export and the verifier that travels with it: run as an auditor runs it, in a Python of its own."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doc_service.audit.export import LogExporter, verifier_source
from doc_service.audit.offline import verify_audit as offline
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.messages.catalog import Catalog
from tests.audit.kit import LogStoreKit, MemoryStore, events, make_log, signer

COUNT, SIZES = 40, (10, 25, 40)
Run = Callable[..., tuple[int, dict]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 events, checkpoints over 10, 25 and 40, proofs for document d1."""
    folder = tmp_path_factory.mktemp("export")
    store = MemoryStore()
    log = make_log(store, folder)
    for first, last in zip((0, *SIZES), SIZES, strict=False):
        store.record(events(last - first, first))
        log.checkpoint()
    LogExporter(store, [signer().public_key], None)(folder / "out", ("document", "d1"))
    return folder / "out"


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the exported verifier isolated from everything installed (-I -S), away from this project. The log has no
    time stamps: see test_time_stamps."""

    def run(folder: Path, *arguments: object) -> tuple[int, dict]:
        command = [sys.executable, "-I", "-S", str(folder / "verify_audit.py"), *map(str, arguments), "--json"]
        command.append("--allow-unstamped")
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)

    return run


def codes(report: dict) -> set[str]:
    return {fault["code"] for fault in report["faults"]}


def verify(folder: Path, *held: Path) -> set[str]:
    """Codes of the faults, by the same code in this process."""
    kept = [offline.read_checkpoint(path.read_bytes()) for path in held]
    return {code for code, _ in offline.verify_export(folder, offline.Trust(held=kept, allow_unstamped=True)).faults}


def rewrite(folder: Path, lines: list[bytes]) -> None:
    (folder / "events.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "events.jsonl").read_bytes().splitlines()


def test_the_export_verifies_alone(exported: Path, run: Run) -> None:
    status, report = run(exported, exported)
    assert (status, report["valid"], report["size"], report["faults"]) == (0, True, COUNT, [])
    assert [c["size"] for c in report["checkpoints"]] == list(SIZES)
    assert {w["code"] for w in report["warnings"]} == {"audit.key_from_export", "audit.timestamp_pending"}


def test_the_key_can_come_from_elsewhere(exported: Path, run: Run, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.pem", tmp_path / "wrong.pem"
    right.write_text(offline.write_public_key(signer().public_key))
    wrong.write_text(offline.write_public_key(signer("other").public_key))
    status, report = run(exported, exported, "--public-key", right)
    assert status == 0
    assert "audit.key_from_export" not in {w["code"] for w in report["warnings"]}
    status, report = run(exported, exported, "--public-key", wrong)
    assert (status, codes(report)) == (1, {"audit.checkpoint_unknown_key"})


def test_a_zip_file_serves_as_well(exported: Path, run: Run, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "export"), "zip", exported)
    assert run(exported, archive)[0] == 0
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"n":17', b'"n":18'))
    status, report = run(exported, tmp_path / "bad.zip")
    assert status == 1
    assert "audit.event_edited" in codes(report)


@pytest.mark.parametrize("what", ["nothing", "text", "empty directory", "no events", "no key", "broken zip"])
def test_what_cannot_be_read_is_exit_2(copy: Path, run: Run, tmp_path: Path, what: str) -> None:
    target = tmp_path / "target"
    if what == "text":
        target.write_text("hello")
    elif what == "empty directory":
        target.mkdir()
    elif what == "broken zip":
        target.write_bytes(Path(shutil.make_archive(str(tmp_path / "z"), "zip", copy)).read_bytes()[200:])
    elif what != "nothing":
        shutil.copytree(copy, target)
        (target / {"no events": "events.jsonl", "no key": "public_key.pem"}[what]).unlink()
    status, report = run(copy, target)
    assert (status, codes(report)) == (2, {"audit.unusable"})


def edit(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(lines))
    line = bytearray(lines[at])
    line[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
    return [*lines[:at], bytes(line), *lines[at + 1 :]]


def delete(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def reorder(lines: list[bytes], chance: random.Random) -> list[bytes]:
    one, other = sorted(chance.sample(range(len(lines)), 2))
    return [*lines[:one], lines[other], *lines[one + 1 : other], lines[one], *lines[other + 1 :]]


def truncate(lines: list[bytes], chance: random.Random) -> list[bytes]:
    return lines[: chance.randrange(len(lines))]


def insert(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(lines) + 1)
    return [*lines[:at], chance.choice([b"", b"{}", lines[0], b'{"id":"new"}']), *lines[at:]]


HARMS = {
    edit: "audit.event_edited",
    delete: "audit.event_deleted",
    reorder: "audit.events_reordered",
    truncate: "audit.log_truncated",
    insert: "audit.event_inserted",
}


@pytest.mark.parametrize("harm", HARMS, ids=lambda f: f.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_any_change_of_the_events_is_found(copy: Path, exported: Path, harm, seed: int) -> None:
    """Also when the list of leaf hashes, which nobody signed, is made to agree."""
    original = lines_of(exported)
    changed = harm(original, random.Random(seed))
    rewrite(copy, changed)
    shutil.copy(exported / "leaves.txt", copy)
    if lines_of(copy) == original and (copy / "events.jsonl").read_bytes() == (exported / "events.jsonl").read_bytes():
        return
    assert verify(copy)
    stored = (copy / "events.jsonl").read_bytes().split(b"\n")[:-1]
    (copy / "leaves.txt").write_text("".join(offline.leaf_hash(line).hex() + "\n" for line in stored))
    assert verify(copy)


@pytest.mark.parametrize(("harm", "code"), HARMS.items(), ids=lambda v: getattr(v, "__name__", v))
def test_the_reason_is_named(copy: Path, run: Run, harm, code: str) -> None:
    rewrite(copy, harm(lines_of(copy), random.Random(4)))
    status, report = run(copy, copy)
    assert (status, report["valid"]) == (1, False)
    assert code in codes(report)
    assert all(fault["text"] and "{" not in fault["text"] for fault in report["faults"])


def test_the_place_is_named(copy: Path) -> None:
    lines = lines_of(copy)
    lines[17] = lines[17].replace(b'"n":17', b'"n":71')
    rewrite(copy, lines)
    faults = offline.verify_export(copy, offline.Trust()).faults
    assert ("audit.event_edited", {"seq": 17}) in faults
    mismatch = next(params for code, params in faults if code == "audit.root_mismatch")
    assert (mismatch["size"], mismatch["first"], mismatch["last"]) == (25, 10, 24)


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_changed_bit_of_a_checkpoint_is_found(copy: Path, exported: Path, size: int, place: int, bit: int) -> None:
    name = f"checkpoints/{size:012d}.json"
    document = bytearray((exported / name).read_bytes())
    document[place % len(document)] ^= 1 << bit
    (copy / name).write_bytes(document)
    assert verify(copy)
    shutil.copy(exported / name, copy / name)
    assert not verify(copy)


@pytest.mark.parametrize("size", SIZES[:-1])
def test_a_removed_checkpoint_is_found(copy: Path, size: int) -> None:
    (copy / f"checkpoints/{size:012d}.json").unlink()
    assert verify(copy) == {"audit.checkpoint_link"}


def test_cutting_log_and_checkpoints_together_is_found_by_the_kept_checkpoint(
    copy: Path, exported: Path, run: Run
) -> None:
    rewrite(copy, lines_of(copy)[:25])
    leaves = (copy / "leaves.txt").read_bytes().splitlines(keepends=True)[:25]
    (copy / "leaves.txt").write_bytes(b"".join(leaves))
    last = copy / f"checkpoints/{40:012d}.json"
    last.unlink()
    assert run(copy, copy)[0] == 0, "without a kept checkpoint nobody can know"
    status, report = run(copy, copy, "--checkpoint", exported / "checkpoints" / last.name)
    assert (status, codes(report)) == (1, {"audit.log_truncated", "audit.checkpoint_missing"})
    assert run(exported, exported, "--checkpoint", exported / "checkpoints" / last.name)[0] == 0


def test_a_log_made_anew_with_another_key_is_found_by_the_kept_checkpoint(exported: Path, tmp_path: Path) -> None:
    store = MemoryStore()
    store.record(events(COUNT))
    make_log(store, tmp_path, signer=signer("forger")).checkpoint()
    LogExporter(store, [signer("forger").public_key], None)(tmp_path / "forged")
    assert verify(tmp_path / "forged") == set()
    kept = exported / f"checkpoints/{25:012d}.json"
    assert verify(tmp_path / "forged", kept) == {"audit.checkpoint_missing", "audit.checkpoint_unknown_key"}


def test_no_checkpoint_at_all_proves_nothing(copy: Path) -> None:
    shutil.rmtree(copy / "checkpoints")
    assert {"audit.no_checkpoint", "audit.log_uncovered"} <= verify(copy)


def test_checkpoints_of_two_logs_are_told_apart(copy: Path, tmp_path: Path) -> None:
    store = MemoryStore()
    store.record(events(25))
    make_log(store, tmp_path, log_id="another").checkpoint()
    (copy / f"checkpoints/{25:012d}.json").write_bytes(store.checkpoints()[0].document)
    assert "audit.checkpoint_other_log" in verify(copy)


def test_a_wrong_list_of_leaves_is_told(copy: Path) -> None:
    path = copy / "leaves.txt"
    path.write_text(path.read_text().replace(path.read_text()[:8], "zzzzzzzz"))
    assert verify(copy) == {"audit.leaf_list_wrong"}


def test_a_repeated_identifier_is_told(copy: Path) -> None:
    rewrite(copy, [*lines_of(copy), lines_of(copy)[3]])
    assert {"audit.event_repeated", "audit.log_uncovered"} <= verify(copy)


def test_proofs_for_one_document(exported: Path, run: Run, tmp_path: Path) -> None:
    path = exported / "proofs" / "document-d1.json"
    proof = json.loads(path.read_text())
    assert [e["seq"] for e in proof["events"]] == [n for n in range(COUNT) if n % 3 == 1]
    status, report = run(exported, "--proof", path)
    assert (status, report["valid"], report["size"]) == (0, True, COUNT)
    changed = tmp_path / "changed.json"
    for seq, text in ((4, proof["events"][1]["event"].replace('"n":4', '"n":5')), (5, proof["events"][1]["event"])):
        proof["events"][1].update(seq=seq, event=text)
        changed.write_text(json.dumps(proof))
        status, report = run(exported, "--proof", changed)
        assert (status, codes(report)) == (1, {"audit.proof_wrong"})
    proof["checkpoint"] = proof["checkpoint"].replace('"size":40', '"size":41')
    changed.write_text(json.dumps(proof))
    assert "audit.checkpoint_signature" in codes(run(exported, "--proof", changed)[1])
    changed.write_text("{}")
    assert run(exported, "--proof", changed)[0] == 2


def test_text_output_in_both_languages(copy: Path) -> None:
    lines = lines_of(copy)
    rewrite(copy, lines[:-1])
    for language, words in (("az", "Jurnal kəsilib"), ("en", "The log was cut")):
        command = [sys.executable, "-I", str(copy / "verify_audit.py"), str(copy), "--lang", language]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert words in done.stdout


def test_the_service_says_the_same_as_the_verifier() -> None:
    for number, language in ((0, "en"), (1, "az")):
        catalog = Catalog(language)
        for code, texts in offline.TEXTS.items():
            assert catalog._texts[code] == texts[number]


def test_the_verifier_that_is_exported_is_the_one_that_runs_here(exported: Path) -> None:
    assert (exported / "verify_audit.py").read_bytes() == Path(offline.__file__).read_bytes() == verifier_source()


def test_exports_are_the_same_from_every_store(kit: LogStoreKit, exported: Path, tmp_path: Path) -> None:
    log = make_log(kit.store, tmp_path)
    kit.record(events(COUNT))
    log.checkpoint()
    kit.record(events(3, first=COUNT))
    log.sequence()
    LogExporter(kit.store, [signer().public_key], None)(tmp_path / "out", ("document", "d1"))
    for name in ("events.jsonl", "leaves.txt", "public_key.pem"):
        assert (tmp_path / "out" / name).read_bytes() == (exported / name).read_bytes()
    assert verify(tmp_path / "out") == set()
    proof = str(tmp_path / "out" / "proofs" / "document-d1.json")
    assert offline.main(["--proof", proof, "--allow-unstamped", "--json"]) == 0


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    store = MemoryStore()
    exporter = LogExporter(store, [signer().public_key], None)
    with pytest.raises(ConflictError, match=r"audit\.no_checkpoint"):
        exporter(tmp_path / "out")
    store.record(events(5))
    make_log(store, tmp_path).checkpoint()
    with pytest.raises(NotFoundError, match=r"audit\.no_events"):
        exporter.prove("document", "unknown")
    del store.rows[2]
    with pytest.raises(ConflictError, match=r"audit\.event_missing"):
        exporter(tmp_path / "out")


def test_what_is_no_time_stamp(copy: Path) -> None:
    for junk in (b"", b"junk", bytes.fromhex("3003020100"), bytes.fromhex("30053003020100"), b"\x30\x80\x00\x00"):
        (copy / f"checkpoints/{40:012d}.tsr").write_bytes(junk)
        assert verify(copy) == {"audit.timestamp_mismatch", "audit.timestamp_missing"}

"""The organisation's seal on a token of this machine (SoftHSM2): the right organisation, and nobody's signature."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from doc_service.bootstrap.seals import open_seals
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.jobs import Job, JobState
from doc_service.domain.people import Person, PersonName
from doc_service.domain.signatures import RequestState, SignatureRequest, SignerKind
from doc_service.services.signing_steps import ask_for_seal
from doc_service.settings import Settings
from signing.api import SigningError
from tests.ways.bench import Bench, open_bench
from tests.ways.players import PIN, AgentPlayer, Keys

pytestmark = pytest.mark.xdist_group("ways-seals")
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, TOKEN_PIN = "Möhür", "73519"
VOEN, OTHER, IN_FILE = "1402345671", "9903456781", "1402345691"


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=60)


class SealPlayer(AgentPlayer):
    """An agent for persons, and a token with two organisations' seals."""

    def open(self, directory: Path, keys: Keys, people: Sequence[Person], stack: ExitStack) -> dict[str, Any]:
        super().open(directory, keys, people, stack)
        folder = directory / "token"
        (folder / "tokens").mkdir(parents=True)
        (folder / "softhsm2.conf").write_text(
            f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n"
        )
        stack.enter_context(_softhsm(folder / "softhsm2.conf"))
        run("softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", TOKEN_PIN, "--so-pin", "11223344")
        for number, voen in enumerate((VOEN, OTHER), 1):
            self._write(folder, keys.pki.issue_seal(voen, f"Təşkilat {number}", PIN).pkcs12, f"seal-{voen}", number)
        (folder / "pin").write_text(f"{TOKEN_PIN}\n")
        tables = [(VOEN, VOEN), ("1402345682", OTHER)]
        text = "\n".join(
            f'[[seal]]\nvoen = "{named}"\nmodule = "{MODULE}"\ntoken = "{TOKEN}"\nkey_label = "seal-{key}"\n'
            'pin_file = "pin"\n'
            for named, key in tables
        )
        text += f'[[seal]]\nvoen = "{IN_FILE}"\npkcs12 = "seal.p12"\npin_file = "file-pin"\n'
        (folder / "file-pin").write_text(PIN)
        self.file, self.package = folder / "seal.p12", keys.pki.issue_seal(IN_FILE, "Təşkilat 3", PIN).pkcs12
        (folder / "seals.toml").write_text(text, encoding="utf-8")
        return {"seals_file": folder / "seals.toml"}

    def _write(self, folder: Path, package: bytes, label: str, number: int) -> None:
        key, certificate, _ = pkcs12.load_key_and_certificates(package, PIN.encode())
        assert key is not None
        assert certificate is not None
        (folder / "key").write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "cert").write_bytes(certificate.public_bytes(Encoding.DER))
        for file, kind in (("key", "privkey"), ("cert", "cert")):
            run(
                *("pkcs11-tool", "--module", MODULE, "--token-label", TOKEN, "--login", "--pin", TOKEN_PIN),
                *("--write-object", folder / file, "--type", kind, "--label", label, "--id", f"0{number}"),
            )
        (folder / "key").unlink()


class _softhsm:  # noqa: N801
    """The module reads its configuration when it is loaded, so it is unloaded before and after."""

    def __init__(self, configuration: Path) -> None:
        self._configuration = configuration

    def __enter__(self) -> None:
        assert MODULE.exists(), "SoftHSM2 is needed: apt-get install softhsm2 opensc"
        self._before = os.environ.get("SOFTHSM2_CONF")
        os.environ["SOFTHSM2_CONF"] = str(self._configuration)
        _unload()

    def __exit__(self, *_: object) -> None:
        _unload()
        if self._before is None:
            os.environ.pop("SOFTHSM2_CONF", None)
        else:
            os.environ["SOFTHSM2_CONF"] = self._before


def _unload() -> None:
    try:
        pkcs11.unload(str(MODULE))
    except (KeyError, RuntimeError):
        return


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("seals"), SealPlayer()) as opened:
        yield opened


def sealing(bench: Bench, voen: str) -> SignatureRequest:
    """A document whose first signature is the seal of ``voen``."""
    document = bench.twin()
    first = bench.open_requests(document)[0]
    seal = Person(f"seal:{voen}", PersonName("KOBİA", "", ""), "", "KOBİA", "Möhür")
    with bench.service.container.work.uow() as uow:
        saved = uow.signatures.save(replace(first, kind=SignerKind.SEAL, voen=voen, signer=seal))
        uow.commit()
    return saved


def test_the_seal_is_applied(bench: Bench) -> None:
    request = sealing(bench, VOEN)
    sealed = bench.service.container.signing.apply_seal(request.id, "katiblik")
    assert sealed.state is RequestState.SIGNED
    assert bench.service.container.signing.apply_seal(request.id, "katiblik") == sealed
    head = bench.document(request.document_id).head
    assert head is not None
    report = bench.service.container.verify(bench.service.container.store.read(head.key)).report
    assert [s.valid for s in report.signatures] == [True]
    assert report.signatures[0].fin is None
    with bench.service.container.work.uow.reading() as uow:
        events = uow.audit.of_subject("document", request.document_id)
        record = uow.signing.record(request.id)
    (applied,) = [e for e in events if str(e.action) == "seal.applied"]
    assert (applied.actor, applied.details["voen"]) == ("katiblik", VOEN)
    assert record is not None
    assert record.way == "pkcs11"


def asked(bench: Bench, request: SignatureRequest) -> Job:
    """The job that its turn asks for."""
    work = bench.service.container.work
    with work.uow() as uow:
        ask_for_seal(work, uow, request)
        uow.commit()
    with work.uow.reading() as uow:
        job = uow.jobs.find(f"seal:{request.document_id}:{request.id}")
    assert job is not None
    return job


def test_background_work_applies_it_when_it_is_its_turn(bench: Bench) -> None:
    request = sealing(bench, VOEN)
    job = asked(bench, request)
    bench.service.container.runner.run_until_idle(timedelta(seconds=30))
    assert bench.request(request).state is RequestState.SIGNED
    bench.service.container.signing.seal_job(job)
    actions = bench.service.actions(request.document_id)
    assert (actions.count("signature.completed"), actions.count("seal.applied")) == (1, 1)


def test_a_key_that_is_gone_is_waited_for(bench: Bench) -> None:
    """The job is not to blame: it is tried again however long the key is away, and then seals."""
    assert isinstance(bench.player, SealPlayer)
    request, container = sealing(bench, IN_FILE), bench.service.container
    job = asked(bench, request)
    container.runner.run_once()
    with container.work.uow.reading() as uow:
        waiting = uow.jobs.get(job.id)
    assert (waiting.state, waiting.attempts) == (JobState.READY, 0)
    assert "signing.token_not_found" in waiting.last_error
    bench.player.file.write_bytes(bench.player.package)
    container.runner.run_until_idle(timedelta(seconds=30))
    assert bench.request(request).state is RequestState.SIGNED


def test_an_event_lost_with_its_process_is_made_up_for(bench: Bench) -> None:
    """The process died between signature and event."""
    request = sealing(bench, VOEN)
    signing = bench.service.container.signing
    with signing.apply_seal.keys.using(VOEN) as key:
        bench.service.container.use_cases.sign_with_key(request.id, key, request.signer.id)
    assert "seal.applied" not in bench.service.actions(request.document_id)
    signing.apply_seal(request.id, "katiblik")
    assert bench.service.actions(request.document_id).count("seal.applied") == 1


def test_a_seal_kept_elsewhere_is_left_to_its_keeper(bench: Bench) -> None:
    request = sealing(bench, "1700000011")
    asked(bench, request)
    bench.service.container.runner.run_until_idle(timedelta(seconds=30))
    assert bench.request(request).state is RequestState.OPEN


def test_the_seal_of_another_organisation(bench: Bench) -> None:
    """The table names one organisation, the certificate on the token another."""
    request = sealing(bench, "1402345682")
    with pytest.raises(SigningError) as caught:
        bench.service.container.signing.apply_seal(request.id, "katiblik")
    assert caught.value.code == "signing.wrong_organisation"
    assert caught.value.params == {"expected": "1402345682", "found": OTHER}
    assert "signature.refused" in bench.service.actions(request.document_id)


def test_a_seal_that_is_not_here(bench: Bench) -> None:
    with pytest.raises(NotFoundError, match=r"seal\.unknown"):
        bench.service.container.signing.apply_seal(sealing(bench, "1700000011").id, "katiblik")


def test_nobodys_signature_is_made_with_it(bench: Bench) -> None:
    request = bench.open_requests(bench.twin())[0]
    with pytest.raises(DomainError, match=r"seal\.not_a_seal"):
        bench.service.container.signing.apply_seal(request.id, "katiblik")


def test_a_person_cannot_sign_for_the_seal(bench: Bench) -> None:
    request = bench.agreed(sealing(bench, VOEN))
    person = bench.service.requests(request.document_id)[1].signer
    ended = bench.finish(
        bench.signing.start([request.id], "agent", "", request.signer.id, bench.player.given(person)), request.signer
    )
    assert ended.code == "signing.no_voen"


@pytest.mark.parametrize(
    "text",
    [
        "[[seal]]\nvoen = '12'\n",
        "not toml",
        "[[seal]]\nvoen='1402345671'\nmodule='m'\ntoken='t'\nkey_label='k'\npin_file='p'\nx=1",
    ],
)
def test_a_file_that_is_not_usable(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seals.toml"
    file.write_text(text)
    with ExitStack() as stack, pytest.raises(DomainError, match=r"ways\.bad_file"):
        open_seals(Settings(data_dir=tmp_path, seals_file=file), stack)

"""Three persons sign by the installed program, one command after the other, until the document is archived."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from doc_service.domain.people import Person
from tests.cli.conftest import PIN, Done, Waiting, here, program

pytestmark = pytest.mark.xdist_group("cli")
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN_PIN = "73519"
CLOSED = "http://127.0.0.1:9/tsa"


def sign(waiting: Waiting, person: Person, *more: str | Path, run=here, **environment: str) -> Done:
    key = ("--p12", waiting.key(person), "--pin-env", "PIN")
    return run("sign", waiting.documents[0], "--as", person.id, "--data", waiting.data, *(more or key), **environment)


def tool(*command: str | Path, **environment: str) -> None:
    subprocess.run(
        [*map(str, command)], check=True, capture_output=True, timeout=60, env=dict(os.environ) | environment
    )


def token_with_key(waiting: Waiting, person: Person, folder: Path) -> dict[str, str]:
    """A SoftHSM2 token that holds the person's key; returns the environment that finds it."""
    folder.mkdir()
    configuration = folder / "softhsm2.conf"
    (folder / "tokens").mkdir()
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    environment = {"SOFTHSM2_CONF": str(configuration)}
    key, certificate, _ = pkcs12.load_key_and_certificates(waiting.key(person).read_bytes(), PIN.encode())
    assert key is not None
    assert certificate is not None
    (folder / "key").write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "crt").write_bytes(certificate.public_bytes(Encoding.DER))
    tool("softhsm2-util", "--init-token", "--free", "--label", "kart", "--pin", TOKEN_PIN, "--so-pin", "11223344",
         **environment)  # fmt: skip
    write = ("pkcs11-tool", "--module", MODULE, "--token-label", "kart", "--login", "--pin", TOKEN_PIN, "--id", "01",
             "--label", "imza", "--write-object")  # fmt: skip
    tool(*write, folder / "key", "--type", "privkey", **environment)
    tool(*write, folder / "crt", "--type", "cert", **environment)
    return environment


def test_sign_commands_one_after_the_other_reach_the_archive(waiting: Waiting, tmp_path: Path) -> None:
    first, second, third = waiting.people
    one = sign(waiting, first)
    assert one.code == 0, one.stderr
    assert "az: " in one.stderr
    assert "Signatures still to come: 2" in one.stderr
    assert "Extension pending" not in one.stderr
    again = json.loads(sign(waiting, first, "--p12", waiting.key(first), "--pin-env", "PIN", "--json").stdout)
    assert again["waiting"] == 2, "signing twice changes nothing"

    token = token_with_key(waiting, second, tmp_path / "softhsm")
    card = ("--pkcs11", MODULE, "--token", "kart", "--key", "imza", "--pin-env", "CARD_PIN")
    wrong = sign(waiting, second, *card, run=program, CARD_PIN="00000", **token)
    wrong.refused("signing.wrong_pin")
    by_card = sign(waiting, second, *card, "--json", run=program, CARD_PIN=TOKEN_PIN, **token)
    assert by_card.code == 0, by_card.stderr
    assert json.loads(by_card.stdout) | {"request": "", "field": ""} == {
        "request": "", "field": "", "level": "B-T", "revision": 2, "document_state": "signing",
        "document_level": "B-T", "waiting": 1, "extension_pending": False,
    }  # fmt: skip

    last = sign(waiting, third, run=program)
    assert last.code == 0, last.stderr
    assert "arxiv" in last.stderr
    assert "archived, level B-LTA" in last.stderr
    original = tmp_path / "original.pdf"
    assert here("archive", "get", waiting.documents[0], "--out", original, "--data", waiting.data).code == 0
    verdict = json.loads(here("verify", original, "--data", waiting.data, "--json").stdout)
    assert (verdict["valid"], verdict["level"], len(verdict["signatures"])) == (True, "B-LTA", 4)
    assert here("audit", "verify", "--data", waiting.data).code == 0


def test_time_stamping_down_is_told_and_caught_up(waiting: Waiting) -> None:
    down = {"DOC_SERVICE_TSA_URL": CLOSED}
    for number, person in enumerate(waiting.people, 1):
        done = sign(waiting, person, run=program if number == 3 else here, **down)
        assert done.code == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert "Extension pending: the level B-B is reached" in done.stderr
        assert "Tamamlanma gözlənilir" in done.stderr
    assert "signed, level B-B" in done.stderr
    held = waiting.state()
    assert sign(waiting, waiting.people[0], **down).code == 0
    assert waiting.state()["document_revisions"] == held["document_revisions"]
    end = time.monotonic() + 30
    while "archived" not in (told := sign(waiting, waiting.people[0])).stderr:
        assert told.code == 0, told.stderr
        assert "Extension pending" in told.stderr
        assert time.monotonic() < end, told.stderr
        time.sleep(0.5)
    assert "archived, level B-LTA" in told.stderr
    assert "Extension pending" not in told.stderr
    assert waiting.events().count("signature.completed") == 3


def test_audit_faults_are_told_in_both_languages(waiting: Waiting, tmp_path: Path) -> None:
    place = ("--data", waiting.data)
    before = here("audit", "verify", *place)
    assert (before.code, f"{len(waiting.events())} events were recorded after" in before.stderr) == (0, True)
    here("audit", "export", "--out", tmp_path / "log", "--document", "doc-77", *place).refused("document.not_found")
    assert not list(tmp_path.glob("*log*"))
    assert here("audit", "export", "--out", tmp_path / "log", "--document", waiting.documents[0], *place).code == 0
    here("audit", "export", "--out", tmp_path / "log", *place).refused("cli.exists")
    assert here("audit", "verify", *place).stderr == ""
    triggers = waiting.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers:
        waiting.rows(f'DROP TRIGGER "{name}"')
    waiting.rows(
        "UPDATE audit_events SET canonical = CAST(replace(canonical, 'katiblik', 'katibliq') AS BLOB)"
        " WHERE rowno = (SELECT min(rowno) FROM audit_events WHERE instr(canonical, CAST('katiblik' AS BLOB)) > 0)"
    )
    done = program("audit", "verify", "--data", waiting.data)
    assert done.code == 1, done
    assert "POZULUB / NOT VALID" in done.stdout
    assert "audit.event_edited" in done.stderr
    assert re.search(r"Event \d+ was changed", done.stderr)
    assert "\n  az: " in done.stderr
    verdict = json.loads(here("audit", "verify", "--data", waiting.data, "--json").stdout)
    assert verdict["valid"] is False
    assert "audit.event_edited" in {fault["code"] for fault in verdict["faults"]}

"""The example runs as its README says: from login to a signed document, against a running service."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from doc_service.bootstrap.pki import DEVELOPMENT_PIN
from doc_service.domain.principals import AccountRole
from doc_service.services.access.open_account import NewAccount
from tests.api.serving import serving
from tests.api.world import opened_world

pytestmark = [pytest.mark.xdist_group("api"), pytest.mark.slow]
EXAMPLE = Path(__file__).parents[2] / "examples" / "sign_document.py"
PASSWORD = "üç dəvə, bir körpü"


def test_from_login_to_a_signed_document(tmp_path: Path) -> None:
    for world in opened_world(tmp_path / "data"):
        document = world.service.signing(members=1)
        (request,) = world.service.requests(document)
        world.service.key(request.signer).close()
        access = world.service.container.access
        person = NewAccount("anar", "Anar", frozenset({AccountRole.MEMBER}), person_id=request.signer.id)
        account = access.open_account(person, "system")
        access.enrol_password(access.give_enrolment(account.id, "system").token, PASSWORD)
    (key,) = (tmp_path / "data").rglob(f"{request.signer.fin}.p12")
    saved = tmp_path / "signed.pdf"
    with serving(tmp_path / "data", tmp_path / "log.txt") as url:
        done = subprocess.run(
            [sys.executable, EXAMPLE, "--url", url, "--login", "anar", "--key", key, "--save", saved],
            env=os.environ | {"SIGN_PASSWORD": PASSWORD, "SIGN_PIN": DEVELOPMENT_PIN},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr
        verdict = httpx.post(f"{url}/v1/verification", content=saved.read_bytes(), timeout=60).json()
    assert (verdict["valid"], verdict["level"], len(verdict["signatures"])) == (True, "B-LTA", 2), verdict
    assert "I have read the document with the SHA-256 digest" in done.stderr

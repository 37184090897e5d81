"""``sign`` refuses keys that are not the person's own and valid; the document stays as it was (DESIGN 7, 13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doc_service.system import SystemClock
from signing.devpki import DevelopmentPki, Holder, Profile
from tests.cli.conftest import PIN, Waiting, here, program

pytestmark = pytest.mark.xdist_group("cli")
DAY = timedelta(days=1)


def attempt(waiting: Waiting, p12: Path, *more: str, run=here, **environment: str):
    person = waiting.people[0].id
    options = ("--as", person, "--p12", p12, "--pin-env", "PIN", "--data", waiting.data, *more)
    return run("sign", waiting.documents[0], *options, **environment)


def unfit_key(waiting: Waiting, code: str, tmp_path: Path) -> Path:
    person, now = waiting.people[0], datetime.now(UTC).replace(microsecond=0)
    name = person.name
    if code == "signing.wrong_person":
        return waiting.key(waiting.people[1])
    if code == "signing.untrusted_certificate":
        foreign = DevelopmentPki(tmp_path / "foreign", SystemClock())
        return foreign.issue(Holder(person.fin, name.surname, name.given, name.patronymic), PIN).path
    profile = {
        "signing.certificate_expired": Profile("expired", not_before=now - 2 * DAY, not_after=now - DAY),
        "signing.certificate_not_yet_valid": Profile("early", not_before=now + DAY, not_after=now + 2 * DAY),
        "signing.certificate_revoked": Profile("revoked"),
        "signing.no_fin": Profile("no-fin", include_fin=False),
    }[code]
    path = waiting.key(person, profile)
    if code == "signing.certificate_revoked":
        waiting.pki().revoke(person.fin, now - timedelta(hours=1), label="revoked")
    return path


@pytest.mark.parametrize(
    "code",
    [
        "signing.certificate_expired", "signing.certificate_not_yet_valid", "signing.certificate_revoked",
        "signing.no_fin", "signing.wrong_person", "signing.untrusted_certificate",
    ],
)  # fmt: skip
def test_unfit_certificate(waiting: Waiting, tmp_path: Path, code: str) -> None:
    key = unfit_key(waiting, code, tmp_path)
    before = waiting.state()
    attempt(waiting, key, run=program if code == "signing.certificate_revoked" else here).refused(code)
    assert waiting.state() == before
    assert waiting.events()[-2:] == ["signature.consented", "signature.refused"]
    assert waiting.rows("SELECT count(*) FROM prepared_signings") == [(0,)]


def test_what_is_refused_before_anything_happens(waiting: Waiting, tmp_path: Path) -> None:
    key = waiting.key(waiting.people[0])
    before, events = waiting.state(), waiting.events()
    damaged = tmp_path / "damaged.p12"
    damaged.write_bytes(key.read_bytes()[:100])
    attempt(waiting, key, PIN="4321").refused("signing.wrong_pin")
    attempt(waiting, key, PIN="4321", run=program).refused("signing.wrong_pin")
    attempt(waiting, damaged).refused("signing.bad_key_file")
    attempt(waiting, tmp_path / "absent.p12").refused("cli.file_not_found")
    attempt(waiting, key, "--pin-env", "UNSET_PIN").refused("cli.no_pin")
    attempt(waiting, key, "--pkcs11", "/x.so").refused("cli.one_key")
    options = ("--pin-env", "PIN", "--data", waiting.data)
    person = waiting.people[0].id
    here("sign", "doc-9", "--as", person, "--p12", key, *options).refused("document.not_found")
    here("sign", waiting.documents[0], "--as", "kimsə", "--p12", key, *options).refused("signature_request.not_found")
    no_module = ("--pkcs11", tmp_path / "no.so", "--token", "t")
    here("sign", waiting.documents[0], "--as", person, *no_module, *options).refused("signing.module_not_found")
    rows = attempt(waiting, key, "--json", PIN="4321").errors()
    assert [row["code"] for row in rows] == ["signing.wrong_pin"]
    assert (waiting.state(), waiting.events()) == (before, events)


def test_nobody_is_asked_for_a_pin_that_cannot_answer(waiting: Waiting) -> None:
    key = waiting.key(waiting.people[0])
    options = ("--as", waiting.people[0].id, "--p12", key, "--data", waiting.data)
    done = program("sign", waiting.documents[0], *options)
    assert done.code == 2
    assert "cli.pin_not_given" in done.stderr


def test_mistyped_directory_does_not_become_a_service(waiting: Waiting, tmp_path: Path) -> None:
    wrong = tmp_path / "mistyped"
    key = waiting.key(waiting.people[0])
    for command in (
        ("sign", waiting.documents[0], "--as", waiting.people[0].id, "--p12", key, "--pin-env", "PIN"),
        ("archive", "search"),
        ("archive", "get", "1", "--out", tmp_path / "x.pdf"),
        ("archive", "export", "1", "--out", tmp_path / "x"),
        ("audit", "verify"),
        ("audit", "export", "--out", tmp_path / "y"),
        ("jobs", "list"),
    ):
        here(*command, "--data", wrong).refused("cli.no_service")
    assert not wrong.exists()
    assert {p.name for p in tmp_path.iterdir()} == {"service"}

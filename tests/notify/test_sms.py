"""Short messages over a gateway's JSON interface, and as files."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.domain.errors import DomainError
from doc_service.notify.sms_folder import FolderSms
from doc_service.notify.sms_http import HttpSms, SmsSettings
from doc_service.ports_notify import Sms
from tests.notify.certificates import Certificates
from tests.notify.receiver import Receiver, hang_up, silent, status

NUMBER = "+994501234567"
SMS = Sms("0123abcd", NUMBER, "Sənəd imzanızı gözləyir. https://imza.kobia.example/")


@pytest.fixture
def gateway() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def sms(gateway: Receiver, **changes: object) -> HttpSms:
    values: dict[str, object] = {"secret": "Bearer sirr", "timeout": timedelta(seconds=1), **changes}
    return HttpSms(SmsSettings(gateway.url("/send"), **values))  # type: ignore[arg-type]


def test_a_message_is_one_json_object_with_the_secret_in_a_header(gateway: Receiver) -> None:
    sms(gateway).send(SMS)
    (got,) = gateway.got
    assert (got.path, got.headers["authorization"]) == ("/send", "Bearer sirr")
    assert got.content == {"to": NUMBER, "text": SMS.text, "id": SMS.id}


def test_names_and_shapes_are_settings(gateway: Receiver) -> None:
    fixed = {"from": "IMZA", "message.type": "unicode"}
    changed = sms(
        gateway, header="X-Api-Key", number="recipient.msisdn", text="message.body", id="", fixed=fixed, plus=False
    )
    changed.send(SMS)
    (got,) = gateway.got
    assert got.headers["x-api-key"] == "Bearer sirr"
    assert got.content == {
        "from": "IMZA", "message": {"type": "unicode", "body": SMS.text}, "recipient": {"msisdn": "994501234567"},
    }  # fmt: skip


@pytest.mark.parametrize(("code", "said"), [
    (200, ""), (201, ""), (202, ""), (400, "notify.sms_refused"), (413, "notify.sms_refused"),
    (422, "notify.sms_refused"), (301, "notify.sms_unavailable"), (401, "notify.sms_unavailable"),
    (404, "notify.sms_unavailable"), (429, "notify.sms_unavailable"), (500, "notify.sms_unavailable"),
])  # fmt: skip
def test_what_the_gateway_answers(gateway: Receiver, caplog: pytest.LogCaptureFixture, code: int, said: str) -> None:
    """Neither error nor log repeats the number, whatever the gateway says."""
    gateway.then.append(status(code, Location=f"https://elsewhere.example/?{NUMBER}"))
    with caplog.at_level(logging.DEBUG, "doc_service"):
        if said:
            with pytest.raises(DomainError) as caught:
                sms(gateway).send(SMS)
            assert caught.value.code == said
            assert NUMBER[1:] not in repr(caught.value.faults)
        else:
            sms(gateway).send(SMS)
    assert NUMBER[1:] not in caplog.text
    assert len(gateway.got) == 1
    assert NUMBER not in repr(SMS)


@pytest.mark.parametrize("answer", [silent(2), hang_up], ids=["silent", "hangs up"])
def test_a_gateway_out_of_reach(gateway: Receiver, answer: object) -> None:
    gateway.then.append(answer)  # type: ignore[arg-type]
    with pytest.raises(DomainError, match=r"notify\.sms_unavailable"):
        sms(gateway).send(SMS)


def test_a_gateway_with_a_ca_of_its_own(certificates: Certificates) -> None:
    with Receiver(certificates.server) as gateway:
        sms(gateway, ca_file=certificates.ca).send(SMS)
        with pytest.raises(DomainError, match=r"notify\.sms_unavailable"):
            sms(gateway).send(SMS)
        assert len(gateway.got) == 1


def test_messages_as_files(tmp_path: Path) -> None:
    folder = FolderSms(tmp_path / "sms")
    folder.send(SMS)
    folder.send(SMS)
    (path,) = (tmp_path / "sms").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8")) == {"to": NUMBER, "text": SMS.text, "segments": 1}

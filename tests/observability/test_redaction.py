"""No personal data and no secrets in logs (002 §7.1.11)."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from doc_service.domain.people import Person, PersonName
from doc_service.observability.context import bind, bound
from doc_service.observability.logs import Pseudonyms, formatted
from doc_service.observability.redaction import redact

PERSON = Person(
    "p-1",
    PersonName("Əliyeva", "Günel", "Rəşid qızı"),
    "5ZK2XQ1",
    "Nazirlik",
    "şöbə müdiri",
    "gunel.aliyeva@example.az",
)
PEM = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAAAA\n-----END PRIVATE KEY-----"
PIECES = ("Əliyeva", "Günel", "Rəşid", "5ZK2XQ1", "gunel.aliyeva", "MIGHAgEA", "s3cret", "203.0.113.77", "2001:db8:1:2")


def record(message: object, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("test", logging.INFO, __file__, 1, message, args, None)
    made.__dict__.update(more)
    return made


def failing(error: Exception) -> logging.LogRecord:
    try:
        raise error  # noqa: TRY301
    except Exception:
        return record("it failed", exc_info=sys.exc_info())


def shows_nothing(line: str) -> None:
    assert not [piece for piece in PIECES if piece in line], line


@pytest.mark.parametrize(
    "message",
    [
        f"signed by {PERSON.name.full}",
        f"signed by {PERSON.name.short} at noon",
        "signed by Əliyeva Günel",
        "signed by Günel Əliyeva",
        "Əliyeva",
        "imzaladı: Əliyeva G.R.",
        f"person {PERSON!r}",
        f"no certificate of {PERSON.fin}",
        f"PNOAZ-{PERSON.fin}",
        f"FİN: {PERSON.fin}",
        f"mail to {PERSON.email} refused",
        f"<{PERSON.email}>: 550",
        "Common Name: Günel Əliyeva, Serial Number: PNOAZ-5ZK2XQ1, Country: AZ",
        "CN=Əliyeva Günel,serialNumber=5ZK2XQ1",
        PEM,
        PEM[:60],
        "postgresql+psycopg://doc:s3cret@db.example/doc",
        "amqp://user:s3c%23ret@s3cret@broker//",
        "connect failed: password=s3cret host=db",
        '{"access_key": "s3cret"}',
        "Authorization: Bearer s3cret.s3cret",
        "GET /sign?token=s3cret&next=1",
        "client 203.0.113.77:4711 closed",
        "client 2001:db8:1:2:3:4:5:6 closed",
    ],
)
def test_nothing_personal_passes(message: str) -> None:
    """002 §7.1.16: personal data do not spread through logs."""
    shows_nothing(formatted(record(message)))
    shows_nothing(formatted(record("%s", message)))
    shows_nothing(formatted(record("%s", message), "text"))


@pytest.mark.parametrize(
    "message",
    [
        "job render:doc-17 (render) failed: render.timeout",
        "Application startup complete.",
        "document 0b5f8a52-4d1f-4d0e-9f0a-7c1f3c0b9a11 revision 3",
        "sha256 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        "listens at http://127.0.0.1:8000/health/ready",
        "2026-11-21T12:30:00.123456Z",
        "the broker cannot be reached, due jobs wait: ConnectionRefusedError",
        "LibreOffice ended twice while converting.",
    ],
)
def test_what_operators_need_stays(message: str) -> None:
    assert redact(message) == message


def test_addresses_are_cut_to_their_network() -> None:
    assert redact("from 203.0.113.77 and 2001:db8:1:2::9") == "from 203.0.113.0/24 and 2001:db8:1::/48"
    assert redact("from 127.0.0.1 and ::1") == "from 127.0.0.1 and ::1"


def test_exceptions_of_our_libraries() -> None:
    class Model(BaseModel):
        fin: int

    with pytest.raises(ValidationError) as refused:
        Model.model_validate({"fin": "Əliyeva Günel 5ZK2XQ1"})
    shows_nothing(formatted(failing(refused.value)))
    with pytest.raises(SQLAlchemyError) as broken, create_engine("sqlite://").connect() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:name, :mail)"), {"name": "günel", "mail": "s3cret"})
    line = formatted(failing(broken.value))
    shows_nothing(line)
    assert "nowhere" in line
    assert "günel" not in line


def test_causes_are_told_without_their_data() -> None:
    try:
        try:
            raise KeyError(PERSON.email)  # noqa: TRY301
        except KeyError as error:
            raise RuntimeError(f"cannot notify {PERSON.name.full}") from error
    except RuntimeError:
        line = formatted(record("it failed", exc_info=sys.exc_info()))
    shows_nothing(line)
    told = json.loads(line)["exception"]
    assert "RuntimeError: cannot notify [name]" in told
    assert "from: KeyError" in told
    assert "test_causes_are_told_without_their_data" in told


def test_values_of_local_variables_and_source_lines_are_not_told() -> None:
    shows_nothing(formatted(failing(ValueError("Əliyeva Günel"))))


def test_extras_that_nobody_judged_are_not_written() -> None:
    line = json.loads(formatted(record("x", person=PERSON, body="s3cret", status=200, component=PERSON.email)))
    shows_nothing(json.dumps(line, ensure_ascii=False))
    assert (line["status"], line["component"]) == (200, "[email]")


def test_the_actor_is_a_pseudonym() -> None:
    with bind(actor="5ZK2XQ1", document="doc-1"):
        line = json.loads(formatted(record("x")))
    assert line["document"] == "doc-1"
    assert len(line["actor"]) == 12
    shows_nothing(line["actor"])
    one, other = Pseudonyms(b"k" * 32), Pseudonyms(b"j" * 32)
    assert one.of("p-1") == one.of("p-1") != other.of("p-1")
    assert one.of("p-1") != one.of("p-2")
    assert one.of("system") == "system"


def test_only_known_names_can_be_bound() -> None:
    with pytest.raises(ValueError, match="surname"), bind(surname="Əliyeva"):
        pass
    with bind(document="a"), bind(document=None, job="j"):
        assert bound() == {"document": "a", "job": "j"}
    assert bound() == {}


@given(st.text(max_size=300))
def test_any_text_gives_one_line_of_json(message: str) -> None:
    line = formatted(record("%s", message))
    assert "\n" not in line
    json.loads(line)
    assert len(formatted(record("%s", message), "text").splitlines()) >= 1


@given(
    st.from_regex(r"[0-9][A-HJ-NP-Z][0-9A-HJ-NP-Z]{5}", fullmatch=True),
    st.sampled_from([" {} ", "({})", "'{}'", "{}.", "a,{}"]),
)
def test_every_fin_is_hidden(fin: str, around: str) -> None:
    assert fin not in redact(around.format(fin))


@given(st.text(alphabet="Əliyeva Günel5ZK.:/=-'\"", max_size=80))
def test_twice_is_once(message: str) -> None:
    once = redact(message)
    assert redact(once) == once


def test_a_record_that_cannot_be_formatted_is_still_told() -> None:
    assert json.loads(formatted(record("%d jobs", "many")))["message"] == "%d jobs"

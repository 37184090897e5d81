"""The bytes of a mail: everything arrives as written, and nothing from outside becomes a header (RFC 5322, 2047)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError
from doc_service.notify.message import compose, sender
from tests.notify.mails import MAIL, ORIGIN, TEXT, read, text_of

HEADERS = sorted((
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress",
    "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
))  # fmt: skip
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def test_a_mail_says_who_when_and_that_no_answer_is_wanted() -> None:
    raw = compose(MAIL, ORIGIN).as_bytes()
    mail = read(raw)
    assert mail["Subject"] == MAIL.subject
    assert str(mail["From"]) == "Sənəd xidməti <xidmet@kobia.example>"
    assert str(mail["To"]) == MAIL.recipient
    assert mail["Message-ID"].strip() == f"<{MAIL.id}@kobia.example>"
    assert mail["Date"].datetime == MAIL.at.replace(microsecond=0)
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["Content-Language"] == "az, en"
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    assert text_of(mail) == TEXT
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_mail_is_the_same_bytes() -> None:
    assert compose(MAIL, ORIGIN).as_bytes() == compose(MAIL, ORIGIN).as_bytes()


def test_the_date_is_the_moment_whatever_the_zone() -> None:
    local = replace(MAIL, at=MAIL.at.astimezone(timezone(timedelta(hours=4))))
    assert read(compose(local, ORIGIN).as_bytes())["Date"].datetime == MAIL.at.replace(microsecond=0)


@given(anything, anything)
def test_no_subject_or_text_adds_a_header(subject: str, text: str) -> None:
    raw = compose(replace(MAIL, subject=f"x{subject}", text=text), ORIGIN).as_bytes()
    head = raw.partition(b"\r\n\r\n")[0]
    mail = read(raw)
    assert sorted(mail.keys()) == HEADERS
    assert head.replace(b"\r\n", b"").count(b"\n") == 0
    assert head.count(b"Subject:") == 1


@pytest.mark.parametrize(
    "break_", ["\r\nBcc: x@y.example", "\nBcc: x@y.example", "\r\n\r\ntext", "\u2028Bcc: x@y.az", "\0"]
)
def test_line_breaks_in_a_subject_become_spaces(break_: str) -> None:
    mail = read(compose(replace(MAIL, subject=f"Sənəd{break_}"), ORIGIN).as_bytes())
    assert sorted(mail.keys()) == HEADERS
    assert mail["Subject"].startswith("Sənəd")
    assert mail["Bcc"] is None


@given(
    anything.filter(lambda text: "@" not in text)
    | st.sampled_from(["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"])
)
def test_a_recipient_is_one_address_or_refused(recipient: str) -> None:
    with pytest.raises(DomainError) as caught:
        compose(replace(MAIL, recipient=recipient), ORIGIN)
    assert caught.value.code == "person.bad_email"
    assert not caught.value.faults[0].params


@pytest.mark.parametrize("id_", ["", "a b", "a>\r\nBcc: x@y.az", "ə", "a@b", "-a", "a..b"])
def test_an_id_is_plain(id_: str) -> None:
    with pytest.raises(ValueError, match="id"):
        compose(replace(MAIL, id=id_), ORIGIN)


@pytest.mark.parametrize("text", ["", "kobia", "a@b", "A <a@b>", "A\r\nBcc: x@y.az <a@b.az>", "ə@b.az"])
def test_a_sender_is_one_address(text: str) -> None:
    with pytest.raises(ValueError, match="sender"):
        sender(text)

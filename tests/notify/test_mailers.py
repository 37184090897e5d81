"""The contract of every mailer, and what SMTP servers can do to us. The server is a real one in its own process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.domain.errors import DomainError
from doc_service.jobs.policy import describe, is_retryable
from doc_service.notify.folder import FolderMailer
from doc_service.notify.smtp import SmtpMailer
from doc_service.notify.smtp import SmtpServer as Settings
from doc_service.notify.transport import SmtpTls
from doc_service.ports import Mailer
from tests.notify.certificates import Certificates
from tests.notify.conftest import USERS
from tests.notify.mails import MAIL, ORIGIN, TEXT, read, text_of
from tools.servers.process import free_port
from tools.servers.smtp import Fault, SmtpServer

Opened = tuple[Mailer, Callable[[], Sequence[bytes]]]
(USER,) = USERS
SHORT = timedelta(seconds=0.5)


def plain(server: SmtpServer, **changes: object) -> SmtpMailer:
    settings = Settings(server.host, server.port, SmtpTls.NONE, timeout=timedelta(seconds=20))
    return SmtpMailer(replace(settings, **changes), ORIGIN)  # type: ignore[arg-type]


def secured(server: SmtpServer, certificates: Certificates, **changes: object) -> SmtpMailer:
    settings = Settings(server.host, server.port, SmtpTls.STARTTLS, USER, USERS[USER], certificates.ca)
    return SmtpMailer(replace(settings, **changes), ORIGIN)  # type: ignore[arg-type]


@pytest.fixture(params=["folder", "plain", "starttls", "tls"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, certificates: Certificates) -> Opened:
    if request.param == "folder":
        place = tmp_path / "a" / "outbox"
        return FolderMailer(place, ORIGIN), lambda: [p.read_bytes() for p in sorted(place.glob("*"))]
    server: SmtpServer = request.getfixturevalue(f"{request.param}_server")
    server.forget()
    mailer = plain(server) if request.param == "plain" else secured(server, certificates, tls=SmtpTls(request.param))
    return mailer, lambda: [r.data for r in server.received()]


def refused(code: str, mailer: Mailer, **changes: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        mailer.send(replace(MAIL, **changes))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert MAIL.recipient.partition("@")[0] not in describe(caught.value)
    assert is_retryable(caught.value) is (code == "notify.unavailable")
    return caught.value


# The contract


def test_a_mail_arrives_as_it_was_written(opened: Opened) -> None:
    mailer, arrived = opened
    mailer.send(MAIL)
    (mail,) = map(read, arrived())
    assert (mail["Subject"], str(mail["To"]), text_of(mail)) == (MAIL.subject, MAIL.recipient, TEXT)


def test_a_mail_sent_again_can_be_known_for_a_copy(opened: Opened) -> None:
    mailer, arrived = opened
    mailer.send(MAIL)
    mailer.send(MAIL)
    mailer.send(replace(MAIL, id="other"))
    assert len({read(data)["Message-ID"] for data in arrived()}) == 2


def test_what_is_no_address_is_not_sent(opened: Opened) -> None:
    mailer, arrived = opened
    with pytest.raises(DomainError, match=r"person\.bad_email"):
        mailer.send(replace(MAIL, recipient="a@b.example>\r\nRCPT TO:<c@d.example"))
    assert not arrived()


# The folder


def test_a_folder_keeps_the_first_copy_and_nobody_else_reads_it(tmp_path: Path) -> None:
    place = tmp_path / "outbox"
    for text in ("first\n", "second\n"):
        FolderMailer(place, ORIGIN).send(replace(MAIL, text=text))
    (file,) = place.iterdir()
    assert file.name == f"{MAIL.id}.eml"
    assert text_of(read(file.read_bytes())) == "first\n"
    assert (file.stat().st_mode & 0o777, place.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    refused("notify.unavailable", FolderMailer(tmp_path / "outbox", ORIGIN))


# SMTP: protection


def test_the_envelope_and_who_logged_in(secured_server: SmtpServer, certificates: Certificates) -> None:
    secured(secured_server, certificates).send(MAIL)
    (mail,) = secured_server.received()
    assert (mail.sender, mail.recipients) == (ORIGIN.addr_spec, (MAIL.recipient,))
    assert (mail.user, mail.tls) == (USER, True)


def test_wrong_credentials_concern_all_mail(secured_server: SmtpServer, certificates: Certificates) -> None:
    error = refused("notify.unavailable", secured(secured_server, certificates, password="yanlış"))
    assert "535 5.7.8" in describe(error)
    assert "yanlış" not in describe(error)


def test_credentials_in_ascii_and_with_other_letters(certificates: Certificates, tmp_path: Path) -> None:
    users = {"service": "a password", "xidmət": "şifrə"}
    with SmtpServer(tmp_path, certificate=certificates.server, users=users) as server:
        for user, password in users.items():
            secured(server, certificates, user=user, password=password).send(MAIL)
            refused("notify.unavailable", secured(server, certificates, user=user, password="x"))
        assert [mail.user for mail in server.received()] == list(users)


def test_no_credentials_where_they_are_wanted(secured_server: SmtpServer, certificates: Certificates) -> None:
    assert "530" in describe(refused("notify.unavailable", secured(secured_server, certificates, user="")))


def test_credentials_never_go_unprotected() -> None:
    with pytest.raises(ValueError, match="TLS"):
        Settings("127.0.0.1", 25, SmtpTls.NONE, "user", "password")
    assert "şifrə" not in repr(Settings("127.0.0.1", 465, SmtpTls.TLS, "user", "şifrə"))


def test_a_server_without_starttls_gets_no_mail(mail_server: SmtpServer, certificates: Certificates) -> None:
    refused("notify.unavailable", secured(mail_server, certificates, user=""))
    assert not mail_server.received()


@pytest.mark.parametrize("reply", ["454 4.7.0 TLS not available", "501 5.5.4 syntax"])
def test_a_refused_starttls_is_no_leave_to_go_on(
    reply: str, secured_server: SmtpServer, certificates: Certificates
) -> None:
    secured_server.faults(Fault("STARTTLS", reply=reply))
    refused("notify.unavailable", secured(secured_server, certificates))
    assert not secured_server.received()


@pytest.mark.parametrize("tls", [SmtpTls.STARTTLS, SmtpTls.TLS])
@pytest.mark.parametrize("case", ["unknown CA", "another host"])
def test_a_certificate_is_verified(case: str, tls: SmtpTls, certificates: Certificates, tmp_path: Path) -> None:
    certificate = certificates.elsewhere if case == "another host" else certificates.server
    trusted = certificates.ca if case == "another host" else None
    with SmtpServer(tmp_path, certificate=certificate, implicit=tls is SmtpTls.TLS, users=USERS) as server:
        error = refused("notify.unavailable", secured(server, certificates, ca_file=trusted, tls=tls))
        assert "certificate: " in describe(error)
        assert not server.received()


# SMTP: answers


@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "content"])
@pytest.mark.parametrize("reply", ["421 4.3.2 going down", "451 4.7.1 greylisted", "452 full"])
def test_a_temporary_refusal_is_for_later(at: str, reply: str, mail_server: SmtpServer) -> None:
    mail_server.faults(Fault(at, reply=reply))
    assert reply[:3] in describe(refused("notify.unavailable", plain(mail_server)))
    mail_server.faults()
    plain(mail_server).send(MAIL)
    assert len(mail_server.received()) == 1


@pytest.mark.parametrize("at", ["RCPT", "DATA", "content"])
def test_a_refusal_for_good_concerns_this_mail(at: str, mail_server: SmtpServer) -> None:
    mail_server.faults(Fault(at, reply=f"550 5.1.1 <{MAIL.recipient}> is unknown here"))
    assert "550 5.1.1" in describe(refused("notify.refused", plain(mail_server)))
    assert not mail_server.received()


@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL"])
def test_a_refusal_of_ourselves_concerns_all_mail(at: str, mail_server: SmtpServer) -> None:
    """An operator can mend it: nobody's address is to blame."""
    mail_server.faults(Fault(at, reply="554 5.7.1 we do not know you"))
    refused("notify.unavailable", plain(mail_server))


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_server_that_wants_to_know_us_better_does_not_refuse_the_person(
    code: int, at: str, mail_server: SmtpServer
) -> None:
    """RFC 4954 §6."""
    mail_server.faults(Fault(at, reply=f"{code} 5.7.0 authentication required"))
    refused("notify.unavailable", plain(mail_server))


@pytest.mark.parametrize("hang", [False, True], ids=["hangs up", "says nothing"])
@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "content"])
def test_a_server_that_goes_silent(at: str, hang: bool, mail_server: SmtpServer) -> None:
    mail_server.faults(Fault(at, hang=hang))
    refused("notify.unavailable", plain(mail_server, timeout=SHORT if hang else timedelta(seconds=20)))
    assert not mail_server.received()


def test_a_lost_answer_leaves_it_open_whether_the_mail_went_out(mail_server: SmtpServer) -> None:
    mail_server.faults(Fault("kept"))
    refused("notify.unavailable", plain(mail_server))
    mail_server.faults()
    plain(mail_server).send(MAIL)
    assert [read(r.data)["Message-ID"] for r in mail_server.received()] == [f"<{MAIL.id}@kobia.example>"] * 2


@pytest.mark.parametrize("fault", [Fault("QUIT"), Fault("QUIT", reply="500 no"), Fault("QUIT", hang=True)])
def test_what_comes_after_acceptance_does_not_matter(fault: Fault, mail_server: SmtpServer) -> None:
    mail_server.faults(fault)
    plain(mail_server, timeout=SHORT).send(MAIL)
    assert len(mail_server.received()) == 1


def test_no_server(mail_server: SmtpServer) -> None:
    refused("notify.unavailable", plain(mail_server, port=free_port()))
    refused("notify.unavailable", plain(mail_server, host="nowhere.invalid"))


def test_a_server_that_is_frozen(tmp_path: Path) -> None:
    with SmtpServer(tmp_path) as server:
        server.freeze()
        refused("notify.unavailable", plain(server, timeout=SHORT))
        server.thaw()
        plain(server).send(MAIL)
        assert len(server.received()) == 1


def test_a_server_of_another_kind(mail_server: SmtpServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        talking = pool.submit(_talk_nonsense, listener)
        refused("notify.unavailable", plain(mail_server, port=listener.getsockname()[1]))
        talking.result()


def _talk_nonsense(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"\x00\xffHTTP/1.1 400\r\n" * 10)

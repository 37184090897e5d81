"""Mail submission over SMTP (RFC 5321, RFC 6409)."""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path

from doc_service.domain.errors import DomainError
from doc_service.notify.message import compose
from doc_service.notify.transport import SmtpTls
from doc_service.ports import Mail

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_OF_THE_SESSION = frozenset({530, 534, 535, 538})
"""Replies about who we are (RFC 4954 §6): they refuse the service, not the person written to."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """``timeout`` bounds connecting and every answer. ``ca_file``: CA of the server when it is not a public one. Raises
    ``ValueError`` for credentials without TLS."""

    host: str
    port: int = 587
    tls: SmtpTls = SmtpTls.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=20)

    def __post_init__(self) -> None:
        if self.user and self.tls is SmtpTls.NONE:
            raise ValueError("credentials are sent over TLS only")


class SmtpMailer:
    """``doc_service.ports.Mailer``: a session for each mail, so that no fault of one reaches the next."""

    def __init__(self, server: SmtpServer, origin: Address) -> None:
        self._server = server
        self._origin = origin

    def send(self, mail: Mail) -> None:
        """Returns once the server has accepted the mail; what it answers to the goodbye does not matter any more.

        "notify.refused" when it refused the recipient or the content for good (5yz to RCPT or DATA); everything else,
        wrong credentials, a refused sender and bad certificates included, is "notify.unavailable": it concerns all
        mail alike, and an operator can mend it. Reasons name reply codes (RFC 3463) and never the server's words,
        which may hold the address."""
        content = compose(mail, self._origin).as_bytes()
        try:
            session = self._connected()
            try:
                self._authenticate(session)
                session.sendmail(self._origin.addr_spec, [mail.recipient], content)
                with suppress(OSError):
                    session.quit()
            finally:
                session.close()
        except (OSError, smtplib.SMTPException) as error:
            raise _judged(error) from None

    def _connected(self) -> smtplib.SMTP:
        server, timeout = self._server, self._server.timeout.total_seconds()
        if server.tls is SmtpTls.TLS:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=self._context())
        return smtplib.SMTP(server.host, server.port, timeout=timeout)

    def _authenticate(self, session: smtplib.SMTP) -> None:
        if self._server.tls is SmtpTls.STARTTLS:
            session.starttls(context=self._context())
        if self._server.user:
            _log_in(session, self._server.user, self._server.password)

    def _context(self) -> ssl.SSLContext:
        """Certificate and host name are verified."""
        return ssl.create_default_context(cafile=self._server.ca_file)


def _log_in(session: smtplib.SMTP, user: str, password: str) -> None:
    """By any mechanism that both sides know; the standard library knows ASCII only, so other letters go by PLAIN, which
    is in UTF-8 (RFC 4616 §2)."""
    if user.isascii() and password.isascii():
        session.login(user, password)
        return
    session.ehlo_or_helo_if_needed()
    answer = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = session.docmd("AUTH", f"PLAIN {answer}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _judged(error: Exception) -> DomainError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        (code, said), *_ = error.recipients.values()
        return _of_the_mail("RCPT", code, said)
    if isinstance(error, smtplib.SMTPDataError):
        return _of_the_mail("DATA", error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        return _unavailable(f"{type(error).__name__} {_reply(error.smtp_code, error.smtp_error)}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _unavailable(f"certificate: {error.verify_message}")
    said_so = error.strerror if isinstance(error, OSError) else None
    return _unavailable(f"{type(error).__name__} {said_so or ''}".strip())


def _of_the_mail(step: str, code: int, said: bytes | str) -> DomainError:
    reason = f"{step} {_reply(code, said)}"
    if 500 <= code < 600 and code not in _OF_THE_SESSION:
        return DomainError("notify.refused", "", reason=reason)
    return _unavailable(reason)


def _unavailable(reason: str) -> DomainError:
    return DomainError("notify.unavailable", "", reason=reason)


def _reply(code: int, said: bytes | str) -> str:
    """The reply code with its enhanced status code, when the server gave one (RFC 2034)."""
    enhanced = _ENHANCED.match(said if isinstance(said, bytes) else said.encode(errors="replace"))
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)

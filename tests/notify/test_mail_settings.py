"""Which settings give which mailer, and which are refused at start."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from doc_service.bootstrap.catalogue import open_instruments
from doc_service.bootstrap.mail import open_mailer, reminder_text
from doc_service.domain.jobs import Job, JobKind
from doc_service.notify.transport import SmtpTls
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.remind_signers import RemindSigners
from doc_service.settings import Environment, PkiMode, Settings
from doc_service.system import RandomIds, SystemClock
from tests.notify.bench import Bench
from tests.notify.mails import MAIL, read, text_of
from tests.persistence.samples import NOW, fill
from tools.servers.smtp import SmtpServer

SMTP = {"smtp_host": "127.0.0.1", "mail_from": "Xidmət <xidmet@kobia.example>"}
PRODUCTION: dict[str, Any] = {
    "environment": Environment.PRODUCTION, "pki": PkiMode.TRUSTED, "trust_dir": "x", "tsa_url": "http://tsa.example",
    "database_url": "postgresql+psycopg://h/d", "archive_url": "s3+https://h/b", "audit_key_file": "key.pem",
    "secret_key_file": "key",
}  # fmt: skip


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"smtp_host": "h"}, "MAIL_FROM"),
        ({**SMTP, "mail_from": "nobody"}, "MAIL_FROM"),
        ({"mail_from": "a@b.az\nBcc: c@d.az"}, "MAIL_FROM"),
        ({**SMTP, "smtp_user": "u", "smtp_tls": "none"}, "SMTP_USER"),
        ({"public_url": "imza.kobia.example"}, "PUBLIC_URL"),
        ({"public_url": "javascript:alert(1)"}, "PUBLIC_URL"),
        ({"public_url": "https://a@b.example/"}, "PUBLIC_URL"),
        ({"public_url": "https://b.example/\nx"}, "PUBLIC_URL"),
        ({**SMTP, **PRODUCTION}, "PUBLIC_URL"),
        ({"smtp_tls": "maybe"}, "smtp_tls"),
        ({"remind_after": timedelta(seconds=-1)}, "remind_after"),
        ({"smtp_timeout": timedelta()}, "smtp_timeout"),
    ],
)
def test_settings_that_cannot_send_mail_are_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        settings(**values)


def test_a_password_is_not_shown() -> None:
    assert "gizli" not in repr(settings(smtp_password="gizli"))


def test_production_without_a_mail_server_starts_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert open_mailer(settings(**PRODUCTION)) is None
    assert "signatories are not reminded" in caplog.text


def test_the_embedded_default_writes_files(tmp_path: Path) -> None:
    mailer = open_mailer(settings(data_dir=tmp_path))
    assert mailer is not None
    mailer.send(MAIL)
    assert [p.name for p in (tmp_path / "outbox").iterdir()] == [f"{MAIL.id}.eml"]


def test_the_handler_by_settings_sends(tmp_path: Path, mail_server: SmtpServer) -> None:
    work = _workspace(tmp_path)
    engine = make_engine(f"sqlite:///{tmp_path / 'main.db'}")
    fill(engine, ())
    bench = Bench(engine, mail_server)
    bench.clock.at = work.clock.now()
    bench.document("a")
    bench.ask("a", "nigar", days=1)
    chosen = settings(
        **SMTP, smtp_port=mail_server.port, smtp_tls=SmtpTls.NONE, remind_after=timedelta(hours=1), port=8123
    )
    mailer = open_mailer(chosen)
    assert mailer is not None
    handler = RemindSigners(work, open_instruments(), mailer, reminder_text(chosen), chosen.remind_after)
    handler(Job("j", JobKind.REMIND, "k", NOW))
    (job,) = bench.pending()
    handler(job)
    (mail,) = mail_server.received()
    assert mail.sender == "xidmet@kobia.example"
    assert "\nhttp://127.0.0.1:8123/\n" in text_of(read(mail.data))
    engine.dispose()


def _workspace(directory: Path) -> Workspace:
    engine = make_engine(f"sqlite:///{directory / 'main.db'}")
    migrate(engine)
    return Workspace(SqlUnitOfWorkFactory(engine), SystemClock(), RandomIds())

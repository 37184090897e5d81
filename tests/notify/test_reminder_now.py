"""A reminder of one person that the secretariat asks for: one letter about one request, recorded, without its link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import RequestState
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.resend_request import ResendRequest
from signing.api import Level
from tests.notify.bench import URL, Bench
from tests.notify.mails import read, text_of
from tests.persistence.engines import ENGINES
from tests.persistence.samples import fill
from tools.servers.smtp import SmtpServer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bench(tmp_path: Path, mail_server: SmtpServer) -> Iterator[Bench]:
    engine = make_engine(ENGINES["sqlite"](tmp_path))
    migrate(engine)
    fill(engine, ())
    made = Bench(engine, mail_server)
    for name in ("a", "b"):
        made.document(name)
    yield made
    engine.dispose()


def resend(bench: Bench, request_id: str) -> None:
    policy = SigningPolicy(Level.B_B, Level.B_B, timedelta(seconds=30), development=True)
    ResendRequest(Workspace(bench.units, bench.clock, bench.ids), policy)(request_id, "katib")


def test_one_letter_about_one_request(bench: Bench) -> None:
    bench.ask("a", "nigar", days=0)
    other = bench.ask("b", "nigar", days=0)
    resend(bench, other)
    bench.work()
    assert bench.recipients() == ["nigar"]
    (mail,) = bench.server.received()
    text = text_of(read(mail.data))
    assert URL in text
    assert other not in text
    assert "Məhdud" not in text
    assert [action for action, _ in bench.events("b")] == ["signature.reminder_asked", "signature.reminded"]
    assert bench.events("a") == []


def test_again_after_a_pause_with_a_message_of_its_own(bench: Bench) -> None:
    request = bench.ask("a", "nigar")
    bench.remind()
    with pytest.raises(ConflictError, match=r"remind\.too_soon"):
        resend(bench, request)
    bench.clock.move(31 * MINUTE)
    resend(bench, request)
    bench.work()
    ids = [message_id for _, message_id in bench.letters()]
    assert len(set(ids)) == 2


def test_nothing_is_sent_to_whom_it_does_not_concern_any_more(bench: Bench) -> None:
    request = bench.ask("a", "nigar")
    resend(bench, request)
    bench.end(request, RequestState.SIGNED)
    bench.work()
    assert bench.letters() == []
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        resend(bench, request)

"""From the meeting to the letter: documents that the service itself made and opened for signing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import RequestState
from tests.services.conftest import Service, running_service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("services")]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    yield from running_service(tmp_path, remind_after=timedelta())


def remind(service: Service) -> set[str]:
    """Runs the day's reminders; gives the recipients of all letters so far."""
    container = service.container
    handler = container.parts.reminders
    assert handler is not None
    now = container.work.clock.now()
    handler(Job("daily", JobKind.REMIND, "daily", now))
    with container.work.uow.reading() as uow:
        letters = [job for job in uow.jobs.pending() if job.kind is JobKind.REMIND]
    for letter in letters:
        handler(letter)
    folder = container.settings.data_dir / "outbox"
    mails = [message_from_bytes(p.read_bytes(), policy=default) for p in folder.glob("*.eml")]
    return {str(mail["To"]) for mail in mails}


def test_signatories_are_reminded_when_it_is_their_turn(service: Service) -> None:
    document = service.signing(members=2)
    requests = service.requests(document)
    opened = [r for r in requests if r.state is RequestState.OPEN]
    later = [r for r in requests if r.state is RequestState.WAITING]
    assert opened
    assert later
    assert all(r.opened_at is not None for r in opened)
    assert all(r.opened_at is None for r in later)
    assert remind(service) == {r.signer.email for r in opened}
    for request in opened:
        service.sign(request)
    now_open = [r for r in service.requests(document) if r.state is RequestState.OPEN]
    assert now_open
    assert all(r.opened_at and r.opened_at >= opened[0].opened_at for r in now_open)  # type: ignore[operator]
    assert remind(service) == {r.signer.email for r in [*opened, *now_open]}
    assert service.actions(document).count("signature.reminded") == len(opened) + len(now_open)

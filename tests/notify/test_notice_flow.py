"""From the service's own use cases to letters, deliveries and records: nothing is wired by the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from doc_service.messages.catalog import Catalog
from tests.notify.receiver import Receiver, genuine
from tests.services.conftest import Service, running_service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("services")]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    yield from running_service(tmp_path)


def letters(service: Service) -> list[tuple[str, str]]:
    """(recipient, notice), of those told since the beginning."""
    texts = Catalog("az")
    kinds = {texts.text(c): c.split(".")[1] for c in texts.codes if c.startswith("notice.") and c.endswith(".subject")}
    folder = service.container.settings.data_dir / "outbox"
    mails = [message_from_bytes(p.read_bytes(), policy=default) for p in folder.glob("notice-*.eml")]
    return sorted((str(m["To"]), kinds[str(m["Subject"]).partition(" / ")[0]]) for m in mails)


def test_a_document_signed_by_everybody(service: Service) -> None:
    use, run = service.container.use_cases, service.container.runner
    with Receiver() as receiver:
        added = use.add_webhook(receiver.url(), ["signing.opened", "document.in_force"], "account:admin")
        document = service.signing(2)
        run.run_until_idle(timedelta(seconds=60))
        first = [r.signer.email for r in service.requests(document) if str(r.state) == "open"]
        assert first
        assert letters(service) == sorted((email, "asked") for email in first)
        for request in [r for r in service.requests(document) if str(r.state) == "open"]:
            service.sign(request)
        run.run_until_idle(timedelta(seconds=60))
        service.sign_all(document)
        run.run_until_idle(timedelta(seconds=60))
        now = service.container.work.clock.now().timestamp()
        assert sorted(got.content["type"] for got in receiver.got) == ["document.in_force", "signing.opened"]
        assert all(genuine(got, added.secret, now) for got in receiver.got)
    signers = {r.signer.email for r in service.requests(document)}
    told = letters(service)
    assert {who for who, kind in told if kind == "asked"} == signers
    assert {who for who, kind in told if kind == "completed"} >= signers
    sent = [a for a in service.actions(document) if a == "notice.sent"]
    assert len(sent) == len(told)


def test_a_refusal_and_a_withdrawal(service: Service) -> None:
    use, run = service.container.use_cases, service.container.runner
    document = service.signing(2)
    request = next(r for r in service.requests(document) if str(r.state) == "open")
    use.decline_signature(request.id, "razı deyiləm", request.signer.id)
    run.run_until_idle(timedelta(seconds=60))
    assert [kind for _, kind in letters(service)].count("declined") == 1
    use.withdraw_document(document, "səhv mətn", "katiblik")
    run.run_until_idle(timedelta(seconds=60))
    asked = {who for who, kind in letters(service) if kind == "asked"}
    assert {who for who, kind in letters(service) if kind == "withdrawn"} == asked

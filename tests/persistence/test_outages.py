"""The outage journal (002 §7.1.2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.persistence.outages import Outage, SqlOutages
from doc_service.system import RandomIds
from tests.persistence.samples import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def journal(engine: Engine) -> SqlOutages:
    return SqlOutages(engine, RandomIds())


def test_an_outage_is_opened_once_and_closed_once(journal: SqlOutages) -> None:
    """002 §7.1.2."""
    first = journal.open("tsa", "host-1", NOW, "connection refused")
    assert journal.open("tsa", "host-1", NOW + MINUTE, "timeout") == first
    assert journal.list(NOW) == journal.open_ones() == [Outage(first, "tsa", "host-1", NOW, None, "connection refused")]
    assert journal.close(first, NOW + 2 * MINUTE)
    assert not journal.close(first, NOW + 3 * MINUTE)
    assert [outage.ended_at for outage in journal.list(NOW)] == [NOW + 2 * MINUTE]
    assert journal.open_ones() == []
    assert journal.open("tsa", "host-1", NOW + 5 * MINUTE, "again") != first


def test_the_list_has_what_lasted_at_the_time_or_later(journal: SqlOutages) -> None:
    ended = journal.open("tsa", "host-1", NOW, "a")
    journal.close(ended, NOW + MINUTE)
    later = journal.open("ocsp", "host-1", NOW + 2 * MINUTE, "b")
    lasting = journal.open("archive", "host-2", NOW - MINUTE, "c")
    assert [outage.id for outage in journal.list(NOW)] == [lasting, ended, later]
    assert [outage.id for outage in journal.list(NOW + 2 * MINUTE)] == [lasting, later]
    assert [outage.id for outage in journal.list(NOW, component="ocsp")] == [later]
    assert [outage.id for outage in journal.list(NOW, limit=1)] == [lasting]


def test_what_cannot_be_closed(journal: SqlOutages) -> None:
    with pytest.raises(NotFoundError, match=r"outage\.not_found"):
        journal.close("x", NOW)
    outage = journal.open("tsa", "host-1", NOW, "a\x00b" + "c" * 5000)
    with pytest.raises(DomainError, match=r"outage\.ends_before_it_began"):
        journal.close(outage, NOW - MINUTE)
    assert journal.open_ones()[0].reason == "ab" + "c" * 1997


def test_many_that_notice_at_once_open_one(journal: SqlOutages) -> None:
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: journal.open("database", "host-1", NOW, "gone"), range(12)))
    assert len(set(opened)) == len(journal.open_ones()) == 1

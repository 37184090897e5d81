"""Numbers of a journal: consecutive within journal and year, one a document."""

from __future__ import annotations

import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.engines import ENGINES
from tests.persistence.samples import JOURNAL, NOW, document, fill

OTHER = Journal("QR", "Qərarlar", "3-21-5", "{journal}/{year}/{seq}")
MIDNIGHT = datetime(2026, 12, 31, 20, tzinfo=UTC)


def test_journals(engine: Engine) -> None:
    units = fill(engine)
    with units() as unit:
        assert unit.journals.find("KQ") == JOURNAL
        assert unit.journals.find("QR") is None
        with pytest.raises(ConflictError, match=r"journal\.exists"):
            unit.journals.add(JOURNAL)
        with pytest.raises(NotFoundError, match=r"journal\.not_found"):
            unit.journals.register(OTHER, "d1", NOW)


def test_an_entry_says_what_was_given(engine: Engine) -> None:
    units = fill(engine, ["d1", "d2"])
    with units() as unit:
        first = unit.journals.register(JOURNAL, "d1", NOW)
        second = unit.journals.register(JOURNAL, "d2", NOW)
        unit.commit()
    assert first == JournalEntry("KQ", 2026, 1, "3-21-5/KQ-1/2026", "d1", date(2026, 3, 4))
    assert second == replace(first, seq=2, number="3-21-5/KQ-2/2026", document_id="d2")
    with units() as unit:
        assert unit.journals.entries("KQ", 2026) == [first, second]
        assert unit.journals.entries("KQ", 2025) == unit.journals.entries("QR", 2026) == []


def test_the_year_turns_at_midnight_in_baku(engine: Engine) -> None:
    units = fill(engine, ["d1", "d2"])
    with units() as unit:
        new = unit.journals.register(JOURNAL, "d1", MIDNIGHT)
        old = unit.journals.register(JOURNAL, "d2", MIDNIGHT - timedelta(microseconds=1))
    assert (new.year, new.seq, new.registered_on) == (2027, 1, date(2027, 1, 1))
    assert (old.year, old.seq, old.registered_on) == (2026, 1, date(2026, 12, 31))


def test_the_same_document_keeps_its_first_number(engine: Engine) -> None:
    units = fill(engine, ["d1", "d2"])
    with units() as unit:
        unit.journals.add(OTHER)
        first = unit.journals.register(JOURNAL, "d1", NOW)
        assert unit.journals.register(JOURNAL, "d1", NOW + timedelta(days=400)) == first
        assert unit.journals.register(OTHER, "d1", NOW).number == "QR/2026/1"
        unit.commit()
    with units() as unit:
        assert unit.journals.register(JOURNAL, "d1", NOW) == first
        assert unit.journals.register(JOURNAL, "d2", NOW).seq == 2


def test_a_pattern_that_repeats_a_number_is_refused(engine: Engine) -> None:
    units = fill(engine, [f"d{n}" for n in range(1, 12)])
    early = replace(JOURNAL, pattern="{seq}1/{year}")
    with units() as unit:
        unit.journals.register(early, "d1", NOW)
        later = replace(JOURNAL, pattern="{seq}/{year}")
        for number in range(2, 11):
            unit.journals.register(later, f"d{number}", NOW)
        with pytest.raises(ConflictError, match=r"journal\.number_taken"):
            unit.journals.register(later, "d11", NOW)
        assert unit.journals.register(JOURNAL, "d11", NOW).seq == 11


def test_a_bad_pattern_takes_no_number(engine: Engine) -> None:
    units = fill(engine)
    with units() as unit:
        with pytest.raises(DomainError, match=r"journal\.bad_pattern"):
            unit.journals.register(replace(JOURNAL, pattern="{year}"), "d1", NOW)
        assert unit.journals.register(JOURNAL, "d1", NOW).seq == 1


def test_threads_that_register_the_same_documents_at_once(engine: Engine) -> None:
    documents = [f"d{n}" for n in range(12)]
    units = fill(engine, documents)

    def register(document_id: str) -> JournalEntry:
        with units() as unit:
            entry = unit.journals.register(JOURNAL, document_id, NOW)
            unit.commit()
        return entry

    with ThreadPoolExecutor(8) as pool:
        given_out = list(pool.map(register, documents * 5))
    assert Counter(Counter(entry.number for entry in given_out).values()) == {5: 12}
    with units() as unit:
        assert [entry.seq for entry in unit.journals.entries("KQ", 2026)] == list(range(1, 13))


moments = st.datetimes(datetime(2025, 12, 30), datetime(2026, 1, 3), timezones=st.just(UTC))  # noqa: DTZ001
steps = st.tuples(st.sampled_from([JOURNAL, OTHER]), st.integers(0, 7), moments, st.booleans())


@settings(max_examples=30, deadline=None)
@given(st.lists(steps, max_size=25))
def test_numbers_are_consecutive_whatever_is_registered_and_undone(
    history: list[tuple[Journal, int, datetime, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        engine = make_engine(ENGINES["sqlite"](Path(directory)))
        migrate(engine)
        units = fill(engine, [])
        with units() as unit:
            unit.journals.add(OTHER)
            for number in range(8):
                unit.documents.add(document(f"d{number}"))
            unit.commit()
        kept: dict[tuple[str, str], JournalEntry] = {}
        for journal, number, at, undone in history:
            key = (journal.code, f"d{number}")
            with units() as unit:
                entry = unit.journals.register(journal, key[1], at)
                assert kept.get(key, entry) == entry
                if not undone:
                    unit.commit()
                    kept[key] = entry
        check_journals(units, kept)
        engine.dispose()


def check_journals(units: SqlUnitOfWorkFactory, kept: dict[tuple[str, str], JournalEntry]) -> None:
    stored: list[JournalEntry] = []
    with units() as unit:
        for journal in (JOURNAL, OTHER):
            for year in (2025, 2026):
                entries = list(unit.journals.entries(journal.code, year))
                assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
                stored += entries
    assert {(entry.journal, entry.document_id): entry for entry in stored} == kept

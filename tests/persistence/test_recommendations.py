"""What became of recommendations, on every engine (001 §3.1.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.recommendations import Answer, RecommendationAction, RecommendationOutcome, RecommendationState
from doc_service.persistence.tables_group import recommendation_outcomes
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence import samples

NOW = datetime(2027, 2, 8, 6, 0, 0, 1, UTC)
FIRST = RecommendationOutcome(
    "o1", "d1", RecommendationAction.DISREGARD, RecommendationState.NOT_HEEDED, date(2027, 2, 8),
    "Dövlət orqanı “imkan yoxdur” cavabını vermişdir.", Answer("12-04/318", date(2027, 2, 3)), "katib", NOW,
)  # fmt: skip
SECOND = replace(
    FIRST,
    id="o2",
    action=RecommendationAction.HEED,
    state=RecommendationState.HEEDED,
    answer=None,
    reason="İcra edilib",
)


@pytest.fixture
def units(engine: Engine) -> SqlUnitOfWorkFactory:
    samples.fill(engine)
    return SqlUnitOfWorkFactory(engine)


def test_records_come_back_in_the_order_of_recording(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        unit.recommendations.add(FIRST)
        unit.recommendations.add(SECOND)
        unit.commit()
    with units.reading() as unit:
        assert list(unit.recommendations.of_document("d1")) == [FIRST, SECOND]
        assert unit.recommendations.of_documents(["d1", "none"]) == {"d1": [FIRST, SECOND]}
        assert unit.recommendations.of_documents([]) == {}
        assert unit.recommendations.of_document("none") == ()


def test_an_id_is_taken_once_and_a_document_is_needed(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        unit.recommendations.add(FIRST)
        with pytest.raises(ConflictError, match=r"recommendation\.recorded"):
            unit.recommendations.add(FIRST)
    with units() as unit, pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        unit.recommendations.add(replace(FIRST, id="o9", document_id="none"))


@pytest.mark.parametrize(
    "statement", [recommendation_outcomes.delete(), recommendation_outcomes.update().values(state="heeded")]
)
def test_the_database_refuses_to_rewrite_them(units: SqlUnitOfWorkFactory, engine: Engine, statement: object) -> None:
    with units() as unit:
        unit.recommendations.add(FIRST)
        unit.commit()
    with pytest.raises((DatabaseError, DomainError)), engine.begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]

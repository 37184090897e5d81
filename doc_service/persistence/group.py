"""What became of recommendations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from doc_service.domain.errors import ConflictError
from doc_service.domain.recommendations import RecommendationOutcome
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_group import recommendation_outcomes

_OUTCOME = Codec(RecommendationOutcome)
_MANY = 500


class SqlRecommendations:
    """``doc_service.ports_group.Recommendations``. A writing unit locks the recommendation's document."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, outcome: RecommendationOutcome) -> None:
        """Raises ``ConflictError`` "recommendation.recorded"; ``DomainError`` "persistence.unknown_reference" without
        document."""
        self._locks.document(outcome.document_id)
        row = {
            "id": outcome.id,
            "document_id": outcome.document_id,
            "state": str(outcome.state),
            "recorded_at": outcome.at,
            "body": _OUTCOME.encode(outcome),
        }
        if not insert_new(self._connection, recommendation_outcomes, row):
            raise ConflictError("recommendation.recorded", "id", id=outcome.id)

    def of_document(self, document_id: str) -> Sequence[RecommendationOutcome]:
        self._locks.document(document_id)
        return self.of_documents([document_id]).get(document_id, ())

    def of_documents(self, ids: Collection[str]) -> Mapping[str, Sequence[RecommendationOutcome]]:
        columns, wanted = recommendation_outcomes.c, sorted(set(ids))
        found: dict[str, list[RecommendationOutcome]] = {}
        for start in range(0, len(wanted), _MANY):
            query = select(columns.body).where(columns.document_id.in_(wanted[start : start + _MANY]))
            for text in self._connection.scalars(query.order_by(columns.document_id, columns.rowno)):
                outcome = _OUTCOME.decode(text)
                found.setdefault(outcome.document_id, []).append(outcome)
        return found

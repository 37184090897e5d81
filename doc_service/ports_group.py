"""What the services need of the records about recommendations (001 §3.1.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from doc_service.domain.recommendations import RecommendationOutcome


class Recommendations(Protocol):
    """Records of what became of recommendations; they only grow."""

    def add(self, outcome: RecommendationOutcome) -> None:
        """``ConflictError`` "recommendation.recorded" when the id is taken."""
        ...

    def of_document(self, document_id: str) -> Sequence[RecommendationOutcome]:
        """In the order of recording. A writing unit that reads them is alone with the recommendation."""
        ...

    def of_documents(self, ids: Collection[str]) -> Mapping[str, Sequence[RecommendationOutcome]]:
        """By document, those that have any."""
        ...

"""The register of issued copies and the succession of documents, on every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from doc_service.domain.copies import Succession, SuccessionKind
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.ports_queries import Slice
from tests.persistence import samples


def test_issues_are_found_by_id_code_and_original(engine: Engine) -> None:
    units = samples.fill(engine)
    with units() as unit:
        samples.add_copies(unit)
        unit.commit()
    with units() as unit:
        issue = unit.copies.find("d1")
        assert issue is not None
        assert unit.copies.of_code(issue.code) == issue
        assert unit.copies.of_code("none") is None
        assert unit.copies.page(Slice()).rows == unit.copies.page(Slice(), original_id="d1").rows == (issue,)
        assert unit.copies.page(Slice(), original_id="d2").rows == ()
        with pytest.raises(ConflictError, match=r"copy\.exists"):
            unit.copies.add(issue)
    with units() as unit, pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        unit.copies.add(replace(issue, id="nowhere", code="0" * 24))


def test_successions_keep_their_order_and_repeat_nothing(engine: Engine) -> None:
    units = samples.fill(engine)
    with units() as unit:
        samples.add_copies(unit)
        again = Succession("d1", "d1", SuccessionKind.SUPERSEDES, samples.NOW, "başqa söz")
        unit.successions.add(again)
        unit.successions.add(replace(again, kind=SuccessionKind.ANNULS))
        unit.commit()
    with units() as unit:
        found = unit.successions.after("d1")
    assert [(s.kind, s.reason) for s in found] == [
        (SuccessionKind.SUPERSEDES, "yeni redaksiya"), (SuccessionKind.ANNULS, "başqa söz"),
    ]  # fmt: skip

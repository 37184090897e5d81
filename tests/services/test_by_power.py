"""Nobody stands in for a person who acts on a power that the document itself names (003 §4.2; 004 §7.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from doc_service.domain.civil_time import baku_date
from doc_service.domain.substitution import Substitution
from doc_service.instruments.base import Signatory
from doc_service.services.signers import assignments


@pytest.mark.parametrize(("by_power", "signs"), [(False, "p-stand-in"), (True, "")])
def test_a_substitution_does_not_reach_a_power(shared_service: Any, by_power: bool, signs: str) -> None:
    document = shared_service.document(shared_service.drafted())
    person = shared_service.scenario.body.members[0].person
    work = shared_service.container.work
    day = baku_date(work.clock.now())
    other = replace(person, id="p-stand-in")
    record = Substitution(f"s-{by_power}", person.id, other, "1-K", day, day, day + timedelta(days=1))
    shared_service.container.use_cases.record_substitution(record, "katiblik")
    signatory = Signatory("sig_01", 1, person.id, "Nümayəndə", by_power=by_power)
    with work.uow.reading() as uow:
        found = assignments(uow, document, [signatory], day)["sig_01"]
    assert found.signer.id == (signs or person.id)

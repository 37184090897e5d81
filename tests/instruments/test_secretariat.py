"""What the Group's head signs, and what its secretariat does with the Group's papers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doc_service.domain.retention import DEFAULT_NOMENCLATURE
from doc_service.instruments.registry import Registry, default_registry
from tests.instruments.conftest import Data, Judge

Sample = Callable[[str], Data]
GROUP = [i.id for i in default_registry().all() if i.id.startswith("kq-")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kq-qerar", "act.signatory_role"),  # 001 §5.3.2: zəruri olan qərarları
        ("kq-teklif", "act.signatory_role"),  # 001 §5.3.2: təklifləri
        ("kq-tovsiye", "act.signatory_role"),  # 001 §5.3.2: tövsiyələri
        ("kq-mektub", "head.signatory_role"),  # 001 §5.3.2: məktubları
        ("kq-fealiyyet-proqrami", "head.signatory_role"),  # 001 §5.3.1: approves the programme
    ],
)
def test_the_head_signs_and_no_member_does(
    registry: Registry, sample: Sample, judge: Judge, name: str, code: str
) -> None:
    """001 §5.4: the deputy, where the absent head is named."""
    data, instrument = sample(name), registry.get(name)
    assert judge(name, data) == {}
    assert [s.person_id for s in instrument.signatories(instrument.validate(data))] == ["kq-01"]
    head = data["signatory"]["person"]["name"]
    deputy = data | {"signatory": data["signatory"] | {"role": "deputy_head"}, "absent_head": head}
    assert judge(name, deputy) == {}
    (signs,) = instrument.signatories(instrument.validate(deputy))
    assert signs.in_place_of == f"{head['surname']} {head['given']} {head['patronymic']}"
    data["signatory"]["role"] = "member"
    assert judge(name, data)["signatory.role"].code == code


@pytest.mark.parametrize("name", ["kq-teklif", "kq-tovsiye"])
def test_what_concerns_others_says_whom(registry: Registry, sample: Sample, judge: Judge, name: str) -> None:
    """001 §5.6.8: aktları aidiyyəti üzrə: whom it concerns is printed, and there is no such act without them."""
    data, instrument = sample(name), registry.get(name)
    printed = str(instrument.context(instrument.validate(data)))
    assert data["addressees"]
    assert [a for a in data["addressees"] if a not in printed] == []
    assert judge(name, data | {"addressees": []})["addressees"].code == "act.addressee_missing"


@pytest.mark.parametrize("name", GROUP)
def test_every_paper_of_the_group_has_a_journal_and_a_case(registry: Registry, name: str) -> None:
    """001 §5.6.9, 004 §5.1.11: kargüzarlıq: number, file, retention."""
    instrument = registry.get(name)
    assert instrument.journal
    assert instrument.journal_title
    case = DEFAULT_NOMENCLATURE[instrument.case_index]
    assert case.title
    assert case.legal_basis
    others = [i for i in registry.all() if i.id != name]
    assert instrument.journal not in [i.journal for i in others]

"""Editions of the registry (003 §4.16): the difference, applied to the old edition, gives the new one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.participant_kinds import (
    GROUP_TITLES,
    QUESTIONNAIRE_TITLES,
    ParticipantKind,
    RegistryPart,
    kind_of_size,
)
from doc_service.domain.registry_editions import Change, Difference, RegistryEntry, apply, by_voen, difference

TEXT = st.sampled_from(["", "“Şüşə” & qablar", "Zavod", "a\u200fb"])
ENTRIES = st.lists(
    st.builds(
        RegistryEntry,
        kind=st.sampled_from(ParticipantKind),
        name=TEXT, legal_form=TEXT, voen=st.sampled_from([f"140000000{n}" for n in range(6)]),
        state_registration=TEXT, legal_address=TEXT, actual_address=TEXT, products=TEXT, head=TEXT, phone=TEXT,
        email=TEXT, agreement_number=TEXT, agreement_date=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 3)),
        specialised=st.booleans(), final_producer=st.booleans(),
    ),
    unique_by=lambda e: e.voen, max_size=6,
)  # fmt: skip


@given(ENTRIES, ENTRIES)
@settings(max_examples=150)
def test_the_difference_applied_to_the_old_edition_is_the_new_one(
    old: list[RegistryEntry], new: list[RegistryEntry]
) -> None:
    """003 §4.16: an edition supersedes the last; what changed is part of the record."""
    change = difference(old, new)
    assert by_voen(apply(old, change)) == by_voen(new)
    assert change.empty == (by_voen(old) == by_voen(new))
    assert {e.voen for e in change.added} == by_voen(new).keys() - by_voen(old).keys()
    assert {e.voen for e in change.removed} == by_voen(old).keys() - by_voen(new).keys()


@given(ENTRIES.filter(bool))
@settings(max_examples=30)
def test_a_change_names_the_changed_fields_only(entries: list[RegistryEntry]) -> None:
    renamed = replace(entries[0], name="Yeni ad", phone="+994 12 555 00 00")
    (change,) = difference(entries, [renamed, *entries[1:]]).changed
    assert change == Change(renamed.voen, {"name": "Yeni ad", "phone": "+994 12 555 00 00"})


@given(ENTRIES.filter(bool))
@settings(max_examples=20)
def test_a_difference_of_other_editions_is_refused(entries: list[RegistryEntry]) -> None:
    first = entries[0]
    with pytest.raises(ValueError, match="is there"):
        apply(entries, Difference(added=(first,)))
    with pytest.raises(ValueError, match="not there"):
        apply(entries[1:], Difference(removed=(first,)))
    with pytest.raises(ValueError, match="not there as it was"):
        apply(entries, Difference(removed=(replace(first, name="başqa"),)))
    with pytest.raises(ValueError, match="not there"):
        apply(entries[1:], Difference(changed=(Change(first.voen, {"name": "x"}),)))
    with pytest.raises(ValueError, match="twice"):
        difference([first, first], [])


def test_thirteen_kinds_three_of_them_participants() -> None:
    """003 Əlavə 5, field 3, and Əlavə 6: three sizes of producers, ten kinds of infrastructure."""
    parts = [kind.part for kind in ParticipantKind]
    assert len(parts) == 13
    assert parts == [RegistryPart.PARTICIPANTS] * 3 + [RegistryPart.INFRASTRUCTURE] * 10
    assert set(GROUP_TITLES) == set(QUESTIONNAIRE_TITLES) == set(ParticipantKind)
    assert len(fields(RegistryEntry)) == 15


@pytest.mark.parametrize(
    ("employees", "kind"), [(0, "small"), (100, "small"), (101, "medium"), (250, "medium"), (251, "large")]
)
def test_a_producers_size(employees: int, kind: str) -> None:
    """003 Əlavə 5, field 3: over 250 large, 101 to 250 medium, up to 100 small."""
    assert kind_of_size(employees) == kind

"""The registry of participants, edition by edition (003 §4.16, Əlavə 6), and the kinds of organisation (Əlavə 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.clusters.kinds import (
    GROUP_TITLES,
    PART_TITLES,
    ParticipantKind,
    RegistryPart,
    kind_faults,
    kind_of_size,
)
from doc_service.domain.clusters.registry import (
    Difference,
    Edition,
    RegistryEntry,
    apply,
    difference,
    first_edition,
    next_edition,
    row_faults,
)
from doc_service.domain.errors import ConflictError, DomainError

DAY = date(2026, 3, 2)


def entry(number: int, **changes: object) -> RegistryEntry:
    plain = RegistryEntry(
        ParticipantKind.SMALL, f"“Təşkilat {number}”", "MMC", f"14{number:07d}1", "1402", "Sumqayıt", "", "boru",
        "A. B.", agreement_number="KL-IS-1/2026", agreement_date=DAY,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


entries = st.builds(
    lambda n, kind, name, final: entry(n, kind=kind, name=name, final_producer=final),
    st.integers(0, 12),
    st.sampled_from(ParticipantKind),
    st.sampled_from(("Çinar", "Ceyran", "Əlvan", "Zəfər", "İpək", "Işıq")),
    st.booleans(),
)
lists = st.lists(entries, max_size=10, unique_by=lambda e: e.voen)


@settings(max_examples=100)
@given(lists, lists)
def test_the_difference_applied_to_the_old_edition_gives_the_new_one(
    before: list[RegistryEntry], after: list[RegistryEntry]
) -> None:
    """003 §4.16: renewed at each change; the difference is part of the record."""
    old = first_edition("k", DAY, before)
    new = next_edition(old, DAY, after, "qərar 3")
    change = difference(old, new)
    assert apply(old, change) == new
    assert change.empty == (set(before) == set(after))
    assert apply(None, difference(None, old)) == old


@settings(max_examples=50)
@given(lists, lists, lists)
def test_a_difference_fits_its_own_old_edition_alone(
    first: list[RegistryEntry], second: list[RegistryEntry], third: list[RegistryEntry]
) -> None:
    """A difference that names rows which the edition does not have is refused."""
    one = first_edition("k", DAY, first)
    two = next_edition(one, DAY, second, "x")
    change = difference(two, next_edition(two, DAY, third, "y"))
    with pytest.raises(ConflictError, match=r"registry\.other_edition"):
        apply(one, change)
    other = replace(
        two, rows=tuple(r for r in two.rows if r not in (*change.removed, *(c.before for c in change.changed)))
    )
    if len(other.rows) < len(two.rows):
        with pytest.raises(ConflictError, match=r"registry\.other_edition"):
            apply(other, change)


@given(lists)
def test_rows_stand_in_the_order_of_the_form(rows: list[RegistryEntry]) -> None:
    """Əlavə 6: two parts and thirteen groups; within a group by the alphabet (ç after c, ə after e)."""
    edition = first_edition("k", DAY, rows)
    assert [r.kind.place for r in edition.rows] == sorted(r.kind.place for r in rows)
    assert sum((edition.of_kind(kind) for kind in ParticipantKind), ()) == edition.rows
    names = [r.name for r in edition.of_kind(ParticipantKind.SMALL)]
    rank = ["Ceyran", "Çinar", "Əlvan", "Işıq", "İpək", "Zəfər"]
    assert names == sorted(names, key=rank.index)


def test_what_is_wrong_with_rows() -> None:
    """§4.15: a participant has an agreement; footnote 2: one specialised organisation; a VÖEN stands once."""
    wrong = [
        entry(1, agreement_number=" "), entry(1, specialised=True), entry(2, specialised=True), entry(3, voen="7"),
        entry(4, kind=ParticipantKind.FINANCE, agreement_number="", agreement_date=None),
    ]  # fmt: skip
    assert [(f.code, f.field) for f in row_faults(wrong)] == [
        ("registry.no_agreement", "rows[0].agreement_number"),
        ("registry.repeated_voen", "rows[1].voen"),
        ("registry.two_specialised", "rows[2].specialised"),
        ("organisation.bad_voen", "rows[3].voen"),
    ]
    with pytest.raises(DomainError, match=r"registry\."):
        first_edition("k", DAY, wrong)


def test_a_change_names_its_columns_and_editions_follow_each_other() -> None:
    old = first_edition("k", DAY, [entry(1), entry(2)])
    new = next_edition(old, DAY, [entry(1, head="C. D.", phone="+994501234567")], "xaric edilmə")
    found = difference(old, new)
    assert (found.old, found.new, [c.fields for c in found.changed]) == (1, 2, [("head", "phone")])
    assert found.removed == (entry(2),)
    with pytest.raises(ConflictError, match=r"registry\.earlier_day"):
        next_edition(new, date(2026, 1, 1), [], "x")
    assert apply(old, Difference("k", 1, 2, DAY)) == Edition("k", 2, DAY, old.rows)


@pytest.mark.parametrize(
    ("staff", "kind"), [(0, "small"), (100, "small"), (101, "medium"), (250, "medium"), (251, "large")]
)
def test_sizes_of_producers(staff: int, kind: str) -> None:
    """Əlavə 5: over 250, 101 to 250, up to 100 employees."""
    assert kind_of_size(staff) == kind
    assert kind_faults(ParticipantKind(kind), staff) == ()
    wrong = ParticipantKind.LARGE if kind != "large" else ParticipantKind.SMALL
    assert [f.code for f in kind_faults(wrong, staff)] == ["cluster.wrong_size"]
    assert kind_faults(ParticipantKind.FINANCE, staff) == () == kind_faults(wrong, None)
    with pytest.raises(ValueError, match="negative"):
        kind_of_size(-1)


def test_thirteen_kinds_in_two_parts() -> None:
    """Əlavə 6: three sizes of producer and ten kinds of infrastructure."""
    assert len(ParticipantKind) == len(GROUP_TITLES) == 13
    assert [k.part for k in ParticipantKind] == [RegistryPart.PARTICIPANTS] * 3 + [RegistryPart.INFRASTRUCTURE] * 10
    assert set(PART_TITLES) == set(RegistryPart)

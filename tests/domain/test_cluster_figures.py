"""Financing that adds up (003 Əlavə 11, 12), and the figures of cooperation (003 §5.3.3, Əlavə 8)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.clusters.cooperation import Delivery, Production, excesses, indicators
from doc_service.domain.clusters.financing import FinancingLine, added, wrong_totals
from doc_service.domain.figures import figure, percent

D = Decimal
AMOUNTS = st.decimals(0, 10**9, places=3, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("0", None, "0"), ("1250.500", None, "1\u00a0250,5"), ("1234567", None, "1\u00a0234\u00a0567"),
        ("12.345", 1, "12,3"), ("12.35", 1, "12,4"), ("-0.01", 1, "0,0"), ("-1500", None, "–1\u00a0500"),
        ("99.95", 1, "100,0"), ("5", 2, "5,00"), ("1E+3", None, "1\u00a0000"),
    ],
)  # fmt: skip
def test_figures_have_a_decimal_comma_and_gaps_between_thousands(value: str, places: int | None, printed: str) -> None:
    assert figure(D(value), places) == printed


@st.composite
def financing(draw: st.DrawFn) -> tuple[list[int], dict[str, FinancingLine], dict[str, list[str]]]:
    """A table that adds up: sources 1.1 …, their sum 1, the budgets 2 and 3, and all of them, 4."""
    years = list(range(2027, 2027 + draw(st.integers(1, 6))))

    def line(number: str) -> FinancingLine:
        amounts = tuple(draw(AMOUNTS) for _ in years)
        return FinancingLine(number, amounts, sum(amounts, D(0)))

    own = [line(f"1.{n}") for n in range(1, draw(st.integers(1, 4)) + 1)]
    first, second, third = added(own, "1", len(years)), line("2"), line("3")
    lines = [first, *own, second, third, added([first, second, third], "4", len(years))]
    return years, {x.number: x for x in lines}, {"1": [x.number for x in own], "4": ["1", "2", "3"]}


@given(financing())
def test_a_table_that_adds_up_has_no_wrong_total(
    table: tuple[list[int], dict[str, FinancingLine], dict[str, list[str]]],
) -> None:
    """003 Əlavə 11: source by source and year by year."""
    assert not list(wrong_totals(*table))


@given(financing(), st.data())
def test_every_spoilt_total_is_named_and_nothing_else(
    table: tuple[list[int], dict[str, FinancingLine], dict[str, list[str]]], data: st.DataObject
) -> None:
    """003 Əlavə 11: the total of one line over the years is wrong by any amount: that line alone is named."""
    years, lines, sums = table
    number = data.draw(st.sampled_from(sorted(lines)))
    wrong = data.draw(AMOUNTS.filter(lambda a: a > 0))
    lines[number] = replace(lines[number], total=lines[number].total + wrong)
    (found,) = wrong_totals(years, lines, sums)
    assert (found.number, found.year) == (number, None)
    assert found.stated - found.computed == wrong


@given(financing(), st.data())
def test_an_amount_changed_alone_breaks_its_line_and_every_sum_above_it(
    table: tuple[list[int], dict[str, FinancingLine], dict[str, list[str]]], data: st.DataObject
) -> None:
    years, lines, sums = table
    place = data.draw(st.integers(0, len(years) - 1))
    amounts = list(lines["1.1"].amounts)
    amounts[place] += 1
    lines["1.1"] = replace(lines["1.1"], amounts=tuple(amounts))
    assert [(w.number, w.year) for w in wrong_totals(years, lines, sums)] == [("1", years[place]), ("1.1", None)]


def test_a_line_without_an_amount_a_year_is_no_line() -> None:
    with pytest.raises(ValueError, match="2 amounts for 1 years"):
        list(wrong_totals([2027], {"1": FinancingLine("1", (D(1), D(2)), D(3))}, {}))


@st.composite
def productions(draw: st.DrawFn) -> Production:
    volume, purchases = draw(AMOUNTS), draw(AMOUNTS)
    jobs = draw(st.integers(0, 5000))
    share = st.decimals(0, 1, places=3)
    return Production(
        "a", volume, *(volume * draw(share) for _ in range(3)), purchases, purchases * draw(share), jobs,
        draw(st.integers(0, jobs)), draw(st.booleans()),
    )  # fmt: skip


@given(productions())
def test_shares_lie_between_0_and_100_and_their_sums_are_the_questionnaires(production: Production) -> None:
    """003 §5.3.3: A, B and C are shares of D and of the purchases; Ç, D, E are the sums themselves."""
    found = indicators(production, ())
    for share in (found.a, found.b, found.c, found.export_share, found.productive_share):
        assert share is None or 0 <= share <= 100
    assert (found.a is None) == (production.volume == 0)
    assert (found.b is None) == (production.final or production.volume == 0)
    assert (found.added, found.volume, found.imports) == (production.added, production.volume, production.imports)
    if found.a is not None:
        assert abs(found.a * production.volume / 100 - production.added) < D("0.001")
    assert not list(excesses([production], ()))


@given(productions(), st.lists(st.decimals(0, 1, places=3), max_size=5))
def test_kkoop_is_the_clusters_share_of_a_final_producers_purchases(production: Production, parts: list[D]) -> None:
    """Əlavə 8: only a final producer has Kkoop; buying everything at home within the cluster gives at most 1."""
    home = production.purchases - production.imports
    deliveries = [Delivery(f"s{n}", "a", home * part / max(len(parts), 1)) for n, part in enumerate(parts)]
    found = indicators(production, deliveries).cooperation
    assert (found is None) == (not production.final or production.purchases == 0)
    if found is not None:
        assert 0 <= found <= 1
        assert abs(found * production.purchases - sum((d.value for d in deliveries), D(0))) < D("0.001")
    assert indicators(production, [*deliveries, Delivery("a", "b", D(5))]).cooperation == found


def test_figures_of_an_example() -> None:
    """Əlavə 8: volume 20, of it 8 used in the cluster, added value 5; purchases 12, imported 3, from the cluster 6."""
    maker = Production("a", D(20), D(8), D(2), D(5), D(12), D(3), 100, 25)
    deliveries = [Delivery("b", "a", D(4)), Delivery("c", "a", D(2)), Delivery("a", "b", D(8))]
    found = indicators(maker, deliveries)
    assert (found.a, found.b, found.c, found.cooperation) == (25, 40, 25, None)
    assert (found.export_share, found.productive_share) == (10, 25)
    final = indicators(replace(maker, final=True), deliveries)
    assert (final.b, final.cooperation) == (None, D("0.5"))


@pytest.mark.parametrize(
    ("change", "part", "whole"),
    [
        ({"used": D(21)}, "used", "volume"),
        ({"export": D(21)}, "export", "volume"),
        ({"added": D(21)}, "added", "volume"),
        ({"imports": D(13)}, "imports", "purchases"),
        ({"productive": 101}, "productive", "jobs"),
        ({"used": D(7)}, "delivered", "used"),
        ({"purchases": D(8)}, "bought", "purchases"),
    ],
)
def test_a_part_larger_than_its_whole_is_named(change: dict[str, D], part: str, whole: str) -> None:
    """003 Əlavə 5: lines "o cümlədən" and "həmçinin" are parts of the line before; a scheme cannot show more."""
    maker = replace(Production("a", D(20), D(8), D(2), D(5), D(12), D(3), 100, 25), **change)  # type: ignore[arg-type]
    (found,) = excesses([maker], [Delivery("b", "a", D(6)), Delivery("a", "b", D(8))])
    assert (found.part, found.whole) == (part, whole)


def test_nothing_of_nothing_is_no_share() -> None:
    assert percent(D(0), D(0)) is None

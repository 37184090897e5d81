"""The figures of the production cooperation scheme, from the participants' questionnaires (003 §5.3.3, Əlavə 8, 10).

003 defines A to E as shares and sums of questionnaire lines (Əlavə 5). It names the cooperation coefficient Kkoop of
final producers without a formula; here it is reconstructed as the share of a final producer's purchases (line 11) that
comes from other participants of the cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from doc_service.domain.figures import percent

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Production:
    """One enterprise's year by its questionnaire, Əlavə 5: ``volume`` (line 1), ``used`` by other participants (2),
    ``export`` (3), ``added`` value (4), ``purchases`` (11), ``imports`` among them (12), all in million manat; ``jobs``
    (5) and ``productive`` jobs among them (6). ``final``: it makes the cluster's final industrial product (MSB)."""

    id: str
    volume: Decimal
    used: Decimal
    export: Decimal
    added: Decimal
    purchases: Decimal
    imports: Decimal
    jobs: int = 0
    productive: int = 0
    final: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one participant delivers to another in the year, million manat."""

    supplier: str
    buyer: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Indicators:
    """A, B and C in per cent (None without a whole), Ç (added value), D (volume) and E (imports) in million manat;
    ``cooperation`` is Kkoop, from 0 to 1, of a final producer, who in turn has no B (003 §5.3.3)."""

    a: Decimal | None
    b: Decimal | None
    c: Decimal | None
    added: Decimal
    volume: Decimal
    imports: Decimal
    cooperation: Decimal | None
    export_share: Decimal | None
    productive_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Excess:
    """A part that is larger than its whole: ``part`` and ``whole`` name the fields."""

    id: str
    part: str
    whole: str
    value: Decimal
    limit: Decimal


_PARTS = (
    ("used", "volume"),
    ("export", "volume"),
    ("added", "volume"),
    ("imports", "purchases"),
    ("productive", "jobs"),
)


def indicators(production: Production, deliveries: Iterable[Delivery]) -> Indicators:
    """The figures beside one enterprise; ``deliveries``: all of the cluster."""
    cooperation = None
    if production.final and production.purchases:
        bought = sum((d.value for d in deliveries if d.buyer == production.id), _ZERO)
        cooperation = bought / production.purchases
    return Indicators(
        a=percent(production.added, production.volume),
        b=None if production.final else percent(production.used, production.volume),
        c=percent(production.imports, production.purchases),
        added=production.added,
        volume=production.volume,
        imports=production.imports,
        cooperation=cooperation,
        export_share=percent(production.export, production.volume),
        productive_share=percent(Decimal(production.productive), Decimal(production.jobs)),
    )


def excesses(productions: Iterable[Production], deliveries: Iterable[Delivery]) -> Iterator[Excess]:
    """Every part larger than its whole: lines of one questionnaire, what a supplier delivers against line 2, and what a
    buyer receives from the cluster against its purchases that are not imported (lines 11 less 12)."""
    listed = tuple(deliveries)
    for production in productions:
        for part, whole in _PARTS:
            value, limit = Decimal(getattr(production, part)), Decimal(getattr(production, whole))
            if value > limit:
                yield Excess(production.id, part, whole, value, limit)
        sold = sum((d.value for d in listed if d.supplier == production.id), _ZERO)
        if sold > production.used:
            yield Excess(production.id, "delivered", "used", sold, production.used)
        bought = sum((d.value for d in listed if d.buyer == production.id), _ZERO)
        home = production.purchases - production.imports
        if bought > home >= 0:
            yield Excess(production.id, "bought", "purchases", bought, home)

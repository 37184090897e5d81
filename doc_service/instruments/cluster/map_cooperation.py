"""The production cooperation scheme and the effect of joint projects on it (003 §5.3.3, §5.3.5; Əlavə 8, Əlavə 10).

A sheet shows at most three enterprises of a stage, so that it can be read on A3; links that leave a sheet are named in
the node with the number of the other sheet.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from doc_service.domain.clusters.cooperation import Indicators, indicators
from doc_service.domain.figures import figure
from doc_service.instruments.cluster.dot import Graph, Row, lines, table
from doc_service.instruments.cluster.map_data import (
    DeliveryData,
    EffectData,
    FunctionalMapData,
    MapProjectData,
    ProducerData,
)

PER_STAGE: Final = 3
"""Enterprises of one stage on one sheet of several; a single sheet has room for one more."""
MOST_AWAY: Final = 2
"""Links to other sheets that a node names; all of them stand in the note's table."""
_NAME, _ROW = 40, 62
_HEAD, _FINAL, _OUTSIDE, _NEW = "#dbe5f1", "#fde9d9", "#f2f2f2", "#c00000"
ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def shown(value: Decimal | None, places: int = 1) -> str:
    """A figure of the scheme; a dash for what has no whole to be a part of."""
    return "–" if value is None else figure(value, places)


def figures_of(data: FunctionalMapData) -> dict[str, Indicators]:
    """The computed figures of each enterprise of the chain (domain rule)."""
    deliveries = [d.delivery() for d in data.deliveries]
    return {
        p.organisation_id: indicators(p.figures.production(p.organisation_id, final=p.final), deliveries)
        for p in data.producers
    }


def sheets(data: FunctionalMapData, only: Container[str] | None = None) -> list[list[ProducerData]]:
    """The enterprises (``only``: these) by sheet: chains stay together, at most ``PER_STAGE`` of a stage on a sheet."""
    ordered = [p for p in _chains(data) if only is None or p.organisation_id in only]
    stages = [[p for p in ordered if p.stage == n] for n in range(1, len(data.stages) + 1)]
    most = max(map(len, stages))
    if most <= PER_STAGE + 1:
        return [[p for stage in stages for p in stage]]
    starts = range(0, most, PER_STAGE)
    return [[p for stage in stages for p in stage[start : start + PER_STAGE]] for start in starts]


def _chains(data: FunctionalMapData) -> list[ProducerData]:
    """Enterprises in the order in which the chains of the final producers meet them, then the rest."""
    known = {p.organisation_id: p for p in data.producers}
    suppliers: dict[str, list[str]] = {}
    for delivery in data.deliveries:
        suppliers.setdefault(delivery.buyer_id, []).append(delivery.supplier_id)
    met: dict[str, ProducerData] = {}
    waiting = [p.organisation_id for p in reversed(data.producers) if not p.final]
    waiting += [p.organisation_id for p in reversed(data.producers) if p.final]
    while waiting:
        one = waiting.pop()
        if one in met or one not in known:
            continue
        met[one] = known[one]
        waiting += reversed(suppliers.get(one, []))
    return list(met.values())


def cooperation_diagrams(data: FunctionalMapData) -> list[str]:
    """The DOT sources of Əlavə 8, one a sheet."""
    computed, names = figures_of(data), data.names()
    parts = sheets(data)
    place = {p.organisation_id: n for n, part in enumerate(parts, 1) for p in part}
    made = []
    for number, part in enumerate(parts, 1):
        labels = {
            p.organisation_id: _enterprise(p, names, computed[p.organisation_id], _away(data, p, place, number, names))
            for p in part
        }
        graph = _staged(data.stages, part, labels)
        _outside(graph, data, part)
        _links(graph, data.deliveries, _stages(part))
        made.append(graph.source())
    return made


def _stages(part: Iterable[ProducerData]) -> dict[str, int]:
    return {p.organisation_id: p.stage for p in part}


def _staged(stages: Sequence[str], part: Sequence[ProducerData], labels: Mapping[str, str]) -> Graph:
    """A frame for each stage, from left to right."""
    graph = Graph("LR", ranksep=1.0)
    frames = [(n, stage, [p.organisation_id for p in part if p.stage == n]) for n, stage in enumerate(stages, 1)]
    shown_frames = [(n, stage, ids) for n, stage, ids in frames if ids]
    for n, stage, ids in shown_frames:
        graph.group(f"{ROMAN[n - 1]}. {stage}", {i: labels[i] for i in ids}, same_rank=True)
    for (_, _, first), (_, _, second) in pairwise(shown_frames):
        graph.follow(first[0], second[0])
    return graph


def _enterprise(producer: ProducerData, names: Mapping[str, str], found: Indicators, away: Sequence[str]) -> str:
    mark = " *" if producer.substitutes_import else ""
    second = f"Kkoop: {shown(found.cooperation, 2)}" if producer.final else f"B: {shown(found.b)} %"
    rows = [
        Row((lines(names[producer.organisation_id], _NAME, bold=True),), _FINAL if producer.final else _HEAD, 11),
        Row((lines(producer.product + mark, _NAME),)),
        Row((f"A: {shown(found.a)} %", second, f"C: {shown(found.c)} %")),
        Row((f"Ç: {shown(found.added, 2)}", f"D: {shown(found.volume, 2)}", f"E: {shown(found.imports, 2)}")),
        *(Row((lines(text, _ROW),), _OUTSIDE, 9, "LEFT") for text in away),
    ]
    return table(rows, 3)


def _away(
    data: FunctionalMapData, producer: ProducerData, place: Mapping[str, int], here: int, names: Mapping[str, str]
) -> list[str]:
    """Links to enterprises on other sheets."""
    found = []
    for delivery in data.deliveries:
        if delivery.supplier_id == producer.organisation_id and place.get(delivery.buyer_id, here) != here:
            other, way = delivery.buyer_id, "Göndərilir"
        elif delivery.buyer_id == producer.organisation_id and place.get(delivery.supplier_id, here) != here:
            other, way = delivery.supplier_id, "Alınır"
        else:
            continue
        value = figure(Decimal(delivery.value))
        found.append(f"{way}: {names[other]} (vərəq {place[other]}) – {delivery.goods}, {value} mln. manat")
    if len(found) <= MOST_AWAY:
        return found
    return [*found[:MOST_AWAY], f"və daha {len(found) - MOST_AWAY} əlaqə (izahlı qeydin cədvəlində)"]


def _outside(graph: Graph, data: FunctionalMapData, part: Sequence[ProducerData]) -> None:
    """Deliveries and imports from outside: one node beside each enterprise that has them (Əlavə 8)."""
    for producer in part:
        goods = [o for o in data.outside if o.organisation_id == producer.organisation_id]
        if goods:
            rows = [Row((lines(f"{o.goods} – {figure(Decimal(o.share))} %", 26),), _OUTSIDE, 9) for o in goods]
            key = f"outside {producer.organisation_id}"
            graph.node(key, table(rows, 1))
            graph.edge(key, producer.organisation_id, style="dashed")


def _links(
    graph: Graph, deliveries: Iterable[DeliveryData], on_sheet: Mapping[str, int], width: float = 1.0,
    color: str = "#000000",
) -> None:  # fmt: skip
    """Arrows between enterprises whose stages are given, each with its goods and their value."""
    for delivery in deliveries:
        seller, buyer = on_sheet.get(delivery.supplier_id), on_sheet.get(delivery.buyer_id)
        if seller is not None and buyer is not None:
            label = f"{delivery.goods}, {figure(Decimal(delivery.value))}"
            graph.edge(delivery.supplier_id, delivery.buyer_id, label, width=width, color=color, beside=seller == buyer)


def effect_diagrams(data: FunctionalMapData, project: MapProjectData) -> list[str]:
    """The DOT sources of Əlavə 10 for one project, one a sheet: figures before (1) and after (2), new links in bold."""
    touched = {e.organisation_id: e for e in project.effects}
    names = data.names()
    made = []
    for chosen in sheets(data, touched):
        labels = {p.organisation_id: _affected(data, project, p, touched[p.organisation_id], names) for p in chosen}
        graph = _staged(data.stages, chosen, labels)
        _links(graph, data.deliveries, _stages(chosen))
        _links(graph, project.new_links, _stages(chosen), 3, _NEW)
        made.append(graph.source())
    return made


def before_and_after(
    data: FunctionalMapData, project: MapProjectData, effect: EffectData, *, final: bool
) -> tuple[Indicators, Indicators]:
    """The figures without the project's links, and with them."""
    old = [d.delivery() for d in data.deliveries]
    new = [*old, *(d.delivery() for d in project.new_links)]
    return (
        indicators(effect.before.production(effect.organisation_id, final=final), old),
        indicators(effect.after.production(effect.organisation_id, final=final), new),
    )


def effect_rows(before: Indicators, after: Indicators) -> list[tuple[str, str, str]]:
    """Letter, figure before and figure after; the letters of Əlavə 10 (Ç and D are other figures than in Əlavə 8)."""
    rows = [("A, %", before.a, after.a, 1)]
    if before.b is not None or after.b is not None:
        rows.append(("B, %", before.b, after.b, 1))
    rows += [
        ("C, %", before.c, after.c, 1),
        ("Ç, %", before.productive_share, after.productive_share, 1),
        ("D, %", before.export_share, after.export_share, 1),
    ]
    if before.cooperation is not None or after.cooperation is not None:
        rows.append(("Kkoop", before.cooperation, after.cooperation, 2))
    return [(letter, shown(one, places), shown(two, places)) for letter, one, two, places in rows]


def _affected(
    data: FunctionalMapData, project: MapProjectData, producer: ProducerData, effect: EffectData,
    names: Mapping[str, str],
) -> str:  # fmt: skip
    before, after = before_and_after(data, project, effect, final=producer.final)
    head = Row((lines(names[producer.organisation_id], _NAME, bold=True),), _FINAL if producer.final else _HEAD, 11)
    rows = [head, Row((lines(producer.product, _NAME),)), Row(("", "<B>1</B>", "<B>2</B>"), _OUTSIDE)]
    return table([*rows, *(Row(cells) for cells in effect_rows(before, after))], 3)

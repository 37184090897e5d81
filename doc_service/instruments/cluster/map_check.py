"""The rules of a functional map: everything that is named exists, and no part is larger than its whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from doc_service.domain.clusters.cooperation import Excess, excesses
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.errors import Fault
from doc_service.domain.figures import figure
from doc_service.instruments.cluster.map_data import DeliveryData, FunctionalMapData, MapProjectData


def map_faults(data: FunctionalMapData) -> Iterator[Fault]:
    """Every broken rule (003 §5.3.2–5.3.5)."""
    yield from _repeated([o.id for o in data.organisations] + [o.id for o in data.organs], "organisations")
    yield from _repeated([p.organisation_id for p in data.producers], "producers")
    known = {o.id for o in data.organisations}
    places = {o.id for o in data.organs} | {
        k.value for k in ParticipantKind if any(o.kind is k for o in data.organisations)
    }
    for n, relation in enumerate(data.relations):
        yield from _known(
            ((f"relations[{n}].source", relation.source), (f"relations[{n}].target", relation.target)), places
        )
    chain = {p.organisation_id for p in data.producers}
    yield from _producers(data, known)
    yield from _deliveries(data.deliveries, "deliveries", chain)
    yield from _known(((f"outside[{n}].organisation_id", o.organisation_id) for n, o in enumerate(data.outside)), chain)
    for n, project in enumerate(data.projects):
        yield from _project(data, project, f"projects[{n}]", known, chain)


def _repeated(ids: Sequence[str], field: str) -> Iterator[Fault]:
    for one in dict.fromkeys(i for i in ids if ids.count(i) > 1):
        yield Fault("map.repeated", field, {"id": one})


def _known(named: Iterable[tuple[str, str]], known: set[str]) -> Iterator[Fault]:
    for field, one in named:
        if one not in known:
            yield Fault("map.unknown", field, {"id": one})


def _producers(data: FunctionalMapData, known: set[str]) -> Iterator[Fault]:
    """Stages exist, and somebody makes the final product (003 §5.3.3)."""
    yield from _known(
        ((f"producers[{n}].organisation_id", p.organisation_id) for n, p in enumerate(data.producers)), known
    )
    for n, producer in enumerate(data.producers):
        if producer.stage > len(data.stages):
            yield Fault("map.stage", f"producers[{n}].stage", {"stage": producer.stage, "stages": len(data.stages)})
    if not any(p.final for p in data.producers):
        yield Fault("map.no_final", "producers")
    productions = [p.figures.production(p.organisation_id, final=p.final) for p in data.producers]
    places = {p.organisation_id: f"producers[{n}].figures" for n, p in enumerate(data.producers)}
    for excess in excesses(productions, [d.delivery() for d in data.deliveries]):
        yield _excess(excess, places[excess.id])


def _deliveries(deliveries: Sequence[DeliveryData], field: str, chain: set[str]) -> Iterator[Fault]:
    for n, delivery in enumerate(deliveries):
        ends = ((f"{field}[{n}].supplier_id", delivery.supplier_id), (f"{field}[{n}].buyer_id", delivery.buyer_id))
        yield from _known(ends, chain)
        if delivery.supplier_id == delivery.buyer_id:
            yield Fault("map.self_delivery", f"{field}[{n}].buyer_id", {"id": delivery.buyer_id})


def _project(
    data: FunctionalMapData, project: MapProjectData, field: str, known: set[str], chain: set[str]
) -> Iterator[Fault]:
    """Parties exist; the figures before and after hold with the links of their moment (Əlavə 10)."""
    yield from _known(((f"{field}.initiators[{n}]", i) for n, i in enumerate(project.initiators)), known)
    for name in ("support", "participants"):
        parties = enumerate(getattr(project, name))
        yield from _known(((f"{field}.{name}[{n}].organisation_id", p.organisation_id) for n, p in parties), known)
    yield from _repeated([e.organisation_id for e in project.effects], f"{field}.effects")
    yield from _known(
        ((f"{field}.effects[{n}].organisation_id", e.organisation_id) for n, e in enumerate(project.effects)), chain
    )
    yield from _deliveries(project.new_links, f"{field}.new_links", chain)
    old = [d.delivery() for d in data.deliveries]
    for moment, links in (("before", old), ("after", [*old, *(d.delivery() for d in project.new_links)])):
        productions = [getattr(e, moment).production(e.organisation_id, final=False) for e in project.effects]
        places = {e.organisation_id: f"{field}.effects[{n}].{moment}" for n, e in enumerate(project.effects)}
        for excess in excesses(productions, links):
            yield _excess(excess, places[excess.id])


def _excess(excess: Excess, field: str) -> Fault:
    """The field is that of the part, or of the whole where the part is a sum of deliveries."""
    name = excess.whole if excess.part in ("delivered", "bought") else excess.part
    params = {"part": excess.part, "whole": excess.whole, "value": figure(excess.value), "limit": figure(excess.limit)}
    return Fault("map.excess", f"{field}.{name}", params)

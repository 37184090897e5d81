"""The organisational scheme and the management scheme of a joint project (003 §5.3.2, §5.3.4; Əlavə 7, Əlavə 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from doc_service.domain.clusters.kinds import GROUP_TITLES, PART_TITLES, ParticipantKind
from doc_service.domain.figures import figure
from doc_service.instruments.cluster.dot import Graph, Row, lines, table
from doc_service.instruments.cluster.map_data import (
    EXPENSES,
    FunctionalMapData,
    LinkKind,
    MapOrganisationData,
    MapProjectData,
    OrganLevel,
)

NAMED_IN_SCHEME: Final = 24
"""So many organisations are named inside the scheme itself; more are listed in the table behind it."""
_ACROSS: Final = 5
_HEAD, _ORGAN, _STATE, _OUTSIDE = "#dbe5f1", "#e2efd9", "#fff2cc", "#f2f2f2"
_FILLS: Final = {
    OrganLevel.STATE: _STATE, OrganLevel.GOVERNING: _ORGAN, OrganLevel.OPERATING: _ORGAN,
    OrganLevel.OUTSIDE: _OUTSIDE,
}  # fmt: skip
LINKS: Final[Mapping[LinkKind, tuple[str, float, str]]] = {
    LinkKind.MANAGEMENT: ("solid", 2.0, "#1f3864"),
    LinkKind.INFORMATION: ("dashed", 1.0, "#595959"),
    LinkKind.SUPPLY: ("solid", 1.0, "#000000"),
    LinkKind.SUPPORT: ("dotted", 1.5, "#385723"),
}
"""Style, width and colour of the arrows; ``SUPPLY`` is the vertical link of supplier and consumer."""


def groups(data: FunctionalMapData) -> dict[ParticipantKind, list[MapOrganisationData]]:
    """The organisations by kind, in the order of the form; kinds that the cluster has not are left out."""
    found = {kind: [o for o in data.organisations if o.kind is kind] for kind in ParticipantKind}
    return {kind: listed for kind, listed in found.items() if listed}


def organisation_diagram(data: FunctionalMapData) -> str:
    """The DOT source of Əlavə 7: state bodies, organs, then the groups in rows below, outside counterparts last."""
    graph = Graph("TB", ranksep=0.55, nodesep=0.2)
    rows = [_organs(graph, data, level) for level in (OrganLevel.STATE, OrganLevel.GOVERNING, OrganLevel.OPERATING)]
    kinds = groups(data)
    named = len(data.organisations) <= NAMED_IN_SCHEME
    for part in PART_TITLES:
        listed = [kind for kind in kinds if kind.part is part]
        for start in range(0, len(listed), _ACROSS):
            row = listed[start : start + _ACROSS]
            for kind in row:
                graph.node(kind.value, _group(kind, kinds[kind], named=named))
            graph.rank([k.value for k in row])
            rows.append([k.value for k in row])
    rows.append(_organs(graph, data, OrganLevel.OUTSIDE))
    filled = [row for row in rows if row]
    for above, below in pairwise(filled):
        graph.follow(above[len(above) // 2], below[len(below) // 2])
    known = {key for row in filled for key in row}
    for relation in data.relations:
        if {relation.source, relation.target} <= known:
            style, width, color = LINKS[relation.kind]
            both = relation.kind is LinkKind.INFORMATION
            graph.edge(
                relation.source, relation.target, relation.label, style=style, width=width, color=color, both=both,
                order=False, size=8,
            )  # fmt: skip
    return graph.source()


def _organs(graph: Graph, data: FunctionalMapData, level: OrganLevel) -> list[str]:
    found = [o for o in data.organs if o.level is level]
    for organ in found:
        rows = [Row((lines(organ.name, 34, bold=True),), _FILLS[level], 10), Row((lines(organ.role, 44),), "", 8)]
        graph.node(organ.id, table(rows, 1))
    if found:
        graph.rank([o.id for o in found])
    return [o.id for o in found]


def _group(kind: ParticipantKind, listed: Sequence[MapOrganisationData], *, named: bool) -> str:
    title = GROUP_TITLES[kind].split(" (")[0]
    rows = [Row((lines(title, 34, bold=True),), _HEAD, 10), Row((f"Təşkilatların sayı: {len(listed)}",), "", 9)]
    if named:
        rows += [Row((f"{lines(o.name, 38, bold=True)}<BR/>{lines(o.role, 42)}",), "", 8) for o in listed]
    return table(rows, 1)


def project_diagram(data: FunctionalMapData, project: MapProjectData) -> str:
    """The DOT source of Əlavə 9: sources of money, the project with its initiators, expenses, support, obligations,
    results, and the exchange of reports."""
    names = data.names()
    graph = Graph("LR", ranksep=0.9)
    sources = {
        f"source {n}": table([Row((lines(s.name, 28),), _STATE), Row((_money(s.amount),))], 1)
        for n, s in enumerate(project.sources)
    }
    graph.group("Birgə layihənin maliyyələşdirilmə mənbələri", sources)
    graph.node("project", _centre(project, names))
    for key in sources:
        graph.edge(key, "project", width=2, color="#7f6000")
    _expenses(graph, project)
    _support(graph, project, names)
    _management(graph, data)
    _obligations(graph, project, names)
    results = [Row(("<B>Göstərici</B>", "<B>əvvəl</B>", "<B>sonra</B>"), _OUTSIDE)]
    results += [Row((lines(f"{r.name}, {r.unit}", 34), _plain(r.start), _plain(r.end)), "", 9) for r in project.results]
    graph.group("Səmərəliliyin əsas göstəriciləri", {"results": table(results, 3)})
    graph.edge("project", "results", style="dashed")
    return graph.source()


def _plain(amount: str) -> str:
    return figure(Decimal(amount))


def _money(amount: str) -> str:
    return f"{_plain(amount)} mln. manat"


def _centre(project: MapProjectData, names: Mapping[str, str]) -> str:
    rows = [
        Row((lines(project.name, 36, bold=True),), _HEAD, 12),
        Row(("Təşəbbüskarlar",), _OUTSIDE, 9),
        *(Row((lines(names[i], 40),)) for i in project.initiators),
        Row(("Sənaye məhsulu",), _OUTSIDE, 9),
        Row((lines(project.product, 40),)),
    ]
    return table(rows, 1)


def _expenses(graph: Graph, project: MapProjectData) -> None:
    members = {}
    for kind, title in EXPENSES.items():
        spent = [e for e in project.expenses if e.kind is kind]
        if spent:
            rows = [Row((lines(title, 34, bold=True),), _HEAD)]
            rows += [Row((lines(f"{e.name} – {_money(e.amount)}", 38),), "", 9) for e in spent]
            members[kind.value] = table(rows, 1)
    graph.group("Birgə layihə çərçivəsində xərc növləri", members)
    for key in members:
        graph.edge("project", key)


def _support(graph: Graph, project: MapProjectData, names: Mapping[str, str]) -> None:
    if not project.support:
        return
    members = {
        f"support {n}": table(
            [Row((lines(names[s.organisation_id], 32, bold=True),), _ORGAN), Row((lines(s.what, 36),), "", 9)], 1
        )
        for n, s in enumerate(project.support)
    }
    graph.group("İnfrastruktur dəstəyi", members)
    for key in members:
        graph.edge(key, "project", style="dotted", width=1.5, color="#385723")


def _obligations(graph: Graph, project: MapProjectData, names: Mapping[str, str]) -> None:
    if not project.participants:
        return
    members = {
        f"party {n}": table(
            [Row((lines(names[p.organisation_id], 32, bold=True),), _HEAD), Row((lines(p.what, 36),), "", 9)], 1
        )
        for n, p in enumerate(project.participants)
    }
    graph.group("Layihənin iştirakçıları və öhdəlikləri", members)
    for key in members:
        graph.edge("project", key, width=1.5)


def _management(graph: Graph, data: FunctionalMapData) -> None:
    """Reports go both ways between the project, the specialised organisation and the executive body (003 §5.3.4)."""
    shown = [o for o in data.organs if o.level in (OrganLevel.OPERATING, OrganLevel.STATE)]
    members = {f"organ {o.id}": table([Row((lines(o.name, 32, bold=True),), _FILLS[o.level])], 1) for o in shown}
    if members:
        graph.group("Hesabatın informasiya mübadiləsi", members)
    for key in members:
        graph.edge(key, "project", style="dashed", color="#595959", both=True)

"""Rules of the kinds of body, as data: a new kind of body is a new row here, never a new code path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from doc_service.domain.bodies import ActKind, BodyRules, Matter, Role
from doc_service.domain.errors import NotFoundError

COORDINATION_GROUP = "koordinasiya-qrupu"
FOUNDERS_MEETING = "klaster-tesis-yigincagi"
MEMBERS_MEETING = "klaster-umumi-yigincaq"
CLUSTER_ORGAN = "klaster-kollegial-orqani"

_HOUSE_RULE = "default; 003 sets no figure"
_EVERYBODY = frozenset(Role)
_DECISIONS_ONLY: Mapping[Matter, frozenset[ActKind]] = MappingProxyType(
    {matter: frozenset({ActKind.DECISION}) for matter in Matter}
)

_COORDINATION_GROUP = BodyRules(
    kind=COORDINATION_GROUP,
    quorum=(1, 2),
    ordinary_notice_days=5,
    extraordinary_notice_days=2,
    max_interval_months=6,
    acts=MappingProxyType(
        {
            Matter.ORGANISATIONAL: frozenset({ActKind.DECISION}),
            Matter.OTHER: frozenset({ActKind.PROPOSAL, ActKind.RECOMMENDATION}),
        }
    ),
    protocol_signatories=_EVERYBODY,
    clauses=MappingProxyType(
        {
            "quorum": "001 §5.9.1",
            "ordinary_notice_days": "001 §5.8",
            "extraordinary_notice_days": "001 §5.8",
            "max_interval_months": "001 §5.9.2",
            "acts": "001 §5.10",
            "protocol_signatories": "001 §5.9.5",
            "deputies": "001 §5.2",
        }
    ),
    deputies=1,
)

_FOUNDERS_MEETING = BodyRules(
    kind=FOUNDERS_MEETING,
    quorum=(1, 2),
    ordinary_notice_days=None,
    extraordinary_notice_days=None,
    max_interval_months=None,
    acts=_DECISIONS_ONLY,
    protocol_signatories=_EVERYBODY,
    clauses=MappingProxyType({"quorum": _HOUSE_RULE, "acts": "003 Əlavə 2", "protocol_signatories": "003 Əlavə 2"}),
)

_MEMBERS_MEETING = BodyRules(
    kind=MEMBERS_MEETING,
    quorum=(1, 2),
    ordinary_notice_days=None,
    extraordinary_notice_days=None,
    max_interval_months=12,
    acts=_DECISIONS_ONLY,
    protocol_signatories=frozenset({Role.HEAD}),
    clauses=MappingProxyType(
        {
            "quorum": _HOUSE_RULE,
            "max_interval_months": "003 §4.8",
            "acts": "003 §4.4",
            "protocol_signatories": _HOUSE_RULE,
        }
    ),
)

_CLUSTER_ORGAN = BodyRules(
    kind=CLUSTER_ORGAN,
    quorum=(1, 2),
    ordinary_notice_days=None,
    extraordinary_notice_days=None,
    max_interval_months=12,
    acts=_DECISIONS_ONLY,
    protocol_signatories=_EVERYBODY,
    clauses=MappingProxyType(
        {
            "quorum": _HOUSE_RULE,
            "max_interval_months": "003 Əlavə 13 §7.1",
            "acts": "003 Əlavə 13 §7.1",
            "protocol_signatories": _HOUSE_RULE,
        }
    ),
)

BODY_KINDS: Mapping[str, BodyRules] = MappingProxyType(
    {rules.kind: rules for rules in (_COORDINATION_GROUP, _FOUNDERS_MEETING, _MEMBERS_MEETING, _CLUSTER_ORGAN)}
)


def rules_for(kind: str) -> BodyRules:
    """The default rules of a kind of body; raises ``NotFoundError`` "body.unknown_kind", naming the known kinds.

    A body may be registered with ``dataclasses.replace``-d rules, e.g. notice days that its charter sets.
    """
    try:
        return BODY_KINDS[kind]
    except KeyError:
        raise NotFoundError("body.unknown_kind", "kind", kind=kind, known=", ".join(BODY_KINDS)) from None

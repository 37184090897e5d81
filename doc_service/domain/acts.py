"""Which acts a matter allows: decisions on organisational matters, proposals and recommendations on the others."""

from __future__ import annotations

from doc_service.domain.bodies import ActKind, BodyRules, Matter


def allowed_acts(rules: BodyRules, matter: Matter) -> frozenset[ActKind]:
    """The act kinds the body may adopt on ``matter`` (001 §5.10); empty when its rules name none."""
    return rules.acts.get(matter, frozenset())


def act_allowed(rules: BodyRules, matter: Matter, kind: ActKind) -> bool:
    """Whether an act of this kind may be put to the vote on this matter (001 §5.10)."""
    return kind in allowed_acts(rules, matter)

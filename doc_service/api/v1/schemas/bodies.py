"""Collegial bodies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, View
from doc_service.api.v1.schemas.people import PERSON_EXAMPLE, PersonInput, PersonView, person_view
from doc_service.domain.bodies import Body, BodyRules, Membership, Role
from doc_service.domain.body_kinds import rules_for
from doc_service.instruments.fields import Identifier, Line


class MemberInput(Input):
    """A seat from ``since`` until and including ``until`` (null: open)."""

    person: PersonInput
    role: Role
    since: date
    until: date | None = None

    def to_domain(self) -> Membership:
        return Membership(self.person.to_domain(), self.role, self.since, self.until)


class BodyInput(Input):
    """A body to register. Its rules are those of its ``kind``; notice days may be set by its charter."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "koordinasiya-qrupu",
                    "kind": "koordinasiya-qrupu",
                    "name": "KOB klasterlərinin fəaliyyətinin əlaqələndirilməsi üzrə Koordinasiya Qrupu",
                    "short_name": "Koordinasiya Qrupu",
                    "parent_organisation": "KOBİA",
                    "unit": "3-21-5",
                    "place": "Bakı şəhəri",
                    "members": [{"person": PERSON_EXAMPLE, "role": "head", "since": "2024-02-01", "until": None}],
                    "secretary": {**PERSON_EXAMPLE, "id": "katib", "fin": "7KM2X1Z"},
                }
            ]
        }
    )

    id: Identifier
    kind: Identifier = Field(description="koordinasiya-qrupu, klaster-tesis-yigincagi, …")
    name: Line
    short_name: Line
    parent_organisation: Line
    unit: Line = Field(description="Index of its secretariat in record keeping, e.g. 3-21-5")
    place: Line
    members: tuple[MemberInput, ...] = Field(min_length=1, max_length=500)
    secretary: PersonInput
    ordinary_notice_days: int | None = Field(default=None, ge=0, le=365)
    extraordinary_notice_days: int | None = Field(default=None, ge=0, le=365)

    def to_domain(self) -> Body:
        """Raises ``NotFoundError`` "body.unknown_kind"."""
        return Body(
            id=self.id,
            name=self.name,
            short_name=self.short_name,
            parent_organisation=self.parent_organisation,
            unit=self.unit,
            place=self.place,
            rules=self._rules(),
            members=tuple(m.to_domain() for m in self.members),
            secretary=self.secretary.to_domain(),
        )

    def _rules(self) -> BodyRules:
        """Figures of the body's own rest on no clause of the kind's rules."""
        rules = rules_for(self.kind)
        if self.ordinary_notice_days is not None:
            clauses = {**rules.clauses, "ordinary_notice_days": ""}
            rules = replace(rules, ordinary_notice_days=self.ordinary_notice_days, clauses=clauses)
        if self.extraordinary_notice_days is not None:
            clauses = {**rules.clauses, "extraordinary_notice_days": ""}
            rules = replace(rules, extraordinary_notice_days=self.extraordinary_notice_days, clauses=clauses)
        return rules


class MemberView(View):
    person: PersonView
    role: Role
    since: date
    until: date | None


class RulesView(View):
    """The rules with the clauses that they rest on."""

    kind: str
    quorum_more_than: str = Field(description="Share of the members that must be exceeded, e.g. 1/2")
    ordinary_notice_days: int | None
    extraordinary_notice_days: int | None
    max_interval_months: int | None
    clauses: dict[str, str]


class BodySummary(View):
    id: str
    name: str
    short_name: str
    parent_organisation: str
    unit: str
    place: str
    kind: str
    members: int


class BodyView(View):
    id: str
    name: str
    short_name: str
    parent_organisation: str
    unit: str
    place: str
    rules: RulesView
    members: list[MemberView]
    secretary: PersonView
    version: int


def body_summary(body: Body) -> BodySummary:
    return BodySummary(
        id=body.id,
        name=body.name,
        short_name=body.short_name,
        parent_organisation=body.parent_organisation,
        unit=body.unit,
        place=body.place,
        kind=body.rules.kind,
        members=len(body.members),
    )


def body_view(body: Body, *, personal: bool) -> BodyView:
    rules = body.rules
    return BodyView(
        id=body.id,
        name=body.name,
        short_name=body.short_name,
        parent_organisation=body.parent_organisation,
        unit=body.unit,
        place=body.place,
        rules=RulesView(
            kind=rules.kind,
            quorum_more_than=f"{rules.quorum[0]}/{rules.quorum[1]}",
            ordinary_notice_days=rules.ordinary_notice_days,
            extraordinary_notice_days=rules.extraordinary_notice_days,
            max_interval_months=rules.max_interval_months,
            clauses=dict(rules.clauses),
        ),
        members=[
            MemberView(person=person_view(m.person, personal=personal), role=m.role, since=m.since, until=m.until)
            for m in body.members
        ],
        secretary=person_view(body.secretary, personal=personal),
        version=body.version,
    )

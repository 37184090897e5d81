"""What a body's secretariat writes around its meetings: notices, agendas, now and then a letter.

All of it has one signatory, so that a document costs one signature; everything else about it is as for a protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from doc_service.bootstrap import Container
from doc_service.demo.scenario import Scenario, build_scenario
from doc_service.domain.civil_time import baku_date
from doc_service.domain.meetings import Meeting
from doc_service.domain.people import Person
from doc_service.domain.registration import Journal
from doc_service.domain.visas import VisaAction
from doc_service.instruments.people_data import person_dict
from doc_service.services.draft_document import DraftRequest

ACTOR = "katiblik"
LAWYER = "huquq"
_CYCLE = (*("kq-bildiris",) * 8, "kq-gundelik", "kq-mektub")
"""A meeting's papers: eight notices, its agenda, one letter."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to be: its id names its place in the data set, so that a repeated run finds it again."""

    id: str
    instrument: str
    meeting_id: str
    data: Mapping[str, Any]


class Papers:
    """The documents of one body, the same for the same number on the same day."""

    def __init__(self, service: Container, today: date | None = None) -> None:
        self._service = service
        self.scenario: Scenario = build_scenario(service.protocol, today or baku_date(service.work.clock.now()))
        self._members = [m.person for m in self.scenario.body.members]

    def begin(self) -> None:
        """Body and journals, once for the data set; safe to repeat."""
        use, registry = self._service.use_cases, self._service.registry
        use.register_body(self.scenario.body, ACTOR)
        for name in sorted(set(_CYCLE)):
            instrument = registry.get(name)
            journal = Journal(instrument.journal, instrument.journal_title, self.scenario.body.unit)
            use.open_journal(journal, ACTOR)

    def signatories(self) -> tuple[Person, ...]:
        """Everybody who signs something in the data set."""
        return (self.scenario.body.secretary, self._members[0])

    def paper(self, number: int) -> Paper:
        """The document with this number, from 0."""
        round_, place = divmod(number, len(_CYCLE))
        meeting = self._meeting(round_)
        name = _CYCLE[place]
        return Paper(f"paper-{number:07d}", name, meeting.id, self._data(name, meeting, number))

    def enter(self, number: int) -> str:
        """From data to a number in the journal; returns the document's id."""
        name = self.approve(number)
        self._service.use_cases.register_document(name, ACTOR)
        return name

    def approve(self, number: int) -> str:
        """Convenes the meeting, drafts, submits and grants the visas; returns the document's id."""
        use, paper = self._service.use_cases, self.paper(number)
        use.convene_meeting(self._meeting(number // len(_CYCLE)), ACTOR)
        request = DraftRequest(paper.id, paper.instrument, self.scenario.body.id, paper.meeting_id, paper.data)
        use.draft_document(request, ACTOR)
        use.submit_document(paper.id, ACTOR)
        with self._service.work.uow.reading() as uow:
            units = [visa.unit for visa in uow.visas.of_document(paper.id)]
        for unit in units:
            use.decide_visa(paper.id, unit, VisaAction.GRANT, LAWYER)
        return paper.id

    def _meeting(self, round_: int) -> Meeting:
        convened = self.scenario.convened
        return replace(convened, id=f"dataset-{round_:06d}", number=round_ + 1)

    def _data(self, name: str, meeting: Meeting, number: int) -> Mapping[str, Any]:
        body, registry = self.scenario.body, self._service.registry
        instrument: Any = registry.get(name)
        if name == "kq-bildiris":
            return dict(instrument.from_meeting(body, meeting, self._members[number % len(self._members)].id))
        if name == "kq-gundelik":
            return dict(instrument.from_meeting(body, meeting))
        data = deepcopy(dict(instrument.sample()))
        organisation = self._members[1 + number // len(_CYCLE) % (len(self._members) - 1)].organisation
        data.update(kind="ordinary", recommendation=None, subject=f"Sorğu № {number}")
        data["addressee"]["organisation"] = organisation
        data["signatory"]["person"] = dict(person_dict(self._members[0]))
        return data

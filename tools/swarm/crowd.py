"""An invented body of any size, and its meeting, made from the sample."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from doc_service.bootstrap import Container
from doc_service.demo.scenario import Scenario, build_scenario
from doc_service.domain.bodies import Membership, Role
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.meetings import Attendance, Choice, ItemRecord, Presence, Vote
from doc_service.domain.people import Person, PersonName
from doc_service.domain.principals import AccountRole
from doc_service.domain.visas import VisaAction
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.services.access.open_account import NewAccount
from doc_service.services.draft_document import DraftRequest

SECRETARIAT, LAWYER = "suru-katiblik", "suru-huquq"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SURNAMES = (
    "Əliyev",
    "Quliyev",
    "Həsənov",
    "Şükürov",
    "İbrahimov",
    "Ağayev",
    "Çobanov",
    "Nəsirov",
    "Özbəkov",
    "Ülviyev",
)
_GIVEN = ("Elçin", "Rəşad", "Tural", "Vüqar", "Ceyhun", "Samir", "İlqar", "Orxan")


@dataclass(frozen=True, slots=True)
class Crowd:
    """``people``: the members, the head first; all of them attend and sign."""

    scenario: Scenario
    people: tuple[Person, ...]


def crowd(size: int, today: date) -> Crowd:
    """A body of ``size`` members, everybody present and in favour of everything."""
    base = build_scenario(kq_protokol(BODY_KINDS), today)
    sample = base.body.members
    members = tuple(_member(sample[n % len(sample)], n) for n in range(size))
    attendance = tuple(Attendance(m.person.id, Presence.PRESENT, None, "") for m in members)
    items = tuple(_settled(item, members) for item in base.record.items)
    agenda = tuple(replace(a, reporter_id=members[0].person.id) for a in base.convened.agenda)
    body, convened = replace(base.body, members=members), replace(base.convened, agenda=agenda)
    record = replace(base.record, attendance=attendance, items=items)
    return Crowd(replace(base, body=body, convened=convened, record=record), tuple(m.person for m in members))


def _member(model: Membership, number: int) -> Membership:
    if number < 2:
        return model
    person_id = f"kq-{number + 1:02d}"
    digest = hashlib.sha256(person_id.encode()).digest()
    name = PersonName(_SURNAMES[number % 10], _GIVEN[number // 10 % 8], "Namiq oğlu")
    fin = "".join(_ALPHABET[b % len(_ALPHABET)] for b in digest[:7])
    person = replace(model.person, id=person_id, name=name, fin=fin, email=f"{person_id}@klaster.example")
    return replace(model, person=person, role=Role.MEMBER)


def _settled(item: ItemRecord, members: tuple[Membership, ...]) -> ItemRecord:
    votes = tuple(Vote(m.person.id, Choice.FOR) for m in members) if item.votes else ()
    return replace(item, votes=votes, speakers=())


def enter(service: Container, group: Crowd, documents: int) -> list[str]:
    """Body, accounts and registered protocols; their ids."""
    use, scenario = service.use_cases, group.scenario
    use.register_body(scenario.body, SECRETARIAT)
    use.open_journal(scenario.journal, SECRETARIAT)
    for person in group.people:
        given = NewAccount(
            login=person.id, display_name=person.name.full, roles=frozenset({AccountRole.MEMBER}),
            person_id=person.id, fin=person.fin, email=person.email,
        )  # fmt: skip
        service.access.open_account(given, SECRETARIAT)
    return [_protocol(service, scenario, number) for number in range(documents)]


def _protocol(service: Container, scenario: Scenario, number: int) -> str:
    use, name = service.use_cases, f"suru-{number:04d}"
    convened = replace(scenario.convened, id=f"suru-iclas-{number:04d}", number=number + 1)
    use.convene_meeting(convened, SECRETARIAT)
    use.record_meeting(convened.id, scenario.record, SECRETARIAT)
    with service.work.uow.reading() as uow:
        body, meeting = uow.bodies.get(scenario.body.id), uow.meetings.get(convened.id)
    data = service.protocol.from_meeting(body, meeting)
    use.draft_document(DraftRequest(name, "kq-protokol", body.id, meeting.id, data), SECRETARIAT)
    use.submit_document(name, SECRETARIAT)
    with service.work.uow.reading() as uow:
        units = [visa.unit for visa in uow.visas.of_document(name)]
    for unit in units:
        use.decide_visa(name, unit, VisaAction.GRANT, LAWYER)
    use.register_document(name, SECRETARIAT)
    return name

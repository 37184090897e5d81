"""Who is told what and how often, in which language, and that nothing goes along that may not travel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.domain.accounts import Account
from doc_service.domain.announcements import ANNOUNCED
from doc_service.domain.audit_events import Action
from doc_service.domain.bodies import Body
from doc_service.domain.documents import DocumentState, Registration
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.notices import Channel, NoticeKind
from doc_service.domain.people import PersonName
from doc_service.domain.principals import AccountRole
from doc_service.domain.short_messages import MOST_SEGMENTS, segments
from doc_service.domain.signatures import RequestState
from doc_service.instruments.registry import default_registry
from doc_service.jobs.executor import JobExecutor
from doc_service.jobs.policy import RetryPolicy
from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.notify.folder import FolderMailer
from doc_service.notify.sms_folder import FolderSms
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.announce import Announce
from doc_service.services.base import Workspace
from doc_service.services.notice_text import About, NoticeText
from doc_service.services.plan_deadline_notices import PlanDeadlineNotices
from doc_service.services.send_notice import SendNotice
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock
from tests.notify.mails import ORIGIN, read
from tests.persistence import samples
from tests.persistence.engines import ENGINES

MORNING = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 20, 13, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://imza.kobia.example/"
SECRET_TITLE = "Məhdud məsələ haqqında"
CHANNELS = frozenset(Channel)


@dataclass
class Office:
    """A body whose secretary is "katib", a document "d" of it, and everything that tells persons."""

    engine: Engine
    folder: Path

    def __post_init__(self) -> None:
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.clock = SettableClock(MORNING)
        self.work = Workspace(self.units, self.clock, RandomIds(), ANNOUNCED)
        body: Body = samples.body()
        secretary = replace(samples.person(2), id="katib", email="katib@kobia.example")
        with self.units() as unit:
            unit.bodies.add(replace(body, secretary=secretary))
            unit.commit()
        self.document("d")

    def document(self, name: str, *, restricted: bool = False) -> None:
        data = {"items": [{"restricted": restricted}]}
        registration = Registration("KQ", f"3-21-5/{name}/2026", date(2026, 3, 1))
        paper = samples.document(name, title=SECRET_TITLE)
        paper = replace(paper, state=DocumentState.SIGNING, registration=registration, data=data)
        with self.units() as unit:
            unit.documents.add(paper)
            unit.documents.add_revision(samples.revision(0, name))
            unit.commit()

    def ask(
        self, person: str, state: RequestState = RequestState.OPEN, *, order: int = 1, due: datetime | None = None,
        document: str = "d",
    ) -> str:  # fmt: skip
        name = PersonName("Gizlinzadə", "Günel", "Gizlin qızı")
        signer = replace(samples.person(), id=person, name=name, email=f"{person}@qurum.example")
        opened = None if state is RequestState.WAITING else MORNING
        request = replace(
            samples.request(f"{document}-{person}", order, document), signer=signer, state=state, opened_at=opened,
            due_at=due, reason="razı deyiləm" if state is RequestState.DECLINED else "",
        )  # fmt: skip
        with self.units() as unit:
            unit.signatures.add(request)
            unit.commit()
        return request.id

    def account(self, person: str, *, language: str = "az", email: str = "", phone: str = "") -> None:
        account = Account(
            f"a-{person}", f"{person}.login", "Günel G.", frozenset({AccountRole.MEMBER}), MORNING, language, email,
            person_id=person, phone=phone,
        )  # fmt: skip
        with self.units() as unit:
            unit.accounts.add(account)
            unit.commit()

    def change(self, request_id: str, **changes: object) -> None:
        with self.units() as unit:
            unit.signatures.save(replace(unit.signatures.get(request_id), **changes))  # type: ignore[arg-type]
            unit.commit()

    def state(self, state: DocumentState, document: str = "d") -> None:
        with self.units() as unit:
            unit.documents.save(replace(unit.documents.get(document), state=state))
            unit.commit()

    def happen(self, action: Action, document: str = "d", **details: object) -> None:
        with self.units() as unit:
            self.work.record(unit, "p9", action, ("document", document), details)
            unit.commit()
        self.run()

    def run(self) -> None:
        sender = SendNotice(self.work, default_registry(), text(), self.mailer(), FolderSms(self.folder / "sms"))
        handlers = {JobKind.ANNOUNCE: Announce(self.work, CHANNELS), JobKind.NOTICE: sender}
        policy = RetryPolicy(max_attempts=3)
        executor = JobExecutor(self.units, handlers, self.clock, RandomIds(), jitter=lambda: 0.0, policy=policy)
        while executor.run_next():
            pass

    def mailer(self) -> FolderMailer:
        return FolderMailer(self.folder / "mail", ORIGIN)

    def deadlines(self) -> None:
        PlanDeadlineNotices(self.work, CHANNELS, DAY)()
        self.run()

    def mails(self) -> list[EmailMessage]:
        return [read(p.read_bytes()) for p in sorted((self.folder / "mail").glob("*.eml"))]

    def told(self) -> list[tuple[str, str]]:
        """(person, first words of the subject), in any order."""
        return sorted((str(m["To"]).partition("@")[0], str(m["Subject"]).partition(" / ")[0]) for m in self.mails())

    def short(self) -> list[dict[str, object]]:
        return [json.loads(p.read_text(encoding="utf-8")) for p in sorted((self.folder / "sms").glob("*.json"))]

    def events(self) -> list[dict[str, object]]:
        with self.units.reading() as unit:
            found = unit.audit.of_subject("document", "d")
        return [dict(e.details) for e in found if e.action in (Action.NOTICE_SENT, Action.NOTICE_FAILED)]


def text() -> NoticeText:
    return NoticeText([Catalog(language) for language in LANGUAGES], URL, "xidmet@kobia.example")


@pytest.fixture(params=sorted(ENGINES))
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield Office(engine, tmp_path)
    engine.dispose()


ASKED = "Sənəd imzanızı gözləyir"


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def calendar_of(mail: EmailMessage) -> str:
    parts = [p for p in mail.iter_attachments() if p.get_content_type() == "text/calendar"]
    if not parts:
        return ""
    (part,) = parts
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert b"\r\n" in payload
    assert part.get_param("method") in payload.decode()
    return payload.decode().replace("\r\n ", "")


# Who is told


def test_everybody_whose_turn_it_is_is_asked_once(office: Office) -> None:
    office.ask("nigar")
    office.ask("rauf")
    later = office.ask("orxan", RequestState.WAITING, order=2)
    office.happen(Action.SIGNING_OPENED)
    assert office.told() == [("nigar", ASKED), ("rauf", ASKED)]
    office.change(later, state=RequestState.OPEN, opened_at=MORNING + HOUR)
    office.happen(Action.SIGNATURE_COMPLETED, request="d-nigar")
    office.happen(Action.SIGNATURE_COMPLETED, request="d-rauf")
    assert office.told() == [("nigar", ASKED), ("orxan", ASKED), ("rauf", ASKED)]


def test_asked_again_is_told_again(office: Office) -> None:
    request = office.ask("nigar")
    office.happen(Action.SIGNING_OPENED)
    office.change(request, opened_at=MORNING + DAY)
    office.happen(Action.SIGNATURE_REOPENED, request=request)
    assert office.told() == [("nigar", ASKED)] * 2
    assert len({m["Message-ID"] for m in office.mails()}) == 2


def test_who_signed_meanwhile_is_told_nothing(office: Office) -> None:
    request = office.ask("nigar")
    with office.units() as unit:
        office.work.record(unit, "p9", Action.SIGNING_OPENED, ("document", "d"))
        unit.commit()
        (job,) = unit.jobs.pending()
    Announce(office.work, CHANNELS)(job)
    office.change(request, state=RequestState.SIGNED)
    office.run()
    assert office.told() == []


def test_a_refusal_is_told_to_the_secretary_alone(office: Office) -> None:
    office.ask("nigar")
    request = office.ask("rauf", RequestState.DECLINED)
    office.state(DocumentState.REFUSED)
    office.happen(Action.SIGNATURE_DECLINED, request=request, reason="razı deyiləm")
    assert office.told() == [("katib", "Sənədin imzalanmasından imtina edilib")]


def test_a_withdrawal_is_told_to_all_who_were_asked(office: Office) -> None:
    office.ask("nigar", RequestState.WITHDRAWN)
    office.ask("rauf", RequestState.SIGNED)
    office.ask("orxan", RequestState.WAITING)
    office.state(DocumentState.WITHDRAWN)
    office.happen(Action.DOCUMENT_WITHDRAWN)
    assert [who for who, _ in office.told()] == ["nigar", "rauf"]


def test_the_end_is_told_to_signers_and_secretary(office: Office) -> None:
    office.ask("nigar", RequestState.SIGNED)
    office.state(DocumentState.IN_FORCE)
    office.happen(Action.DOCUMENT_IN_FORCE)
    assert [who for who, _ in office.told()] == ["katib", "nigar"]


def test_a_substitution_is_told_to_both(office: Office) -> None:
    request = office.ask("orxan")
    office.account("nigar", email="nigar@qurum.example")
    office.happen(Action.SIGNATURE_TRANSFERRED, **{"request": request, "from": "nigar", "to": "orxan"})
    assert office.told() == [("nigar", "Sizin əvəzinizə başqa şəxs imzalayır"), ("orxan", ASKED)]


def test_deadlines_are_told_before_and_after_and_once(office: Office) -> None:
    office.ask("nigar", due=DUE)
    office.ask("rauf", RequestState.SIGNED, due=DUE)
    office.deadlines()
    assert office.told() == []
    office.clock.at = DUE - DAY
    office.deadlines()
    office.clock.at = DUE - HOUR
    office.deadlines()
    assert [who for who, _ in office.told()] == ["nigar"]
    office.clock.at = DUE
    office.deadlines()
    office.clock.at = DUE + DAY
    office.deadlines()
    assert [who for who, _ in office.told()] == ["katib", "nigar", "nigar"]


def test_a_deadline_that_moved_is_another_one(office: Office) -> None:
    request = office.ask("nigar", due=DUE)
    office.clock.at = DUE - HOUR
    office.deadlines()
    office.change(request, due_at=DUE + 5 * DAY)
    office.happen(Action.SIGNING_DEADLINE_SET, requests=[request])
    office.clock.at = DUE + 5 * DAY - HOUR
    office.deadlines()
    assert len(office.told()) == 3


# Calendar


def test_the_deadline_travels_as_a_calendar_that_is_changed_and_cancelled(office: Office) -> None:
    request = office.ask("nigar", due=DUE)
    office.happen(Action.SIGNING_OPENED)
    office.change(request, due_at=DUE + DAY)
    office.happen(Action.SIGNING_DEADLINE_SET, requests=[request])
    office.change(request, state=RequestState.WITHDRAWN)
    office.state(DocumentState.WITHDRAWN)
    office.happen(Action.DOCUMENT_WITHDRAWN)
    calendars = {}
    for mail in office.mails():
        calendars[str(mail["Subject"]).partition(" / ")[0]] = calendar_of(mail)
    first, moved, gone = (
        calendars[s] for s in (ASKED, "Sənədin imzalanması üçün müddət müəyyən edilib", "Sənəd geri götürülüb")
    )

    def line(calendar: str, name: str) -> str:
        (found,) = [x.partition(":")[2] for x in calendar.splitlines() if x.startswith(name + ":")]
        return found

    assert len({line(c, "UID") for c in (first, moved, gone)}) == 1
    assert [line(c, "METHOD") for c in (first, moved, gone)] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [line(c, "STATUS") for c in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    numbers = [int(line(c, "SEQUENCE")) for c in (first, moved, gone)]
    assert numbers == sorted(set(numbers))
    assert (line(first, "DTSTART"), line(moved, "DTSTART")) == ("20260320T123000Z", "20260321T123000Z")
    assert line(first, "ORGANIZER") == "mailto:xidmet@kobia.example"


def test_without_a_deadline_there_is_no_calendar(office: Office) -> None:
    office.ask("nigar")
    office.happen(Action.SIGNING_OPENED)
    (mail,) = office.mails()
    assert not mail.is_multipart()


# Language, address, telephone


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_and_address_of_the_account_come_first(office: Office, language: str) -> None:
    office.ask("nigar")
    office.account("nigar", language=language, email="yeni@qurum.example")
    office.happen(Action.SIGNING_OPENED)
    (mail,) = office.mails()
    assert str(mail["To"]) == "yeni@qurum.example"
    assert str(mail["Subject"]) == Catalog(language).text("notice.asked.subject")
    assert mail["Content-Language"] == language


def test_without_an_account_both_languages_stand_in_the_letter(office: Office) -> None:
    office.ask("nigar")
    office.happen(Action.SIGNING_OPENED)
    (mail,) = office.mails()
    for language in LANGUAGES:
        assert Catalog(language).text("notice.asked.subject") in str(mail["Subject"])


def test_urgent_notices_go_to_the_telephone_too(office: Office) -> None:
    """002 §6.1.7: to cabinet, e-mail and mobile."""
    office.ask("nigar")
    office.ask("rauf")
    office.account("nigar", phone="+994501234567", language="en")
    office.happen(Action.SIGNING_OPENED)
    (message,) = office.short()
    assert message == {"to": "+994501234567", "text": f"A document awaits your signature. {URL}", "segments": 1}
    assert len(office.mails()) == 2
    office.state(DocumentState.IN_FORCE)
    office.change("d-nigar", state=RequestState.SIGNED)
    office.happen(Action.DOCUMENT_IN_FORCE)
    assert len(office.short()) == 1


def test_whoever_has_no_address_holds_up_nobody(office: Office) -> None:
    request = office.ask("nigar")
    with office.units() as unit:
        found = unit.signatures.get(request)
        unit.signatures.save(replace(found, signer=replace(found.signer, email="")))
        unit.commit()
    office.ask("rauf")
    office.happen(Action.SIGNING_OPENED)
    assert [who for who, _ in office.told()] == ["rauf"]
    with office.units.reading() as unit:
        assert not unit.jobs.pending()


# What is kept and what travels


def test_a_notice_is_recorded_with_ids_only_and_not_sent_again(office: Office) -> None:
    office.ask("nigar")
    office.happen(Action.SIGNING_OPENED)
    (event,) = office.events()
    assert event == {
        "notice": "asked", "channel": "mail", "person": "nigar", "request": "d-nigar",
        "occasion": "2026-03-09T05:00:00.000000Z",
    }  # fmt: skip
    (mail,) = (office.folder / "mail").glob("*.eml")
    mail.unlink()
    sender = SendNotice(office.work, default_registry(), text(), office.mailer(), None)
    payload = {**event, "document_id": "d", "request_id": "d-nigar", "person_id": "nigar"}
    sender(Job("again", JobKind.NOTICE, "again", MORNING, payload))  # type: ignore[arg-type]
    assert not office.mails()


def test_nothing_confidential_travels(office: Office) -> None:
    """Neither title nor name nor FİN nor digest nor reason nor any id; of a restricted document not even its kind."""
    office.document("m", restricted=True)
    for document in ("d", "m"):
        office.ask("nigar", due=DUE, document=document)
        office.ask("rauf", RequestState.DECLINED, document=document)
        office.happen(Action.SIGNING_OPENED, document)
        office.happen(Action.SIGNATURE_DECLINED, document, request=f"{document}-rauf", reason="razı deyiləm")
    mails = office.mails()
    assert len(mails) == 4
    for mail in mails:
        seen = f"{mail['Subject']}\n{body_of(mail)}\n{calendar_of(mail)}"
        for hidden in (
            SECRET_TITLE,
            "Məhdud məsələ",
            "Gizlin",
            "5Z7A1B2",
            "cd" * 8,
            "razı deyiləm",
            "d-nigar",
            "d-rauf",
        ):
            assert hidden not in seen, hidden
        assert URL in seen
    restricted = [m for m in mails if "3-21-5/d/2026" not in body_of(m)]
    assert len(restricted) == 2
    for mail in restricted:
        assert "3-21-5" not in body_of(mail)
        assert "rotokol" not in body_of(mail)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_its_texts(kind: NoticeKind, language: str) -> None:
    about = About({"az": "Protokol", "en": "Minutes"}, "1", DUE)
    texts = text()
    for written in (texts.subject(kind, language), texts.body(kind, about, language)):
        assert "{" not in written
    assert len(texts.subject(kind, "")) < 150


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("url", [URL, "https://" + "a" * 50 + ".example/imza/", "https://" + "a" * 200 + ".example/"])
def test_short_messages_stay_short(language: str, url: str) -> None:
    texts = NoticeText([Catalog(x) for x in LANGUAGES], url, "a@b.example")
    for kind in ("asked", "due_soon", "overdue", "withdrawn", "substituted"):
        written = texts.sms(NoticeKind(kind), language)
        assert 0 < segments(written) <= MOST_SEGMENTS
        assert "{" not in written


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("ə" * 70, 1), ("ə" * 71, 2), ("ə" * 134, 2), ("ə" * 135, 3), ("a" * 69 + "ı", 1), ("a" * 70 + "ş", 2),
        ("Çöü" * 50, 1), ("ç" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_azerbaijani_letters_halve_a_message(written: str, parts: int) -> None:
    assert segments(written) == parts

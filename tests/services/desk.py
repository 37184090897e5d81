"""Use cases of signing over a real database and archive, with stand-ins for what makes files and keys, and a clock
moved by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from doc_service.demo.scenario import Scenario, build_scenario
from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.documents import Document, DocumentState, Registration, TemplateRef
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.meetings import Attendance, MeetingState, Presence
from doc_service.domain.people import Person, PersonName
from doc_service.domain.signatures import PreparedSigning, SignatureRequest
from doc_service.domain.signing_queue import QueuePatience
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.instruments.registry import Registry
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.complete_signature import CompleteSignature
from doc_service.services.consent_to_sign import ConsentToSign
from doc_service.services.decline_signature import DeclineSignature
from doc_service.services.end_substitution import EndSubstitution
from doc_service.services.final_copy import FinalCopy
from doc_service.services.go_on_without import GoOnWithout
from doc_service.services.place_in_queue import PlaceInQueue
from doc_service.services.policy import SigningPolicy
from doc_service.services.prepare_signature import PrepareSignature
from doc_service.services.record_substitution import RecordSubstitution
from doc_service.services.render_document import RenderDocument
from doc_service.services.reopen_request import ReopenRequest
from doc_service.services.resend_request import ResendRequest
from doc_service.services.set_deadline import OverdueRequests, SetDeadline
from doc_service.services.show_document import ShowDocument
from doc_service.services.signing_record import ReadSigningRecords
from doc_service.services.transfer_requests import TransferRequests
from doc_service.services.withdraw_document import WithdrawDocument
from doc_service.system import RandomIds
from signing.api import Level
from storage.filesystem import FilesystemStore
from tests.jobs.clocks import SettableClock
from tests.services.standins_signing import (
    TEMPLATE_SHA256,
    FinChecker,
    HashEngine,
    TextRenderer,
    certificate_of,
    sign,
    signed_lines,
)

MORNING = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SECRETARY = "katib"
LEASE = timedelta(seconds=120)


@dataclass
class Desk:
    """``stands_without``: the instrument's rule about somebody who declines."""

    engine: Engine
    directory: Path
    stands_without: bool = False
    queue: QueuePatience = field(default_factory=QueuePatience)
    clock: SettableClock = field(default_factory=lambda: SettableClock(MORNING))

    def __post_init__(self) -> None:
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.work = work = Workspace(self.units, self.clock, RandomIds())
        self.store = store = FilesystemStore(self.directory / "archive", self.clock)
        self.policy = policy = SigningPolicy(
            Level.B_B, Level.B_B, LEASE, development=True, leases={"key": timedelta(seconds=15)}, queue=self.queue
        )
        self.instrument: AnyInstrument = replace(kq_protokol(BODY_KINDS), stands_without_declined=self.stands_without)
        self.registry = registry = Registry([self.instrument])
        self.renderer = TextRenderer()
        signer, checker = HashEngine(), FinChecker()
        self.show = ShowDocument(work, store)
        self.consent = ConsentToSign(work)
        self.prepare = PrepareSignature(work, store, signer, checker, policy)
        self.complete = CompleteSignature(work, store, signer, checker)
        self.decline = DeclineSignature(work)
        self.reopen = ReopenRequest(work)
        self.go_on_without = GoOnWithout(work, registry)
        self.withdraw = WithdrawDocument(work)
        self.deadline, self.overdue = SetDeadline(work), OverdueRequests(work)
        self.resend = ResendRequest(work, policy)
        self.place = PlaceInQueue(work, policy)
        self.substitute, self.end_substitution = RecordSubstitution(work), EndSubstitution(work)
        self.transfer = TransferRequests(work, registry, self.renderer, store)
        self.render = RenderDocument(work, registry, self.renderer, store)
        self.records, self.final = ReadSigningRecords(work), FinalCopy(work, store)
        self.scenario: Scenario = build_scenario(kq_protokol(BODY_KINDS), TODAY)

    def open(
        self, members: int = 4, name: str = "doc", delegate: Attendance | None = None, **changes: Any
    ) -> list[SignatureRequest]:
        """A protocol signed by the head, the deputy, then the other members together; its requests."""
        chosen = self.scenario.body.members[:members]
        body = replace(self.scenario.body, id=f"body-{name}", members=chosen)
        ids = [m.person.id for m in chosen]
        meeting = replace(
            self.scenario.convened,
            id=f"meeting-{name}",
            body_id=body.id,
            agenda=tuple(replace(a, reporter_id=ids[0]) for a in self.scenario.convened.agenda),
            attendance=tuple(
                delegate if delegate and i == delegate.member_id else Attendance(i, Presence.PRESENT) for i in ids
            ),
            items=tuple(
                replace(item, speakers=(), votes=tuple(v for v in item.votes if v.voter_id in ids))
                for item in self.scenario.record.items
            ),
            closes_at=self.scenario.record.closes_at,
            state=MeetingState.HELD,
        )
        data = kq_protokol(BODY_KINDS).from_meeting(body, meeting)
        document = Document(
            id=name, instrument="kq-protokol", title="Protokol", body_id=body.id, meeting_id=meeting.id, data=data,
            template=TemplateRef("kq-protokol.v1", TEMPLATE_SHA256), case_index="KQ-01", created_at=self.clock.now(),
            state=DocumentState.REGISTERED, registration=Registration("KQ-P", f"3-21-5/{name}", TODAY),
            signature_level="B-B", final_level="B-B",
        )  # fmt: skip
        with self.units() as unit:
            unit.bodies.add(body)
            unit.meetings.add(meeting)
            unit.documents.add(replace(document, **changes))
            unit.commit()
        self.render(name)
        return self.requests(name)

    def document(self, name: str = "doc") -> Document:
        with self.units.reading() as unit:
            return unit.documents.get(name)

    def requests(self, name: str = "doc") -> list[SignatureRequest]:
        with self.units.reading() as unit:
            return list(unit.signatures.of_document(name))

    def request(self, request_id: str) -> SignatureRequest:
        with self.units.reading() as unit:
            return unit.signatures.get(request_id)

    def events(self, name: str = "doc") -> list[AuditEvent]:
        with self.units.reading() as unit:
            return list(unit.audit.of_subject("document", name))

    def refusals(self, name: str = "doc") -> list[Mapping[str, Any]]:
        return [e.details for e in self.events(name) if e.action == "signature.refused"]

    def agree(self, request_id: str) -> SignatureRequest:
        actor = self.request(request_id).signer.id
        return self.consent(request_id, self.show(request_id, actor).revision.sha256, actor)

    def prepared(self, request_id: str, way: str = "") -> PreparedSigning:
        signer = self.request(request_id).signer
        return self.prepare(request_id, certificate_of(signer.fin), (), signer.id, way=way)

    def completed(self, prepared: PreparedSigning) -> SignatureRequest:
        return self.completed_by(prepared, self.request(prepared.request_id).signer.id)

    def completed_by(self, prepared: PreparedSigning, actor: str) -> SignatureRequest:
        return self.complete(prepared.request_id, sign(prepared.to_be_signed, prepared.certificate), actor)

    def sign(self, request_id: str) -> SignatureRequest:
        self.agree(request_id)
        return self.completed(self.prepared(request_id))

    def signatures(self, name: str = "doc") -> list[dict[str, object]]:
        """Of the newest file, each checked against the bytes before it."""
        head = self.document(name).head
        assert head is not None
        return signed_lines(self.store.read(head.key))

    def run_transfers(self) -> int:
        """Every job of passing requests on that is due, once; returns how many there were."""
        done = 0
        while jobs := self._claimed():
            for job in jobs:
                self.transfer(job)
                done += 1
        return done

    def midnight(self) -> None:
        """What the beat asks for when a day begins in Baku."""
        with self.units() as unit:
            now = self.clock.now()
            unit.jobs.enqueue(Job(self.work.ids.new(), JobKind.SUBSTITUTE, f"substitute:{now.isoformat()}", now))
            unit.commit()
        self.run_transfers()

    def _claimed(self) -> list[Job]:
        now = self.clock.now()
        with self.units() as unit:
            jobs = list(unit.jobs.claim(now, now + timedelta(minutes=5), "desk", limit=50))
            for job in jobs:
                unit.jobs.finish(job.id, "desk", now)
            unit.commit()
        return [job for job in jobs if job.kind is JobKind.SUBSTITUTE]


def stranger(number: int = 1) -> Person:
    """Somebody outside the body."""
    digest = hashlib.sha256(str(number).encode()).hexdigest().upper()[:6]
    name = PersonName("Rəhimli", "Samir", "Vaqif oğlu")
    return Person(f"evez-{number}", name, f"7{digest}", "KOBİA", "idarə rəisi", f"evez{number}@kobia.example")

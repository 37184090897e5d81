"""The stages of the demonstration. Each looks at what is there already, so a killed run goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from doc_service.bootstrap import Container
from doc_service.demo.scenario import DOCUMENT_ID, LEGAL_UNIT, SECRETARIAT, Scenario
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import JobKind, JobState
from doc_service.domain.people import Person
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.visas import VisaAction
from doc_service.services.draft_document import DraftRequest
from doc_service.services.signers import people_of
from signing.api import SigningKey

Tick = Callable[[int, int], None]
KeyOf = Callable[[Person], SigningKey]
_INSTRUMENT = "kq-protokol"
_PATIENCE = timedelta(seconds=20)
_OPEN = (RequestState.OPEN, RequestState.CONSENTED)


@dataclass(frozen=True, slots=True)
class Stages:
    """Every method is one stage; ``tick(done, total)`` reports progress within it."""

    service: Container
    scenario: Scenario
    key_of: KeyOf

    def people(self, tick: Tick) -> None:
        """The body, its journal, and a key for each person."""
        use, scenario = self.service.use_cases, self.scenario
        use.register_body(scenario.body, SECRETARIAT)
        use.open_journal(scenario.journal, SECRETARIAT)
        meeting = replace(scenario.convened, attendance=tuple(scenario.record.attendance))
        people = list(people_of(scenario.body, meeting).values())
        for number, person in enumerate(people, 1):
            self.key_of(person).close()
            tick(number, len(people))

    def convene(self, tick: Tick) -> None:
        """Notice: the agenda documents reached the members in time (001 §5.8)."""
        self.service.use_cases.convene_meeting(self.scenario.convened, SECRETARIAT)

    def hold(self, tick: Tick) -> None:
        """Attendance, discussion and votes by name (001 §5.9)."""
        self.service.use_cases.record_meeting(self.scenario.convened.id, self.scenario.record, SECRETARIAT)

    def draft(self, tick: Tick) -> None:
        """The protocol's data come from the record; the draft is checked and goes to the legal unit."""
        with self.service.work.uow.reading() as uow:
            body = uow.bodies.get(self.scenario.body.id)
            meeting = uow.meetings.get(self.scenario.convened.id)
        data = self.service.protocol.from_meeting(body, meeting)
        request = DraftRequest(DOCUMENT_ID, _INSTRUMENT, body.id, meeting.id, data)
        self.service.use_cases.draft_document(request, SECRETARIAT)
        self.service.use_cases.submit_document(DOCUMENT_ID, SECRETARIAT)

    def visa(self, tick: Tick) -> None:
        """Each unit asked grants its visa (004 §5.1.9)."""
        with self.service.work.uow.reading() as uow:
            units = [v.unit for v in uow.visas.of_document(DOCUMENT_ID)]
        for number, unit in enumerate(units, 1):
            self.service.use_cases.decide_visa(DOCUMENT_ID, unit, VisaAction.GRANT, LEGAL_UNIT)
            tick(number, len(units))

    def register(self, tick: Tick) -> None:
        """Number and date from the journal (004 §5.1.8)."""
        self.service.use_cases.register_document(DOCUMENT_ID, SECRETARIAT)

    def render(self, tick: Tick) -> None:
        """The unsigned original, PDF/A-3b with its sources inside."""
        self._work_until(DocumentState.REGISTERED, JobKind.RENDER)

    def sign(self, tick: Tick) -> None:
        """Everybody who must sign does, each with the own certificate."""
        while True:
            requests = self._requests()
            done = sum(r.state is RequestState.SIGNED for r in requests)
            tick(done, len(requests))
            waiting = [r for r in requests if r.state in _OPEN]
            if done == len(requests):
                return
            self._sign(waiting[0])

    def extend(self, tick: Tick) -> None:
        """Revocation data and one archival time stamp: PAdES B-LTA."""
        self._work_until(DocumentState.SIGNED, JobKind.EXTEND)

    def archive(self, tick: Tick) -> None:
        """Validated as a stranger would, locked for its retention period."""
        self._work_until(DocumentState.IN_FORCE, JobKind.ARCHIVE)

    def document(self) -> Document:
        with self.service.work.uow.reading() as uow:
            return uow.documents.get(DOCUMENT_ID)

    def signatures(self) -> int:
        return sum(r.state is RequestState.SIGNED for r in self._requests())

    def _requests(self) -> list[SignatureRequest]:
        with self.service.work.uow.reading() as uow:
            return list(uow.signatures.of_document(DOCUMENT_ID))

    def _sign(self, request: SignatureRequest) -> None:
        key: SigningKey = self.key_of(request.signer)
        try:
            self.service.use_cases.sign_with_key(request.id, key, request.signer.id)
        finally:
            key.close()

    def _work_until(self, state: DocumentState, kind: JobKind) -> None:
        """Runs background work until the document has left ``state``. A job that was given up, or that has failed
        for ``_PATIENCE``, is an error that says why; the service itself would go on trying."""
        clock = self.service.work.clock
        give_up = clock.now() + _PATIENCE
        while self.document().state is state:
            self.service.jobs.run_until_idle(timedelta(seconds=5))
            with self.service.work.uow.reading() as uow:
                job = uow.jobs.find(f"{kind}:{DOCUMENT_ID}")
            if job is None or job.state is JobState.DONE or not job.last_error:
                continue
            if job.state is JobState.DEAD or clock.now() >= give_up:
                raise DomainError("cli.job_failed", "", kind=str(kind), error=job.last_error)

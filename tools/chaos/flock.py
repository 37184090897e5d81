"""The documents of a fault test, and one client that carries them: enter, sign, and try again until it is done."""

from __future__ import annotations

import random
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from doc_service.bootstrap import Container
from doc_service.domain.documents import DocumentState
from doc_service.domain.people import Person
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.visas import VisaAction
from doc_service.services.draft_document import DraftRequest
from signing.api import SigningKey
from tools.dataset.papers import ACTOR, LAWYER, Papers

KeyOf = Callable[[Person], SigningKey]
T = TypeVar("T")
EVERY_PROTOCOL = 50
"""One document in so many is a protocol, signed by everybody who attended."""
_OPEN = (RequestState.OPEN, RequestState.CONSENTED)
_SIGNED = (DocumentState.SIGNED, DocumentState.IN_FORCE, DocumentState.ARCHIVED)
_LONGEST_PAUSE = 3.0


def is_protocol(number: int) -> bool:
    return number % EVERY_PROTOCOL == EVERY_PROTOCOL - 1


def document_id(number: int) -> str:
    return f"flock-protocol-{number:05d}" if is_protocol(number) else f"paper-{number:07d}"


@dataclass(slots=True)
class Seen:
    """What a client met: errors by code, of which it knows only that it may try again, and those without a code."""

    entered: int = 0
    signed: int = 0
    repeated: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    unforeseen: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "entered": self.entered, "signed": self.signed, "repeated": self.repeated,
            "errors": dict(self.errors), "unforeseen": list(self.unforeseen),
        }  # fmt: skip


@dataclass(slots=True)
class Entering:
    """From data to a registered document, each step repeated until it succeeds."""

    service: Container
    papers: Papers
    seen: Seen

    def begin(self) -> None:
        """Body and journals."""
        self.papers.begin()
        self.service.use_cases.open_journal(self.papers.scenario.journal, ACTOR)

    def enter(self, number: int) -> str:
        return self._protocol(number) if is_protocol(number) else self.papers.enter(number)

    def _protocol(self, number: int) -> str:
        use, scenario, name = self.service.use_cases, self.papers.scenario, document_id(number)
        convened = replace(scenario.convened, id=f"flock-meeting-{number:05d}", number=number // EVERY_PROTOCOL + 1)
        use.convene_meeting(convened, ACTOR)
        use.record_meeting(convened.id, scenario.record, ACTOR)
        with self.service.work.uow.reading() as uow:
            body, meeting = uow.bodies.get(scenario.body.id), uow.meetings.get(convened.id)
        data: Any = self.service.protocol.from_meeting(body, meeting)
        use.draft_document(DraftRequest(name, "kq-protokol", body.id, meeting.id, data), ACTOR)
        use.submit_document(name, ACTOR)
        with self.service.work.uow.reading() as uow:
            units = [visa.unit for visa in uow.visas.of_document(name)]
        for unit in units:
            use.decide_visa(name, unit, VisaAction.GRANT, LAWYER)
        use.register_document(name, ACTOR)
        return name


class Client:
    """One of ``clients``, all alike: it enters its share of the documents, then signs for its share of the persons.

    Whatever goes wrong it tries the same again, as a remote client must: it never looks at what the error was. Now and
    then it asks again for what it has got already, as after a lost answer."""

    def __init__(self, service: Container, key_of: KeyOf, today: date, place: tuple[int, int], total: int) -> None:
        self.seen = Seen()
        self._service, self._key_of = service, key_of
        self._entering = Entering(service, Papers(service, today), self.seen)
        self._index, self._clients = place
        self._numbers = range(total)
        self._chance = random.Random(self._index)
        self._keys: dict[str, SigningKey] = {}

    def run(self) -> None:
        self._until_done(self._entering.begin)
        for number in self._numbers[self._index :: self._clients]:
            self._until_done(lambda number=number: self._entering.enter(number))  # type: ignore[misc]
            self.seen.entered += 1
        waiting = {document_id(n) for n in self._numbers if is_protocol(n) or n % self._clients == self._index}
        while waiting:
            for name in sorted(waiting):
                if self._until_done(lambda name=name: self._visit(name)):  # type: ignore[misc]
                    waiting.discard(name)
            time.sleep(1 + self._chance.random())

    def _visit(self, name: str) -> bool:
        """Signs what is to be signed now; True when nothing is left for us."""
        with self._service.work.uow.reading() as uow:
            document = uow.documents.find(name)
            requests: Sequence[SignatureRequest] = uow.signatures.of_document(name) if document else ()
        if document is None or document.state in _SIGNED:
            return document is not None
        for request in requests:
            if request.state in _OPEN and self._is_ours(name, request):
                self._sign(request)
        return False

    def _is_ours(self, name: str, request: SignatureRequest) -> bool:
        """Everybody signs protocols at once, each person with one client; of other documents a client has its own."""
        shared = name.startswith("flock-protocol-")
        return not shared or zlib.crc32(request.signer.id.encode()) % self._clients == self._index

    def _sign(self, request: SignatureRequest) -> None:
        use, actor, key = self._service.use_cases, request.signer.id, self._key(request.signer)
        shown = use.show_document(request.id, actor)
        if shown.request.state is RequestState.OPEN:
            use.consent_to_sign(request.id, shown.revision.sha256, actor)
        prepared = use.prepare_signature(request.id, key.certificate, key.chain, actor)
        signature = key.sign(prepared.to_be_signed, prepared.signature_algorithm)
        use.complete_signature(request.id, signature, actor)
        self.seen.signed += 1
        if self._chance.random() < 0.2:
            use.complete_signature(request.id, signature, actor)
            self.seen.repeated += 1

    def _key(self, person: Person) -> SigningKey:
        if person.id not in self._keys:
            self._keys[person.id] = self._key_of(person)
        return self._keys[person.id]

    def _until_done(self, step: Callable[[], T]) -> T:
        pause = 0.1
        while True:
            try:
                return step()
            except Exception as error:
                code = getattr(error, "code", None)
                self.seen.errors[code if isinstance(code, str) else type(error).__name__] += 1
                if not isinstance(code, str) and len(self.seen.unforeseen) < 20:
                    self.seen.unforeseen.append(f"{type(error).__name__}: {error}"[:500])
                time.sleep(pause * (0.5 + self._chance.random() / 2))
                pause = min(_LONGEST_PAUSE, pause * 2)

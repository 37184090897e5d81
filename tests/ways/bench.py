"""A real service with documents in signing, and a person at a player's device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from doc_service.bootstrap.ways import SigningWays, build_ways
from doc_service.demo.scenario import build_scenario
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.documents import Document
from doc_service.domain.people import Person
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.signing_operations import OperationState, SigningOperation
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.services.ways.registry import DrivePolicy
from doc_service.services.ways.start_operation import StartInput
from signing.devpki import DevelopmentPki
from signing.remote.api import Answer
from tests.pki_fixtures import SystemClock
from tests.services.conftest import Service, running_service
from tests.ways.players import Keys, Player

MOST_STEPS = 200


@dataclass
class Bench:
    """``signing`` is built anew for every call: whatever an operation needs is in the database."""

    service: Service
    player: Player
    keys: Keys
    stack: ExitStack
    clones: int = 0
    claim: timedelta = timedelta(seconds=20)

    @property
    def signing(self) -> SigningWays:
        container = self.service.container
        policy = DrivePolicy(claim=self.claim, round_size=3)
        ways = container.signing.ways
        return build_ways(container.settings, container.parts, container.use_cases, ways, None, self.stack, policy)

    def open_requests(self, document_id: str) -> list[SignatureRequest]:
        return [r for r in self.service.requests(document_id) if r.state is RequestState.OPEN]

    def agreed(self, request: SignatureRequest) -> SignatureRequest:
        use = self.service.container.use_cases
        shown = use.show_document(request.id, request.signer.id)
        return use.consent_to_sign(request.id, shown.revision.sha256, request.signer.id)

    def template(self) -> str:
        """A document in signing; its twins are made without converting again."""
        if not hasattr(self, "_template"):
            self._template = self.service.signing()
        return self._template

    def twin(self, **changes: Any) -> str:
        """A document like the template, with requests of its own."""
        source = self.template()
        self.clones += 1
        name = f"twin-{self.clones}"
        with self.service.container.work.uow() as uow:
            document = uow.documents.get(source)
            revisions = uow.documents.revisions(source)
            first = replace(revisions[0], document_id=name)
            uow.documents.add(replace(document, id=name, version=0, head=first, **changes))
            uow.documents.add_revision(first)
            for request in uow.signatures.of_document(source):
                uow.signatures.add(replace(request, id=f"{name}:{request.id}", document_id=name, version=0))
            uow.commit()
        return name

    def to_sign(self, count: int = 1, **changes: Any) -> list[SignatureRequest]:
        """Requests of one person in as many documents, agreed to."""
        documents = [self.twin(**changes) for _ in range(count)]
        return [self.agreed(self.open_requests(d)[0]) for d in documents]

    def start(self, requests: list[SignatureRequest], given: StartInput | None = None) -> SigningOperation:
        person = requests[0].signer
        names = [r.id for r in requests]
        given = given or self.player.given(person)
        return self.signing.start(names, self.player.means, self.player.provider, person.id, given)

    def step(self, operation: SigningOperation, person: Person) -> SigningOperation:
        answer: Answer | None = None
        if operation.state is OperationState.WAITING_DEVICE:
            answer = self.player.answer(operation, person)
        return self.signing.resume(operation.id, person.id, answer)

    def finish(self, operation: SigningOperation, person: Person) -> SigningOperation:
        for _ in range(MOST_STEPS):
            if not operation.live:
                return operation
            operation = self.step(operation, person)
        raise AssertionError(f"never ended: {operation.state}")

    def asked(self, operation: SigningOperation, person: Person) -> SigningOperation:
        """Until the device has been asked to sign, or to authorise signing."""
        for _ in range(MOST_STEPS):
            if not operation.live or operation.asked or operation.authorised_at is not None:
                return operation
            operation = self.step(operation, person)
        raise AssertionError("never asked")

    def stored(self, operation: SigningOperation) -> SigningOperation:
        with self.service.container.work.uow.reading() as uow:
            return uow.operations.get(operation.id)

    def request(self, request: SignatureRequest) -> SignatureRequest:
        with self.service.container.work.uow.reading() as uow:
            return uow.signatures.get(request.id)

    def document(self, document_id: str) -> Document:
        return self.service.document(document_id)

    def events(self, operation: SigningOperation) -> list[str]:
        with self.service.container.work.uow.reading() as uow:
            found = uow.audit.of_subject("signing_operation", operation.id)
        return [str(e.action) for e in found]

    def move_time(self, operation: SigningOperation, by: timedelta) -> None:
        """As if ``by`` had passed for this operation and its leases."""
        work = self.service.container.work
        with work.uow() as uow:
            found = uow.operations.get(operation.id)
            until = found.authorised_until
            uow.operations.save(
                replace(
                    found,
                    expires_at=found.expires_at - by,
                    authorised_until=None if until is None else until - by,
                )
            )
            for item in found.items:
                lease = uow.signatures.lease(item.document_id)
                if lease is not None:
                    uow.signatures.release_lease(item.document_id, lease.token, lease.expires_at - by)
            uow.commit()


@contextmanager
def open_bench(directory: Path, player: Player, **settings: Any) -> Iterator[Bench]:
    data = directory / "data"
    data.mkdir()
    keys = Keys(data, DevelopmentPki(data / "development-pki", SystemClock()))
    scenario = build_scenario(kq_protokol(BODY_KINDS), datetime.now().astimezone().date())
    people = [scenario.body.secretary, *(m.person for m in scenario.body.members)]
    with ExitStack() as stack:
        given = player.open(directory, keys, people, stack)
        running = running_service(data, **given, **settings)
        service = next(running)
        stack.callback(lambda: next(running, None))
        yield Bench(service, player, keys, stack)

"""A real service of three members in a temporary place: SQLite, archive, LibreOffice, development PKI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from doc_service.bootstrap import Container, open_container
from doc_service.demo.scenario import build_scenario
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.meetings import Attendance, ItemRecord, Presence
from doc_service.domain.people import Person
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.visas import VisaAction
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.services.draft_document import DraftRequest
from doc_service.settings import Settings
from signing.keys.pkcs12 import Pkcs12Key
from tests.persistence.engines import ENGINES
from tests.pki_fixtures import Faults
from tests.services.desk import Desk

SECRETARIAT = "katiblik"


@dataclass
class Service:
    """The container with shortcuts for tests; ``faults`` takes the PKI's services down."""

    container: Container
    faults: Faults
    scenario: Any
    number: int = 0

    def signing(self, members: int = 3) -> str:
        """A fresh document of a fresh meeting, registered and open for signing; returns its id."""
        document_id = self.registered(members)
        self.container.runner.run_until_idle(timedelta(seconds=60))
        assert self.document(document_id).state is DocumentState.SIGNING
        return document_id

    def registered(self, members: int = 3) -> str:
        document_id = self.drafted(members)
        use = self.container.use_cases
        use.submit_document(document_id, SECRETARIAT)
        for unit in self.visa_units(document_id):
            use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
        use.register_document(document_id, SECRETARIAT)
        return document_id

    def drafted(self, members: int = 3) -> str:
        self.number += 1
        data = self.data(members)
        document_id = f"doc-{self.number}"
        request = DraftRequest(document_id, "kq-protokol", data["body"]["id"], f"meeting-{self.number}", data)
        self.container.use_cases.draft_document(request, SECRETARIAT)
        return document_id

    def data(self, members: int) -> dict[str, Any]:
        """The protocol's data of a meeting that the first ``members`` attended."""
        scenario = self.scenario
        chosen = scenario.body.members[:members]
        ids = {m.person.id for m in chosen}
        body = replace(scenario.body, id=f"body-{self.number}", members=chosen)
        convened = replace(scenario.convened, id=f"meeting-{self.number}", body_id=body.id, number=self.number)
        convened = replace(convened, agenda=tuple(replace(a, reporter_id=chosen[0].person.id) for a in convened.agenda))
        use = self.container.use_cases
        use.register_body(body, SECRETARIAT)
        use.open_journal(scenario.journal, SECRETARIAT)
        use.convene_meeting(convened, SECRETARIAT)
        record = replace(
            scenario.record,
            attendance=[Attendance(i, Presence.PRESENT) for i in sorted(ids)],
            items=[_only(item, ids) for item in scenario.record.items],
        )
        meeting = use.record_meeting(convened.id, record, SECRETARIAT)
        return self.container.protocol.from_meeting(body, meeting)

    def document(self, document_id: str) -> Document:
        with self.container.work.uow.reading() as uow:
            return uow.documents.get(document_id)

    def requests(self, document_id: str) -> list[SignatureRequest]:
        with self.container.work.uow.reading() as uow:
            return list(uow.signatures.of_document(document_id))

    def visa_units(self, document_id: str) -> list[str]:
        with self.container.work.uow.reading() as uow:
            return [v.unit for v in uow.visas.of_document(document_id)]

    def actions(self, document_id: str) -> list[str]:
        with self.container.work.uow.reading() as uow:
            return [str(e.action) for e in uow.audit.of_subject("document", document_id)]

    def key(self, person: Person) -> Pkcs12Key:
        key = self.container.development_key(person)
        assert isinstance(key, Pkcs12Key)
        return key

    def sign(self, request: SignatureRequest) -> SignatureRequest:
        return self.container.use_cases.sign_with_key(request.id, self.key(request.signer), request.signer.id)

    def sign_all(self, document_id: str) -> None:
        while open_ := [r for r in self.requests(document_id) if str(r.state) in ("open", "consented")]:
            self.sign(open_[0])


def _only(item: ItemRecord, ids: set[str]) -> ItemRecord:
    return replace(item, speakers=(), votes=tuple(v for v in item.votes if v.voter_id in ids))


@pytest.fixture(scope="module")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("service")
    yield from running_service(data)


def running_service(data: Path, **settings: Any) -> Iterator[Service]:
    """A service over ``data`` until the generator ends."""
    faults = Faults()
    values = {"data_dir": data, "job_lease": timedelta(seconds=2), **settings}
    with open_container(Settings(**values), wrap_pki=faults.wrap) as container:
        scenario = build_scenario(container.protocol, datetime.now().astimezone().date())
        yield Service(container, faults, scenario)


@pytest.fixture
def service(shared_service: Service) -> Iterator[Service]:
    """The module's service with every outside part well."""
    shared_service.faults.resume()
    yield shared_service
    shared_service.faults.resume()


@pytest.fixture(params=sorted(ENGINES))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """With the schema, on every engine."""
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(database: Engine, tmp_path: Path) -> Desk:
    """The use cases of signing with stand-ins for files and keys."""
    return Desk(database, tmp_path)

"""A cluster in a real service: its people, organisations and documents, made and signed as in life."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from doc_service.bootstrap.clusters import ClusterUseCases
from doc_service.domain.bodies import Body, Membership, Role
from doc_service.domain.body_kinds import MEMBERS_MEETING, rules_for
from doc_service.domain.civil_time import BAKU
from doc_service.domain.clusters.clusters import Cluster, ClusterAction, Participation
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonName, PersonRecord
from doc_service.domain.registration import Journal
from doc_service.domain.signatures import RequestState, SignerKind
from doc_service.domain.visas import VisaAction
from doc_service.instruments.samples.cluster import head, organisation, specialised
from doc_service.instruments.samples.cluster_meeting import meeting_body, members_meeting_sample
from doc_service.instruments.samples.participation import agreement_sample, party
from doc_service.services.draft_document import DraftRequest
from signing.keys.pkcs12 import Pkcs12Key
from tests.services.conftest import SECRETARIAT, Service
from tests.ways.players import PIN, Keys

CLUSTER, BODY, SPECIALISED = "abseron-polimer", "kl-umumi-yigincaq", "kl-it"
FOUNDERS = (1, 2)
__all__ = ["BODY", "CLUSTER", "FOUNDERS", "SPECIALISED", "ClusterHouse", "today"]


def today() -> date:
    return datetime.now(BAKU).date()


@dataclass
class ClusterHouse:
    """Organisations are those of the samples, by their place; documents are named as they are made."""

    service: Service
    keys: Keys
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def use(self) -> ClusterUseCases:
        return self.service.container.use_cases.clusters

    def founded(self, *places: int) -> None:
        """Registers, the members' meeting, and the cluster with its specialised organisation; ``places``: further
        organisations of the register."""
        use = self.service.container.use_cases
        special = specialised()
        secretary = members_meeting_sample()["secretary"]
        persons = [special["head"], secretary, *(head(place) for place in (*FOUNDERS, *places))]
        for number, data in enumerate(persons):
            use.record_person(PersonRecord(self._person(data, number)), SECRETARIAT)
        self._organisation(special["organisation"], special["head"]["id"])
        for place in (*FOUNDERS, *places):
            self._organisation(organisation(place), head(place)["id"])
        name = meeting_body()
        seats = tuple(
            Membership(self.people[head(p)["id"]], Role.HEAD if p == 1 else Role.MEMBER, date(2026, 1, 1))
            for p in FOUNDERS
        )
        body = Body(
            BODY, name["name"], name["short_name"], name["parent_organisation"], name["unit"], name["place"],
            rules_for(MEMBERS_MEETING), seats, self.people[secretary["id"]],
        )  # fmt: skip
        use.register_body(body, SECRETARIAT)
        cluster = Cluster(CLUSTER, "Abşeron polimer sənaye klasteri", "Sumqayıt", "borular", today(), BODY)
        self.use.record(cluster, SECRETARIAT)
        self.use.move(CLUSTER, ClusterAction.ESTABLISH, SECRETARIAT, specialised_id=SPECIALISED, version=0)

    def _person(self, data: dict[str, Any], number: int) -> Person:
        name = PersonName(**data["name"])
        person = Person(data["id"], name, f"5AB{number:02d}CD", data["organisation"], data["post"])
        self.people[person.id] = person
        return person

    def _organisation(self, data: dict[str, Any], head_id: str) -> None:
        record = Organisation(
            data["id"], data["name"], data["voen"], data["state_registration"], data["legal_address"],
            data["actual_address"], "", "", "", head_id, legal_form=data["legal_form"],
        )  # fmt: skip
        self.service.container.use_cases.record_organisation(record, SECRETARIAT)

    def agreement(self) -> str:
        """Signed by the specialised organisation and the founders, who take part from now on."""
        data = {**agreement_sample(), "parties": [party(place) for place in FOUNDERS]}
        agreement = self.signed("istirak-1", "klaster-istirak-sazisi", data)
        for place in FOUNDERS:
            part = Participation(
                f"i-{place}", CLUSTER, organisation(place)["id"], ParticipantKind.MEDIUM, "borular", today(),
                agreement.id, employees=182,
            )  # fmt: skip
            self.use.take_in(part, SECRETARIAT)
        return agreement.id

    def drafted(self, name: str, instrument: str, data: dict[str, Any]) -> str:
        use = self.service.container.use_cases
        found = self.service.container.parts.registry.get(instrument)
        use.open_journal(Journal(found.journal, found.journal_title, "APK"), SECRETARIAT)
        use.draft_document(DraftRequest(name, instrument, BODY, None, data), "müəllif")
        return name

    def signed(self, name: str, instrument: str, data: dict[str, Any]) -> Document:
        """From draft to archive, by every signature and seal."""
        self.drafted(name, instrument, data)
        return self.finish(name)

    def finish(self, name: str) -> Document:
        """A draft, from its check to the archive."""
        use = self.service.container.use_cases
        use.submit_document(name, SECRETARIAT)
        for unit in self.service.visa_units(name):
            use.decide_visa(name, unit, VisaAction.GRANT, "hüquq")
        use.register_document(name, SECRETARIAT)
        self.work()
        while asked := [r for r in self.service.requests(name) if r.state is RequestState.OPEN]:
            for request in asked:
                key = self._key(request.signer, request.voen if request.kind is SignerKind.SEAL else "")
                use.sign_with_key(request.id, key, request.signer.id)
        self.work()
        document = self.service.document(name)
        assert document.state is DocumentState.ARCHIVED
        return document

    def _key(self, signer: Person, voen: str) -> Pkcs12Key:
        if not voen:
            return self.service.key(signer)
        return Pkcs12Key.load(self.keys.pki.issue_seal(voen, "Təşkilat", PIN).pkcs12, PIN)

    def work(self) -> None:
        self.service.container.runner.run_until_idle(timedelta(seconds=60))

    def meeting(self, *decided: tuple[str, int, bool]) -> dict[str, Any]:
        """The record of a meeting of today: (topic, place of the organisation, adopted) in the order of the agenda."""
        sample = members_meeting_sample()
        voters = [head(place)["id"] for place in FOUNDERS]
        day = today().isoformat()
        numbered = list(enumerate(decided, 1))
        return {
            **sample,
            "members": [m for m in sample["members"] if m["person"]["id"] in voters],
            "attendance": [a for a in sample["attendance"] if a["member_id"] in voters],
            "meeting": {
                **sample["meeting"], "opens_at": f"{day}T10:00:00+04:00", "closes_at": f"{day}T11:00:00+04:00",
                "documents_delivered_on": day,
            },
            "agenda": [
                {**sample["agenda"][0], "number": n, "title": f"{topic} haqqında", "reporter_id": voters[0]}
                for n, (topic, _, _) in numbered
            ],
            "items": [
                {
                    **sample["items"][0], "number": n, "speakers": [], "act_text": "Qərar qəbul edilsin.",
                    "votes": [{"voter_id": v, "choice": "for" if adopted else "against"} for v in voters],
                }
                for n, (_, _, adopted) in numbered
            ],
            "topics": [
                {"number": n, "topic": topic, "organisation": organisation(place)} for n, (topic, place, _) in numbered
            ],
            "annexes": [],
        }  # fmt: skip

    def valid(self, document: Document) -> bool:
        assert document.head is not None
        content = self.service.container.store.read(document.head.key)
        return self.service.container.verify(content).report.valid

    def content(self, document_id: str) -> bytes:
        head_ = self.service.document(document_id).head
        assert head_ is not None
        return self.service.container.store.read(head_.key)

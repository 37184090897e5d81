"""The members' general meeting admits the applicant, or does not (003 §4.4 e); Əlavə 4 §3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doc_service.domain.bodies import BodyRules
from doc_service.domain.clusters.accession import Accession, AccessionAction
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.domain.voting import Outcome
from doc_service.instruments.cluster.klaster_umumi_yigincaq_protokolu import MembersRecordData
from doc_service.instruments.cluster.members_topics import Topic
from doc_service.instruments.faults import parse
from doc_service.instruments.protocol_text import Sitting
from doc_service.services.accession import steps
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import signed_document


@dataclass(frozen=True, slots=True)
class DecideAccession:
    """Reads the decision from the signed protocol: the item about this organisation's admission, adopted or not by the
    votes that were counted. ``rules`` by kind of body.

    Raises ``DomainError`` "accession.no_such_item" when the item decides something else or about somebody else, what
    ``signed_document`` does, ``ConflictError`` "state.not_allowed"."""

    work: Workspace
    rules: Mapping[str, BodyRules]

    def __call__(self, accession_id: str, protocol_id: str, item: int, actor: str) -> Accession:
        with self.work.uow() as uow:
            protocol = uow.documents.get(protocol_id)
            accession = uow.accessions.get(accession_id)
            cluster = uow.clusters.get(accession.cluster_id)
            protocol = signed_document(uow, cluster, protocol.id, steps.PROTOCOL)
            organisation = uow.organisations.get(accession.organisation_id)
            adopted = self._adopted(protocol, item, organisation.voen)
            action = AccessionAction.ADMIT if adopted else AccessionAction.REFUSE
            decided = accession.moved(action, protocol_id=protocol_id, protocol_item=item)
            saved = steps.moved(self.work, uow, accession, decided, actor, protocol=protocol_id, item=item)
            uow.commit()
        return saved

    def _adopted(self, protocol: Document, number: int, voen: str) -> bool:
        record = parse(MembersRecordData, protocol.data)
        sitting = Sitting.of(self.rules[record.body.kind], record)
        topic = next((t for t in record.topics if t.number == number), None)
        item = next((i for i in sitting.meeting.items if i.number == number), None)
        named = topic is not None and topic.organisation is not None and topic.organisation.voen == voen
        if topic is None or item is None or topic.topic is not Topic.ADMISSION or not named:
            raise DomainError("accession.no_such_item", "item", number=number, voen=voen)
        return sitting.quorum.met and sitting.decision(item).outcome is Outcome.ADOPTED

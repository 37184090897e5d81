"""What has to be known of an object before it can be said whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doc_service.domain.authorisation import Facts
from doc_service.domain.bodies import Body
from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.documents import Document
from doc_service.domain.meetings import Meeting
from doc_service.domain.signatures import SignatureRequest
from doc_service.ports import UnitOfWork


def body_facts(body: Body) -> Facts:
    """Whoever has or had a seat, and the secretary, as in the lists of bodies."""
    return Facts(concerned=_people_of(body))


def cluster_facts(uow: UnitOfWork, cluster: Cluster) -> Facts:
    """The people of its bodies, heads and keepers of its organisations, their representatives."""
    people = {person for body_id in cluster.body_ids for person in _people_of(uow.bodies.get(body_id))}
    parts = uow.clusters.participations(cluster.id)
    ids = {p.organisation_id for p in parts} | {a.organisation_id for a in uow.accessions.of_cluster(cluster.id)}
    for organisation in uow.organisations.of_ids(ids).values():
        people |= {organisation.head_id, organisation.keeper_id}
    return Facts(concerned=frozenset(people | {r for p in parts for r in p.representatives}))


def meeting_facts(uow: UnitOfWork, meeting: Meeting) -> Facts:
    return Facts(
        concerned=_people_of(uow.bodies.get(meeting.body_id)),
        restricted=any(item.restricted for item in meeting.agenda),
    )


def document_facts(uow: UnitOfWork, document: Document) -> Facts:
    """The people of its body, its signers, the accounts of its external parties, the units asked for visas."""
    signers = {request.signer.id for request in uow.signatures.of_document(document.id)}
    parties = {account.id for account in uow.accounts.of_document(document.id)}
    return Facts(
        concerned=_people_of(uow.bodies.get(document.body_id)) | signers | parties,
        units=frozenset(visa.unit for visa in uow.visas.of_document(document.id)),
        document_id=document.id,
        restricted=is_restricted(uow, document),
    )


def request_facts(uow: UnitOfWork, request: SignatureRequest) -> Facts:
    """Nobody's but the signer's: what one person was asked is no concern of another signer."""
    document = uow.documents.get(request.document_id)
    return Facts(
        concerned=frozenset({request.signer.id}),
        owner=request.signer.id,
        document_id=document.id,
        restricted=is_restricted(uow, document),
    )


def is_restricted(uow: UnitOfWork, document: Document) -> bool:
    """An agenda item marked as restricted by law, in the document's own data or in the meeting it is about."""
    if _marked(document.data):
        return True
    meeting = uow.meetings.find(document.meeting_id) if document.meeting_id else None
    return meeting is not None and any(item.restricted for item in meeting.agenda)


def _marked(value: Any) -> bool:
    """Wherever an instrument's data say ``restricted``: of an item, or of the whole."""
    if isinstance(value, Mapping):
        return value.get("restricted") is True or any(_marked(part) for part in value.values())
    return isinstance(value, list | tuple) and any(_marked(part) for part in value)


def _people_of(body: Body) -> frozenset[str]:
    return frozenset({member.person.id for member in body.members} | {body.secretary.id})

"""Parts of instrument data that come from the registers: the cluster, organisations, who acts for them."""

from __future__ import annotations

from typing import Any

from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person
from doc_service.instruments.people_data import person_dict
from doc_service.ports import UnitOfWork


def cluster_data(cluster: Cluster) -> dict[str, Any]:
    """As ``ClusterData``."""
    return {"id": cluster.id, "name": cluster.name, "territory": cluster.territory, "product": cluster.product}


def organisation_data(organisation: Organisation) -> dict[str, Any]:
    """As ``OrganisationData``."""
    return {
        "id": organisation.id,
        "name": organisation.name,
        "legal_form": organisation.legal_form,
        "voen": organisation.voen,
        "state_registration": organisation.state_registration,
        "legal_address": organisation.legal_address,
        "actual_address": organisation.actual_address,
    }


def headed_data(uow: UnitOfWork, cluster: Cluster, place: str) -> dict[str, Any]:
    """The specialised organisation as ``HeadedOrganisationData``; ``DomainError`` "cluster.specialised_missing" before
    it is founded."""
    if not cluster.specialised_id:
        raise DomainError("cluster.specialised_missing", "specialised_id")
    organisation = uow.organisations.get(cluster.specialised_id)
    head = uow.people.get(organisation.head_id).person
    contact = ", ".join(filter(None, (organisation.phone, organisation.email, organisation.web)))
    return {
        "organisation": organisation_data(organisation),
        "head": person_dict(head),
        "place": place,
        "contact": contact,
    }


def represented_data(uow: UnitOfWork, organisation: Organisation) -> dict[str, Any]:
    """As ``RepresentedData``: its head acts for it by the charter."""
    record = uow.people.get(organisation.head_id)
    return {
        "organisation": organisation_data(organisation),
        "representative": _representative(record.person, record.phone),
    }


def _representative(person: Person, phone: str) -> dict[str, Any]:
    authority = {"kind": "charter", "number": "", "issued_on": None, "valid_until": None}
    return {"person": person_dict(person), "authority": authority, "phone": phone, "email": person.email}


def cited_document(document: Document, sha256: str) -> dict[str, Any]:
    """Number, date and digest of a signed document, as ``CitedDocument``."""
    registration = document.registration
    assert registration is not None
    return {"number": registration.number, "registered_on": registration.registered_on.isoformat(), "sha256": sha256}

"""Where and in which language a person is told something: by the account when there is one, else by the records."""

from __future__ import annotations

from dataclasses import dataclass, field

from doc_service.domain.documents import Document
from doc_service.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Contact:
    """``email``, ``phone``: "" when not known. ``language``: "" when not known: then in all of them."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    language: str = ""


def contact_of(uow: UnitOfWork, person_id: str, document: Document) -> Contact:
    """The person's own account comes first: there the address can be corrected (002 §7.1.16)."""
    accounts = uow.accounts.of_person(person_id)
    email = next((a.email for a in accounts if a.email), "") or _recorded_email(uow, person_id, document)
    phone = next((a.phone for a in accounts if a.phone), "")
    return Contact(email, phone, accounts[0].language if accounts else "")


def _recorded_email(uow: UnitOfWork, person_id: str, document: Document) -> str:
    """As recorded last with a request of the document, with the body, or in the register of persons."""
    signers = [r.signer for r in uow.signatures.of_document(document.id)]
    body = uow.bodies.get(document.body_id)
    people = [*reversed(signers), body.secretary, *(m.person for m in body.members)]
    recorded = next((p.email for p in people if p.id == person_id and p.email), "")
    registered = None if recorded else uow.people.find(person_id)
    return recorded if registered is None else registered.person.email

"""What the documents of taking part in a cluster share: parties with their seals, and documents cited with a digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import Field

from doc_service.domain.errors import Fault
from doc_service.domain.people import Person
from doc_service.instruments.base import Signatory, StandIns
from doc_service.instruments.cluster.common import (
    HeadedOrganisationData,
    RepresentedData,
    organisation_faults,
    representative_signatory,
    represented_faults,
    seal,
)
from doc_service.instruments.fields import Line, Sha256, Strict
from doc_service.instruments.people_data import PersonData
from doc_service.instruments.signature_table import signature_rows

DATE_PLACE: Final = "elektron imzanın vaxt göstəricisinə əsasən"
"""What the column "Tarix" says: each party's date is that of its own signature (003 Əlavə 4, §4.2)."""


SPECIALISED: Final = "Klasterin ixtisaslaşdırılmış təşkilatı"
PARTICIPANT: Final = "Klasterin {} nömrəli iştirakçısı"
"""First column of the accession table, as the form words it."""


class PartyData(RepresentedData):
    """A participant as party: its representative signs, the keeper of its seal seals."""

    seal_keeper: PersonData | None = Field(
        default=None, title="Möhürü saxlayan şəxs", description="Boş: nümayəndənin özü"
    )

    @property
    def keeper(self) -> PersonData:
        return self.seal_keeper or self.representative.person


class CitedDocument(Strict):
    """A signed document by number, date and the digest of its signed file."""

    number: Line = Field(title="Sənədin nömrəsi")
    registered_on: date = Field(title="Sənədin tarixi")
    sha256: Sha256 = Field(title="İmzalanmış sənədin SHA-256 nəzarət cəmi")


def party_signatories(party: PartyData, place: int, order: int, role: str) -> tuple[Signatory, Signatory]:
    """Signature ``sig_NN`` and seal ``seal_NN`` of the party at ``place``; both may come in any order among those of
    the same ``order``."""
    signs = representative_signatory(party, field=f"sig_{place:02d}", order=order, role_label=role)
    return signs, seal(party.organisation, party.keeper, field=f"seal_{place:02d}", order=order)


def specialised_signatories(specialised: HeadedOrganisationData, order: int, role: str) -> tuple[Signatory, ...]:
    """Its head signs in ``sig_01``; its seal, where it has one, in ``seal_01``."""
    head = Signatory(field="sig_01", order=order, person_id=specialised.head.id, role_label=role)
    if not specialised.has_seal:
        return (head,)
    return head, seal(specialised.organisation, specialised.head, field="seal_01", order=order)


def people_of(specialised: HeadedOrganisationData, parties: Sequence[PartyData]) -> dict[str, Person]:
    """Everybody who signs or seals, by id."""
    people = {specialised.head.id: specialised.head.to_domain()}
    for party in parties:
        for person in (party.representative.person, party.keeper):
            people[person.id] = person.to_domain()
    return people


def accession_rows(
    specialised: HeadedOrganisationData,
    parties: Sequence[PartyData],
    signatories: Sequence[Signatory],
    stand_ins: StandIns,
    labels: Sequence[str],
) -> list[dict[str, str]]:
    """The form's accession table, one mapping a party: ``label organisation requisites name post in_place_of basis
    field seal date``; ``seal`` is "" for a specialised organisation without one."""
    printed = {row["field"]: row for row in signature_rows(signatories, people_of(specialised, parties), stand_ins)}
    organisations = (specialised.organisation, *(party.organisation for party in parties))
    rows = []
    for place, (organisation, label) in enumerate(zip(organisations, labels, strict=True), 1):
        signature = printed[f"sig_{place:02d}"]
        seal_field = f"seal_{place:02d}"
        rows.append(
            {
                "label": label,
                "organisation": organisation.full_name,
                "requisites": "; ".join(organisation.requisites),
                **{key: signature[key] for key in ("name", "post", "in_place_of", "basis", "field")},
                "seal": seal_field if seal_field in printed else "",
                "date": DATE_PLACE,
            }
        )
    return rows


def parties_faults(
    specialised: HeadedOrganisationData, parties: Sequence[PartyData], field: str, day: date | None = None
) -> Iterator[Fault]:
    """VÖEN and authority of every party; "organisation.repeated" for one that stands twice or is the specialised
    organisation itself. ``field`` has the place in it as ``{}``."""
    yield from organisation_faults(specialised.organisation, "specialised.organisation")
    seen = {specialised.organisation.voen}
    for place, party in enumerate(parties):
        where = field.format(place)
        yield from represented_faults(party, where, day)
        if party.organisation.voen in seen:
            params = {"name": party.organisation.full_name, "voen": party.organisation.voen}
            yield Fault("organisation.repeated", f"{where}.organisation.voen", params)
        seen.add(party.organisation.voen)


def cited_dict(number: str, registered_on: date, sha256: str) -> Mapping[str, Any]:
    """``CitedDocument`` as data."""
    return {"number": number, "registered_on": registered_on.isoformat(), "sha256": sha256}

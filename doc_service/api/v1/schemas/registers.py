"""Persons and organisations of the registers."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from doc_service.api.v1.schemas.common import Email, Input, View
from doc_service.api.v1.schemas.people import PERSON_EXAMPLE, NameInput, PersonInput, PersonView, person_view
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import PersonRecord
from doc_service.instruments.fields import Identifier, Line, OptionalLine

Voen = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}[12]$")]
_DETAILS: JsonDict = {
    "name": "“Kür-İnşaat”", "legal_form": "Məhdud Məsuliyyətli Cəmiyyəti", "voen": "1402345671",
    "state_registration": "1402-K14-2761, 12.03.2014", "legal_address": "Sumqayıt şəhəri, Sülh küçəsi 12",
    "actual_address": "Sumqayıt şəhəri, Sülh küçəsi 12", "phone": "+994501234567", "email": "info@kur.example",
    "web": "https://kur.example", "head_id": "quliyev-anar", "seal_keeper_id": None,
}  # fmt: skip


class PersonRecordInput(PersonInput):
    """A person to take into the register."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**PERSON_EXAMPLE, "phone": "+994501234567"}]})

    phone: OptionalLine = ""

    def to_record(self, version: int = 0) -> PersonRecord:
        return PersonRecord(self.to_domain(), self.phone, version)


class PersonCorrection(Input):
    """The whole record as it shall be from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{k: v for k, v in PERSON_EXAMPLE.items() if k != "id"}]})

    name: NameInput
    fin: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NP-Z]{7}$")]
    organisation: Line
    post: Line
    email: Email = ""
    phone: OptionalLine = ""

    def to_record(self, person_id: str, version: int) -> PersonRecord:
        whole = PersonRecordInput(id=person_id, **{name: getattr(self, name) for name in type(self).model_fields})
        return whole.to_record(version)


class PersonRecordView(PersonView):
    """``phone`` is null as ``fin`` and ``email`` are."""

    phone: str | None = None
    version: int


def person_record_view(record: PersonRecord, *, personal: bool) -> PersonRecordView:
    """``personal``: whether the reader keeps or audits the register, or is that person."""
    plain = person_view(record.person, personal=personal)
    phone = record.phone if personal else None
    return PersonRecordView(**dict(plain), phone=phone, version=record.version)


class OrganisationDetails(Input):
    """The whole record as it shall be from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DETAILS]})

    name: Line = Field(description="In quotes, without its legal form")
    legal_form: OptionalLine = Field(default="", description="As printed after the name")
    voen: Voen
    state_registration: OptionalLine = ""
    legal_address: Line
    actual_address: OptionalLine = ""
    phone: OptionalLine = ""
    email: Email = ""
    web: OptionalLine = ""
    head_id: Identifier = Field(description="The first person, of the register of persons")
    seal_keeper_id: Identifier | None = Field(default=None, description="Who keeps the seal; null: the head")

    def to_domain(self, organisation_id: str, version: int = 0) -> Organisation:
        given = {n: getattr(self, n) for n in OrganisationDetails.model_fields if n != "seal_keeper_id"}
        return Organisation(id=organisation_id, **given, seal_keeper_id=self.seal_keeper_id or "", version=version)


class OrganisationInput(OrganisationDetails):
    """An organisation to take into the register."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "kur-insaat", **_DETAILS}]})

    id: Identifier


class OrganisationView(View):
    id: str
    name: str
    legal_form: str
    voen: str
    state_registration: str
    legal_address: str
    actual_address: str
    phone: str
    email: str
    web: str
    head_id: str
    seal_keeper_id: str
    version: int


def organisation_view(organisation: Organisation) -> OrganisationView:
    """``seal_keeper_id``: who keeps the seal, the head when nobody else was named."""
    shown = {n: getattr(organisation, n) for n in OrganisationView.model_fields if n != "seal_keeper_id"}
    return OrganisationView(**shown, seal_keeper_id=organisation.keeper_id)

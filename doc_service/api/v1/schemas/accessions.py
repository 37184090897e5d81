"""Accessions to clusters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.cluster_registry import FileView, file_view
from doc_service.api.v1.schemas.common import Input, Named, View, named
from doc_service.domain.clusters.accession import ENCLOSURES, Accession
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.instruments.fields import Identifier, Line, OptionalLine


class AccessionInput(Input):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"cluster_id": "abseron-polimer", "organisation_id": "kur-insaat", "kind": "small", "employees": 64}
            ]
        }
    )

    id: Identifier | None = None
    cluster_id: Identifier
    organisation_id: Identifier
    kind: ParticipantKind
    employees: int | None = Field(default=None, ge=0, le=10_000_000)


class LodgedInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"questionnaire_id": "a-9", "application_id": "e-9"}]})

    questionnaire_id: Identifier
    application_id: Identifier


class DecidedInput(Input):
    """The item of the signed protocol that decides on the admission."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"protocol_id": "protokol-3", "item": 2}]})

    protocol_id: Identifier
    item: int = Field(ge=1, le=9_999)


class SheetInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"sheet_id": "vereqe-1"}]})

    sheet_id: Identifier


class StoppedInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Ərizəçi fikrindən daşınıb"}]})

    reason: Line


class EnclosureView(View):
    number: int
    title: str
    file: FileView | None


class AccessionView(View):
    id: str
    cluster_id: str
    organisation_id: str
    kind: str
    employees: int | None
    state: Named
    opened_at: datetime
    questionnaire_id: str
    application_id: str
    protocol_id: str
    protocol_item: int | None
    agreement_id: str
    sheet_id: str
    sheet_number: int | None
    edition: int | None
    reason: OptionalLine
    enclosures: list[EnclosureView]
    version: int


class SheetDataView(View):
    """Data for a draft of ``klaster-qosulma-vereqesi``."""

    data: dict[str, Any]


class AccessionsView(View):
    items: list[AccessionView]


def accession_view(accession: Accession, files: dict[str, CaseFile]) -> AccessionView:
    own = {"kind", "state", "enclosures"}
    plain = {n: getattr(accession, n) for n in AccessionView.model_fields if n not in own}
    enclosures = []
    for number, title in ENCLOSURES.items():
        file = files.get(str(number))
        enclosures.append(EnclosureView(number=number, title=title, file=None if file is None else file_view(file)))
    return AccessionView(
        **plain, kind=str(accession.kind), state=named("accession", str(accession.state)), enclosures=enclosures
    )

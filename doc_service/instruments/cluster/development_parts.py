"""What the documents of a cluster's development have in common: who signs, the approval, the mark of the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field

from doc_service.domain.azerbaijani import long_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.instruments.base import Signatory, StandIns
from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData, nco, seal
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.signature_table import field_name, signature_rows


class MeetingApprovalData(Strict):
    """The members' general meeting that approved (003 §4.4 d, §5.2)."""

    held_on: date = Field(title="Ümumi yığıncağın tarixi")
    protocol: Line = Field(title="Protokolun nömrəsi")


def head_and_seal(cluster: ClusterData, organisation: HeadedOrganisationData) -> tuple[Signatory, ...]:
    """The head of the specialised organisation, then its seal where it has one."""
    role = f"{genitive(cluster.name)} ixtisaslaşdırılmış təşkilatının rəhbəri"
    signed = Signatory(field=field_name(1), order=1, person_id=organisation.head.id, role_label=role)
    if not organisation.has_seal:
        return (signed,)
    return signed, seal(organisation.organisation, organisation.head, field=field_name(2), order=2)


def sealed_rows(
    signatories: Sequence[Signatory], organisation: HeadedOrganisationData, stand_ins: StandIns
) -> dict[str, Any]:
    """The variables ``signatory`` and ``seal`` of the form's end; ``seal`` is None for an organisation without."""
    people = {organisation.head.id: organisation.head.to_domain()}
    rows = signature_rows(signatories, people, stand_ins)
    return {"signatory": rows[0], "seal": rows[1] if len(rows) > 1 else None}


def approved_lines(organisation: HeadedOrganisationData, approval: MeetingApprovalData) -> list[str]:
    """The lines under TƏSDİQ EDİLİB: whose meeting, when, by which protocol (003 §5.2)."""
    return [
        f"{nco(organisation.organisation)} üzvlərinin ümumi yığıncağında",
        long_date(approval.held_on),
        f"Protokol № {approval.protocol}",
    ]

"""``klaster-istirak-sazisi``: the agreement on taking part in a cluster's industrial activity (003 §4.15, Əlavə 4).

It stays open: who joins later signs an accession sheet of its own (``klaster-qosulma-vereqesi``), so that nothing is
ever added to a signed file and earlier signatures stay untouched (DESIGN 8; Əlavə 4, §3.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from doc_service.domain.azerbaijani import lower
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData, cluster_faults, nco
from doc_service.instruments.cluster.participation_data import (
    PARTICIPANT,
    SPECIALISED,
    PartyData,
    accession_rows,
    parties_faults,
    party_signatories,
    specialised_signatories,
)
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.participation import agreement_sample


class ParticipationAgreementData(Strict):
    """The agreement with those who sign it directly (Əlavə 4, §3.5)."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    specialised: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    purpose: Line = Field(title="Klasterin məqsədi", description="Əlavə 4, 1.2-ci bənd")
    tasks: tuple[Line, ...] = Field(
        min_length=1, max_length=30, title="Klasterin vəzifələri", description="1.3-cü bənd"
    )
    parties: tuple[PartyData, ...] = Field(min_length=1, max_length=200, title="İştirakçılar", description="5-ci bənd")


@dataclass(frozen=True, kw_only=True)
class KlasterIstirakSazisi(Instrument[ParticipationAgreementData]):
    """Signed and sealed by the specialised organisation and every participant, in any order."""

    def check(self, data: ParticipationAgreementData) -> tuple[Fault, ...]:
        """Every party once, with valid VÖEN and authority (Əlavə 4, §2.4)."""
        return (
            *cluster_faults(data.cluster),
            *parties_faults(data.specialised, data.parties, "parties[{}]"),
        )

    def signatories(self, data: ParticipationAgreementData) -> tuple[Signatory, ...]:
        """All with the same order: each party's own signature puts it in force for that party (Əlavə 4, §4.2)."""
        found = list(specialised_signatories(data.specialised, 1, _specialised_label(data)))
        for place, party in enumerate(data.parties, 2):
            found += party_signatories(party, place, 1, _label(data, place))
        return tuple(found)

    def may_lack(self, data: ParticipationAgreementData) -> frozenset[str]:
        """A participant that declines stays outside; the agreement stands for the others (Əlavə 4, §4.2). The
        specialised organisation is always needed."""
        own = {s.field for s in specialised_signatories(data.specialised, 1, "")}
        return frozenset(s.field for s in self.signatories(data)) - own

    def context(
        self,
        data: ParticipationAgreementData,
        registration: Registration | None = None,
        stand_ins: StandIns = NO_STAND_INS,
    ) -> dict[str, Any]:
        labels = [SPECIALISED, *(PARTICIPANT.format(n) for n, _ in enumerate(data.parties, 1))]
        organisation = nco(data.specialised.organisation)
        return {
            "line": issuer_heading(data.specialised.issuer(), registration)["line"],
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "nco": {"name": organisation, "genitive": genitive(organisation)},
            "purpose": _clause(data.purpose),
            "tasks": [_clause(task) for task in data.tasks],
            "parties": accession_rows(data.specialised, data.parties, self.signatories(data), stand_ins, labels),
        }

    def sample(self) -> dict[str, Any]:
        return agreement_sample()


def klaster_istirak_sazisi() -> KlasterIstirakSazisi:
    """The instrument of 003 Əlavə 4."""
    return KlasterIstirakSazisi(
        model=ParticipationAgreementData,
        id="klaster-istirak-sazisi",
        title_az="Klasterin sənaye fəaliyyətində iştirak haqqında saziş",
        title_en="Agreement on taking part in the cluster's industrial activity",
        template="klaster-istirak-sazisi.v1",
        journal="KL-IS",
        journal_title="Klasterin sənaye fəaliyyətində iştirak haqqında sazişlərin qeydiyyatı jurnalı",
        case_index="KL-03",
        sources=("003 §4.15", "003 Əlavə 4"),
    )


def _specialised_label(data: ParticipationAgreementData) -> str:
    return f"{genitive(data.cluster.name)} ixtisaslaşdırılmış təşkilatı"


def _label(data: ParticipationAgreementData, place: int) -> str:
    """The form's "Klasterin N nömrəli iştirakçısı"; the specialised organisation stands before number 1."""
    return f"{genitive(data.cluster.name)} {place - 1} nömrəli iştirakçısı"


def _clause(text: str) -> str:
    """A text that goes on inside a sentence: without full stop at its end, with a small first letter unless the
    second letter is a capital too (an abbreviation) or it opens with a mark."""
    stripped = text.strip().rstrip(".;")
    if stripped[1:2] != lower(stripped[1:2]):
        return stripped
    return lower(stripped[:1]) + stripped[1:]

"""``klaster-qosulma-vereqesi``: the accession sheet of one newcomer to the agreement (003 Əlavə 4, §3.5; DESIGN 8).

Sheets form a chain: each names the agreement by number, date and SHA-256 of its signed file, and the sheet before it in
the same way. Whoever holds the files can check who is a party without trusting anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from doc_service.domain.azerbaijani import reference_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData, cluster_faults, nco
from doc_service.instruments.cluster.participation_data import (
    SPECIALISED,
    CitedDocument,
    PartyData,
    accession_rows,
    parties_faults,
    party_signatories,
    specialised_signatories,
)
from doc_service.instruments.fields import Line, Number, Strict
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.participation import accession_sample
from doc_service.instruments.wording import cited


class PreviousSheet(CitedDocument):
    """The accession sheet before this one."""

    sheet_number: Number = Field(title="Əvvəlki vərəqənin sıra nömrəsi")


class AdmissionData(Strict):
    """The decision of the members' general meeting that approved the accession (Əlavə 4, §3.5)."""

    number: Line = Field(title="Qərarın (protokolun) nömrəsi")
    held_on: date = Field(title="Ümumi yığıncağın tarixi")


class AccessionSheetData(Strict):
    """One newcomer, bound to the agreement and to the sheet before."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    specialised: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    agreement: CitedDocument = Field(title="İştirak haqqında saziş", description="003 Əlavə 4")
    sheet_number: Number = Field(title="Vərəqənin sıra nömrəsi", description="Saziş üzrə 1-dən başlayaraq ardıcıl")
    previous: PreviousSheet | None = Field(default=None, title="Əvvəlki vərəqə", description="1-ci vərəqədə yoxdur")
    newcomer: PartyData = Field(title="Qoşulan təşkilat")
    application: CitedDocument = Field(title="Qoşulma haqqında ərizə", description="Əlavə 4-ün 1 nömrəli əlavəsi")
    decision: AdmissionData = Field(title="Ümumi yığıncağın qərarı", description="Əlavə 4, 3.5-ci bənd")


@dataclass(frozen=True, kw_only=True)
class KlasterQosulmaVereqesi(Instrument[AccessionSheetData]):
    """Signed and sealed by the newcomer, then by the specialised organisation."""

    def check(self, data: AccessionSheetData) -> tuple[Fault, ...]:
        """The chain has no gap, and application and decision come in their order (Əlavə 4, §3.5)."""
        return tuple(self._faults(data))

    def _faults(self, data: AccessionSheetData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from parties_faults(data.specialised, (data.newcomer,), "newcomer", data.decision.held_on)
        before = data.previous
        if (before.sheet_number if before else 0) != data.sheet_number - 1:
            params = {"sheet": data.sheet_number, "previous": before.sheet_number if before else "–"}
            yield Fault("accession.sheet_gap", "previous", params)
        if before is not None and before.sha256 == data.agreement.sha256:
            yield Fault("accession.same_digest", "previous.sha256")
        if before is not None and before.registered_on < data.agreement.registered_on:
            yield Fault("accession.before_agreement", "previous.registered_on", _days(data.agreement.registered_on))
        if data.decision.held_on < data.application.registered_on:
            params = _days(data.application.registered_on) | {"held_on": data.decision.held_on.isoformat()}
            yield Fault("accession.decision_before_application", "decision.held_on", params)
        if data.decision.held_on < data.agreement.registered_on:
            yield Fault("accession.before_agreement", "decision.held_on", _days(data.agreement.registered_on))

    def signatories(self, data: AccessionSheetData) -> tuple[Signatory, ...]:
        """The newcomer first: with the second signature the accession is complete."""
        ours = specialised_signatories(data.specialised, 2, _specialised_label(data))
        return (*ours, *party_signatories(data.newcomer, 2, 1, _newcomer_label(data)))

    def context(
        self, data: AccessionSheetData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        labels = (SPECIALISED, "Klasterin qoşulan iştirakçısı")
        before = data.previous
        return {
            "line": issuer_heading(data.specialised.issuer(), registration)["line"],
            "cluster": genitive(data.cluster.name),
            "sheet": str(data.sheet_number),
            "nco": genitive(nco(data.specialised.organisation)),
            "newcomer": data.newcomer.organisation.full_name,
            "agreement": {"text": _cited(data.agreement), "sha256": data.agreement.sha256},
            "previous": {"sheet": str(before.sheet_number), "text": _cited(before), "sha256": before.sha256}
            if before
            else None,
            "application": {"text": _cited(data.application), "sha256": data.application.sha256},
            "decision": f"{reference_date(data.decision.held_on)} tarixli {data.decision.number} nömrəli",
            "parties": accession_rows(data.specialised, (data.newcomer,), self.signatories(data), stand_ins, labels),
        }

    def sample(self) -> dict[str, Any]:
        return accession_sample()


def klaster_qosulma_vereqesi() -> KlasterQosulmaVereqesi:
    """The accession sheet to instrument 16."""
    return KlasterQosulmaVereqesi(
        model=AccessionSheetData,
        id="klaster-qosulma-vereqesi",
        title_az="Klasterin sənaye fəaliyyətində iştirak haqqında sazişə qoşulma vərəqəsi",
        title_en="Accession sheet to the agreement on taking part in the cluster",
        template="klaster-qosulma-vereqesi.v1",
        journal="KL-QV",
        journal_title="İştirak haqqında sazişlərə qoşulma vərəqələrinin qeydiyyatı jurnalı",
        case_index="KL-03",
        sources=("003 §4.15", "003 Əlavə 4, §3.5", "003 Əlavə 4, §4.2"),
    )


def _cited(document: CitedDocument) -> str:
    return cited(document.registered_on, document.number)


def _days(registered_on: date) -> dict[str, str | int]:
    return {"registered_on": registered_on.isoformat()}


def _specialised_label(data: AccessionSheetData) -> str:
    return f"{genitive(data.cluster.name)} ixtisaslaşdırılmış təşkilatı"


def _newcomer_label(data: AccessionSheetData) -> str:
    return f"{genitive(data.cluster.name)} qoşulan iştirakçısı"

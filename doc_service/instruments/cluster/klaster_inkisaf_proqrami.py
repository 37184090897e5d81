"""``klaster-inkisaf-proqrami``: the cluster's development programme, put together from its sections (003 §5.4–5.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doc_service.domain.azerbaijani import long_date, upper
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, PageLimit, Signatory, StandIns
from doc_service.instruments.cluster.common import cluster_faults, organisation_faults
from doc_service.instruments.cluster.development_parts import approved_lines, head_and_seal, sealed_rows
from doc_service.instruments.cluster.programme_data import ProgrammeData
from doc_service.instruments.cluster.programme_text import programme_context, programme_faults
from doc_service.instruments.samples.programme import programme_sample
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER


@dataclass(frozen=True, kw_only=True)
class KlasterInkisafProqrami(Instrument[ProgrammeData]):
    def check(self, data: ProgrammeData) -> tuple[Fault, ...]:
        """Totals that add up, a value for every year, projects within the programme (003 §5.6, §5.7)."""
        return (
            *cluster_faults(data.cluster),
            *organisation_faults(data.organisation.organisation, "organisation.organisation"),
            *programme_faults(data),
        )

    def signatories(self, data: ProgrammeData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation (003 §5.2), and its seal."""
        return head_and_seal(data.cluster, data.organisation)

    def page_limit(self) -> PageLimit:
        """003 §5.5: 50 to 70 pages of text."""
        return PageLimit(50, 70, "003 §5.5")

    def context(
        self, data: ProgrammeData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        return {
            "line": {
                "date": long_date(registration.registered_on) if registration else BLANK_DATE,
                "number": registration.number if registration else BLANK_NUMBER,
            },
            "approved": approved_lines(data.organisation, data.approval),
            "cover": {
                "organisation": upper(data.organisation.organisation.full_name),
                "cluster": upper(genitive(data.cluster.name)),
                "period": f"{data.first_year}–{ordinal(data.last_year)}",
                "place": f"{data.organisation.place} – {data.approval.held_on.year}",
            },
            **programme_context(data),
            **sealed_rows(self.signatories(data), data.organisation, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return programme_sample()


def klaster_inkisaf_proqrami() -> KlasterInkisafProqrami:
    """The instrument of 003 §5.4–5.7."""
    return KlasterInkisafProqrami(
        model=ProgrammeData,
        id="klaster-inkisaf-proqrami",
        title_az="Sənaye klasterinin inkişaf proqramı",
        title_en="Development programme of the industrial cluster",
        template="klaster-inkisaf-proqrami.v1",
        journal="KL-IP",
        journal_title="Sənaye klasterlərinin inkişaf proqramlarının qeydiyyatı jurnalı",
        case_index="KL-07",
        sources=("003 §5.2", "003 §5.4", "003 §5.5", "003 §5.6", "003 §5.7", "003 Əlavə 11", "003 Əlavə 12"),
    )

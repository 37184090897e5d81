"""``klaster-anket``: the questionnaire of a participant or infrastructure organisation (003 §4.17, Əlavə 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from doc_service.domain.azerbaijani import plain_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.clusters.kinds import PRODUCERS, kind_faults
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.figures import figure
from doc_service.domain.identifiers import check_email
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import cluster_faults, organisation_faults, seal
from doc_service.instruments.cluster.questionnaire_data import (
    FOOTNOTE,
    INDICATORS,
    JOBS,
    KIND_CHOICES,
    YEARS,
    Indicator,
    ProductData,
    ProposedProjectData,
    QuestionnaireData,
)
from doc_service.instruments.issuer import Issuer, issuer_heading
from doc_service.instruments.samples.questionnaire import questionnaire_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import paragraphs

_TICKED, _EMPTY = "[×]", "[  ]"
_ACTUAL, _FORECAST = "Faktiki", "Proqnoz"


@dataclass(frozen=True, kw_only=True)
class KlasterAnket(Instrument[QuestionnaireData]):
    """Signed by the organisation's head, with its seal."""

    def check(self, data: QuestionnaireData) -> tuple[Fault, ...]:
        """Identifiers; the kind fits the number of jobs; figures are complete, whole where they count, and no part is
        more than its whole (Əlavə 5)."""
        return tuple(self._faults(data))

    def _faults(self, data: QuestionnaireData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation, "organisation")
        yield from check_email(data.email, "email")
        yield from check_email(data.contact.email, "contact.email")
        yield from kind_faults(data.kind, _jobs(data))
        for number, (indicator, values) in enumerate(zip(INDICATORS, data.statistics.values, strict=True), 1):
            for year, value in enumerate(values):
                fault = _value_fault(data, number, indicator, year, value)
                if fault is not None:
                    yield fault

    def signatories(self, data: QuestionnaireData) -> tuple[Signatory, ...]:
        """The head, then the seal ("MY")."""
        label = f"{genitive(data.organisation.full_name)} rəhbəri"
        head = Signatory(field=field_name(1), order=1, person_id=data.head.id, role_label=label)
        return head, seal(data.organisation, data.seal_keeper or data.head, field=field_name(2), order=2)

    def context(
        self, data: QuestionnaireData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {person.id: person.to_domain() for person in (data.seal_keeper or data.head, data.head)}
        rows = signature_rows(self.signatories(data), people, stand_ins)
        issuer = Issuer(name=data.organisation.full_name, place=data.place)
        statistics = data.statistics
        return {
            "line": issuer_heading(issuer, registration)["line"],
            "cluster": genitive(data.cluster.name),
            "general": _general(data),
            "kinds": [
                {"mark": _TICKED if kind is data.kind else _EMPTY, "title": title}
                for kind, title in KIND_CHOICES.items()
            ],
            "volume_year": str(data.volume_year),
            "products": [_product(number, product) for number, product in enumerate(data.products, 1)],
            "projects": [_project(project) for project in data.projects],
            "years": [
                {
                    "year": str(statistics.first_year + place),
                    "status": _ACTUAL if place < statistics.actual_years else _FORECAST,
                }
                for place in range(YEARS)
            ],
            "indicators": [
                _indicator(number, indicator, values)
                for number, (indicator, values) in enumerate(zip(INDICATORS, statistics.values, strict=True), 1)
            ],
            "footnote": FOOTNOTE,
            "signatory": rows[0],
            "seal": rows[1],
        }

    def sample(self) -> dict[str, Any]:
        return questionnaire_sample()


def klaster_anket() -> KlasterAnket:
    """The instrument of 003 Əlavə 5."""
    return KlasterAnket(
        model=QuestionnaireData,
        id="klaster-anket",
        title_az="Sənaye klasterinin iştirakçısı və infrastrukturunun anketi",
        title_en="Questionnaire of a cluster's participant or infrastructure",
        template="klaster-anket.v1",
        journal="KL-AN",
        journal_title="İştirakçıların və infrastrukturun anketlərinin qeydiyyatı jurnalı",
        case_index="KL-04",
        sources=("003 §4.17", "003 Əlavə 5"),
    )


def _jobs(data: QuestionnaireData) -> int | None:
    """Number of jobs at the end of the last actual year, where it is given as a whole number."""
    value = data.statistics.values[JOBS - 1][data.statistics.actual_years - 1]
    return int(Decimal(value)) if value is not None and Decimal(value) % 1 == 0 else None


def _value_fault(
    data: QuestionnaireData, number: int, indicator: Indicator, year: int, value: str | None
) -> Fault | None:
    """The first rule that a figure breaks. A producer gives every figure; indicator 10 is a producer's only."""
    where = f"statistics.values[{number - 1}][{year}]"
    params: dict[str, str | int] = {"number": number, "year": data.statistics.first_year + year}
    producer = data.kind in PRODUCERS
    if value is None:
        return Fault("questionnaire.value_missing", where, params) if producer else None
    if indicator.participants_only and not producer:
        return Fault("questionnaire.participants_only", where, params)
    if indicator.whole and Decimal(value) % 1 != 0:
        return Fault("questionnaire.not_whole", where, params)
    whole = data.statistics.values[indicator.part_of - 1][year] if indicator.part_of else None
    if whole is not None and Decimal(value) > Decimal(whole):
        return Fault("questionnaire.part_exceeds", where, params | {"whole": indicator.part_of})
    return None


def _general(data: QuestionnaireData) -> dict[str, str]:
    """Values of the thirteen fields by what the form asks for."""
    contact = data.contact
    return {
        "legal_form": f"{data.abbreviation} ({data.organisation.legal_form})",
        "name": data.organisation.name,
        "legal_address": data.organisation.legal_address,
        "actual_address": data.organisation.address,
        "site": data.site or "–",
        "phone": data.phone,
        "fax": data.fax or "–",
        "email": data.email,
        "contact_name": contact.name.to_domain().full,
        "contact_post": contact.post,
        "contact_phone": contact.work_phone,
        "contact_mobile": contact.mobile or "–",
        "contact_email": contact.email,
        "agreement": data.agreement or "–",
        "founding_documents": data.founding_documents,
        "registration_certificate": data.registration_certificate,
        "tax_certificate": f"{data.tax_certificate}; VÖEN {data.organisation.voen}",
        "register_extract": f"{data.register_extract}; ərizənin verilmə tarixi: "
        f"{plain_date(data.extract_requested_on)}",
    }


def _product(number: int, product: ProductData) -> dict[str, str]:
    return {
        "no": f"{number}.",
        "name": product.name,
        "quantity": f"{figure(Decimal(product.quantity))} {product.unit}",
        "value": figure(Decimal(product.value)),
    }


def _project(project: ProposedProjectData) -> dict[str, Any]:
    return {
        "name": project.name,
        "participants": project.participants,
        "stages": paragraphs(project.stages),
        "description": paragraphs(project.description),
    }


def _indicator(number: int, indicator: Indicator, values: tuple[str | None, ...]) -> dict[str, Any]:
    shown = [figure(Decimal(value)) if value is not None else "–" for value in values]
    return {"no": f"{number}.", "title": indicator.title, "unit": indicator.unit, "values": shown}

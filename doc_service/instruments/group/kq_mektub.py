"""``kq-mektub``: a letter of the head to a state body, and the appeal to the Cabinet of Ministers (001 §5.3.2, §3.1.1).

An appeal names the recommendation that was not heeded by number, date and SHA-256 of the signed file, and what the
state body answered, so that the Cabinet holds the whole matter in one letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import lower
from doc_service.domain.bodies import BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.recommendations import RecommendationState, appeal_fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Line, Number, OptionalLine, Prose, Sha256, Strict
from doc_service.instruments.group.head_signs import HeadSigned, head_faults, head_signatory
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.people_data import NameData
from doc_service.instruments.samples.group_letters import letter_sample
from doc_service.instruments.signature_table import signature_rows
from doc_service.instruments.wording import STATUTE, cited, day_text, heading, paragraphs

CABINET: Final = "Azərbaycan Respublikasının Nazirlər Kabineti"
_CLOSING: Final = 600
_NOT_ANSWERED: Final = "Cavab daxil olmamışdır"


class LetterKind(StrEnum):
    """``appeal``: to the Cabinet of Ministers, after a recommendation that was not heeded (001 §3.1.1)."""

    ORDINARY = "ordinary"
    APPEAL = "appeal"


class LetterAddressee(Strict):
    """The organisation written to, and the office and name of its head where they are printed."""

    organisation: Line = Field(title="Ünvanlanan orqan (qurum)")
    post: OptionalLine = Field(default="", title="Ünvanlanan şəxsin vəzifəsi")
    name: NameData | None = Field(default=None, title="Ünvanlanan şəxsin soyadı, adı, atasının adı")


class ReplyTo(Strict):
    """The incoming letter that this one answers."""

    number: Line = Field(title="Daxil olan məktubun nömrəsi")
    dated: date = Field(title="Daxil olan məktubun tarixi")


class CitedAnswer(Strict):
    number: Line = Field(title="Cavab məktubunun nömrəsi")
    dated: date = Field(title="Cavab məktubunun tarixi")


class CitedRecommendation(Strict):
    """The signed recommendation, and what is recorded of it on the day of the letter (001 §3.1.1)."""

    document_id: Line = Field(title="Tövsiyənin sistemdəki identifikatoru")
    number: Line = Field(title="Tövsiyənin nömrəsi")
    registered_on: date = Field(title="Tövsiyənin tarixi")
    sha256: Sha256 = Field(title="İmzalanmış tövsiyənin SHA-256 nəzarət cəmi")
    addressee: Prose = Field(title="Tövsiyənin ünvanlandığı orqan (qurum)")
    subject: Line = Field(title="Tövsiyənin mövzusu")
    term: date | None = Field(default=None, title="Tövsiyənin icra müddəti")
    state: RecommendationState = Field(
        title="Tövsiyəyə münasibət",
        description="open – açıqdır, heeded – əməl olunub, not_heeded – əməl olunmayıb: 001 §3.1.1",
    )
    recorded_on: date = Field(title="Münasibətin qeydə alındığı gün")
    reason: Prose = Field(title="Əməl edilməməsinin səbəbi")
    answer: CitedAnswer | None = Field(default=None, title="Dövlət orqanının cavab məktubu")


class LetterAnnex(Strict):
    title: Line = Field(title="Əlavənin adı")
    sheets: Number | None = Field(default=None, title="Vərəqlərin sayı")


class Executor(Strict):
    """Who prepared the letter, as letters of state bodies name at their foot."""

    name: Line = Field(title="İcraçı")
    phone: OptionalLine = Field(default="", title="İcraçının telefonu")


class LetterData(HeadSigned):
    """A letter. ``recommendation`` belongs to an appeal and to nothing else."""

    kind: LetterKind = Field(title="Məktubun növü", description="ordinary – məktub, appeal – müraciət: 001 §3.1.1")
    addressee: LetterAddressee = Field(title="Ünvanlanan")
    reply_to: ReplyTo | None = Field(default=None, title="Cavab verilən məktub")
    subject: Line = Field(title="Məktubun mövzusu")
    text: Prose = Field(title="Məktubun mətni")
    recommendation: CitedRecommendation | None = Field(default=None, title="Əməl edilməmiş tövsiyə")
    annexes: tuple[LetterAnnex, ...] = Field(default=(), max_length=100, title="Əlavələr")
    executor: Executor | None = Field(default=None, title="İcraçı")


@dataclass(frozen=True, kw_only=True)
class KqMektub(Instrument[LetterData]):
    rules: Mapping[str, BodyRules]

    def check(self, data: LetterData) -> tuple[Fault, ...]:
        """Who signs (001 §5.3.2, §5.4), and what an appeal needs (001 §3.1.1)."""
        return wrong_body(data.body) or (*head_faults(data, "001 §5.3.2"), *_appeal_faults(data))

    def signatories(self, data: LetterData) -> tuple[Signatory, ...]:
        """The head, or the deputy for the absent head (001 §5.3.2, §5.4)."""
        return (head_signatory(data),)

    def context(
        self, data: LetterData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.signatory.person.id: data.signatory.person.to_domain()}
        name = data.addressee.name
        text, closing = closed(paragraphs(data.text))
        return {
            **heading(data.body, registration),
            "reply_to": f"{cited(data.reply_to.dated, data.reply_to.number)} məktuba cavab" if data.reply_to else "",
            "addressee": {
                "organisation": data.addressee.organisation,
                "post": data.addressee.post,
                "name": name.to_domain().full if name else "",
            },
            "subject": data.subject,
            "opening": _opening(data),
            "recommendation": _recommendation(data.recommendation) if data.recommendation else None,
            "text": text,
            "closing": closing,
            "annexes": [
                {"no": n, "title": a.title, "sheets": f"{a.sheets} vərəq" if a.sheets else ""}
                for n, a in enumerate(data.annexes, 1)
            ],
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
            "executor": {"name": data.executor.name, "phone": data.executor.phone} if data.executor else None,
        }

    def sample(self) -> dict[str, Any]:
        return letter_sample()


def kq_mektub(rules: Mapping[str, BodyRules]) -> KqMektub:
    """The instrument of 001 §5.3.2, §3.1.1."""
    return KqMektub(
        model=LetterData,
        id="kq-mektub",
        title_az="Məktub",
        title_en="Letter",
        template="kq-mektub.v1",
        journal="KQ-M",
        journal_title="Koordinasiya Qrupunun göndərilən məktublarının qeydiyyatı jurnalı",
        case_index="KQ-05",
        sources=("001 §5.3.2", "001 §3.1.1", "001 §5.6.6"),
        rules=rules,
    )


def is_cabinet(organisation: str) -> bool:
    """Whether a letter to ``organisation`` is one to the Cabinet of Ministers, whatever the capitals."""
    return " ".join(lower(organisation).split()) == lower(CABINET)


def closed(text: list[str]) -> tuple[list[str], str]:
    """The last paragraph by itself when it is short enough to stand with the signature on one page, so that no
    signature stands alone; "" when it is not."""
    return (text[:-1], text[-1]) if text and len(text[-1]) <= _CLOSING else (text, "")


def _appeal_faults(data: LetterData) -> Iterator[Fault]:
    found = data.recommendation
    if data.kind is LetterKind.ORDINARY:
        if found is not None:
            yield Fault("letter.recommendation_unexpected", "recommendation")
        return
    if not is_cabinet(data.addressee.organisation):
        yield Fault("appeal.addressee", "addressee.organisation", {"expected": CABINET})
    if found is None:
        yield Fault("letter.recommendation_missing", "recommendation")
        return
    fault = appeal_fault(found.state, found.term, found.recorded_on)
    if fault is not None:
        yield Fault(fault.code, "recommendation.state", fault.params)
    if found.recorded_on < found.registered_on:
        days = {"recorded_on": found.recorded_on.isoformat(), "registered_on": found.registered_on.isoformat()}
        yield Fault("appeal.recorded_too_early", "recommendation.recorded_on", days)
    if found.answer is not None and found.answer.dated > found.recorded_on:
        days = {"dated": found.answer.dated.isoformat(), "recorded_on": found.recorded_on.isoformat()}
        yield Fault("appeal.answer_after_record", "recommendation.answer.dated", days)


def _opening(data: LetterData) -> str:
    """What an appeal rests on; an ordinary letter has its own words only."""
    if data.kind is LetterKind.ORDINARY:
        return ""
    return (
        f"{data.body.name} {STATUTE}nin 3.1.1-ci yarımbəndini rəhbər tutaraq, sahibkarlıq subyektlərindən daxil olmuş "
        "şikayətlərin həllinə dair hazırladığı və müvafiq dövlət orqanına (qurumuna) təqdim etdiyi aşağıdakı tövsiyəyə "
        "əməl edilmədiyini bildirir və məsələnin həlli ilə əlaqədar müraciət edir."
    )


def _recommendation(found: CitedRecommendation) -> dict[str, Any]:
    answer = found.answer
    return {
        "number": found.number,
        "date": day_text(found.registered_on),
        "sha256": found.sha256,
        "addressee": found.addressee,
        "subject": found.subject,
        "term": day_text(found.term),
        "recorded_on": day_text(found.recorded_on),
        "answer": f"{day_text(answer.dated)}, № {answer.number}" if answer else _NOT_ANSWERED,
        "reason": paragraphs(found.reason),
    }

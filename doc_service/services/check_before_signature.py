"""Checks a draft before it goes to signature: whether it is made right, its visas, its annexes (004 §5.1.9).

What a program can know is known here, line by line; what only a person can see (the annexes in the hand) stands in the
list as "look". Registration asks the same and refuses what is "missing".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.visas import VisaState
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.registry import Registry
from doc_service.ports import Renderer, UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.record_checker import RecordCheck
from doc_service.services.signers import assignments
from doc_service.services.to_render import preview_request


class Finding(StrEnum):
    """``look``: for the person who checks."""

    GOOD = "good"
    MISSING = "missing"
    LOOK = "look"


class Line(StrEnum):
    """What is checked: the data and their rules, what they cite, the signatories, each unit's visa, the template, the
    annexes that the text names, the pages of text where a clause says how many there should be."""

    DATA = "data"
    RECORDS = "records"
    SIGNATORIES = "signatories"
    VISA = "visa"
    TEMPLATE = "template"
    ANNEX = "annex"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """``subject``: the unit of a visa, the title of an annex. ``faults``: why it is missing."""

    line: Line
    finding: Finding
    subject: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckBeforeSignature:
    """Changes nothing. Lines in the order of ``Line``. How long the text is shows only when it is printed: a draft
    whose length a clause foresees is rendered for it, which takes seconds, and is never refused for it."""

    work: Workspace
    registry: Registry
    renderer: Renderer
    records: Sequence[RecordCheck] = ()

    def __call__(self, document_id: str) -> tuple[CheckLine, ...]:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
            lines = self.of(uow, document)
        bad = any(line.faults for line in lines if line.line in (Line.DATA, Line.TEMPLATE))
        return lines if bad or document.registration else (*lines, *self._length(document))

    def _length(self, document: Document) -> Iterator[CheckLine]:
        instrument = self.registry.get(document.instrument)
        limit = instrument.page_limit()
        if limit is None:
            return
        wanted = preview_request(instrument, document.data, baku_date(self.work.clock.now()))
        try:
            rendered = self.renderer.render(replace(wanted, template=document.template.name))
        except DomainError as error:
            yield CheckLine(Line.LENGTH, Finding.LOOK, faults=error.faults)
            return
        warning = limit.warning(rendered.text_pages)
        yield CheckLine(Line.LENGTH, Finding.LOOK if warning else Finding.GOOD, faults=(warning,) if warning else ())

    def of(self, uow: UnitOfWork, document: Document) -> tuple[CheckLine, ...]:
        """The lines of ``document`` in the caller's unit of work."""
        instrument = self.registry.get(document.instrument)
        data = _line(Line.DATA, _data_faults(instrument, document))
        if data.finding is Finding.MISSING:
            return (data,)
        cited = [fault for check in self.records for fault in check(uow, document)]
        return (
            data,
            _line(Line.RECORDS, cited),
            _line(Line.SIGNATORIES, self._signatory_faults(uow, instrument, document)),
            *_visas(uow, instrument, document),
            _line(Line.TEMPLATE, self._template_faults(document)),
            *_annexes(document),
        )

    def require(self, uow: UnitOfWork, document: Document) -> None:
        """Raises ``DomainError`` with the fault of every line that is "missing"."""
        faults = [fault for line in self.of(uow, document) for fault in line.faults]
        if faults:
            raise DomainError.of(faults)

    def _signatory_faults(self, uow: UnitOfWork, instrument: AnyInstrument, document: Document) -> Sequence[Fault]:
        signatories = instrument.signatories(instrument.validate(document.data))
        try:
            assignments(uow, document, signatories, baku_date(self.work.clock.now()))
        except DomainError as error:
            return error.faults
        return ()

    def _template_faults(self, document: Document) -> Sequence[Fault]:
        try:
            now = self.renderer.template_sha256(document.template.name)
        except DomainError as error:
            return error.faults
        name = document.template.name
        return () if now == document.template.sha256 else (Fault("template.changed", "template", {"template": name}),)


def _line(line: Line, faults: Sequence[Fault], subject: str = "") -> CheckLine:
    return CheckLine(line, Finding.MISSING if faults else Finding.GOOD, subject, tuple(faults))


def _data_faults(instrument: AnyInstrument, document: Document) -> Sequence[Fault]:
    try:
        return instrument.check(instrument.validate(document.data))
    except DomainError as error:
        return error.faults


def _visas(uow: UnitOfWork, instrument: AnyInstrument, document: Document) -> Iterator[CheckLine]:
    """Of the present round; a draft that was never submitted has none (004 §5.1.10: "vizaların tam və düzgün")."""
    visas = uow.visas.of_document(document.id)
    latest = max((v.round for v in visas), default=0)
    fresh = document.state not in (DocumentState.DRAFT, DocumentState.RETURNED)
    granted = {v.unit for v in visas if v.round == latest and v.state is VisaState.GRANTED} if fresh else set()
    for unit in instrument.visa_units:
        faults = () if unit in granted else (Fault("check.visa_missing", "visas", {"unit": unit}),)
        yield _line(Line.VISA, faults, unit)


def _annexes(document: Document) -> Iterator[CheckLine]:
    for annex in document.data.get("annexes") or ():
        title = annex if isinstance(annex, str) else str(annex.get("title", ""))
        yield CheckLine(Line.ANNEX, Finding.LOOK, title)

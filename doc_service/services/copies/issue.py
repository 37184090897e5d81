"""Issues certified copies and extracts of archived originals (004 §5.1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from doc_service.domain.audit_events import Action
from doc_service.domain.copies import CopyForm, CopyIssue, IssueKind, Recipient
from doc_service.domain.documents import Document, TemplateRef
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person
from doc_service.domain.retention import Case, case_of
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.registry import Registry
from doc_service.ports import Renderer, UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.copies.house import House
from doc_service.services.copies.original import CheckedOriginal, CheckOriginal
from doc_service.services.copies.register_at_once import register_at_once
from doc_service.services.nomenclature import NomenclatureInForce
from doc_service.services.policy import SigningPolicy


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """What is asked for. ``copy_id`` is the caller's, so that a repeated request is recognised. ``items``: of an
    extract, the agenda items; empty for a copy of the whole. ``purpose``: why it is given."""

    copy_id: str
    original_id: str
    recipient: Recipient
    purpose: str
    form: CopyForm = CopyForm.ELECTRONIC
    items: tuple[int, ...] = ()

    @property
    def kind(self) -> IssueKind:
        return IssueKind.EXTRACT if self.items else IssueKind.COPY


@dataclass(frozen=True, slots=True)
class Making:
    """What the data of a copy are made from."""

    wanted: IssueRequest
    original: CheckedOriginal
    organisation: Organisation
    certifier: Person
    code: str
    address: str
    place: str
    case: Case


class CopyMaker(Protocol):
    """The data of one kind of copy."""

    @property
    def instrument(self) -> str: ...
    def __call__(self, registry: Registry, making: Making) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class IssueCopy:
    """Checks the original now, then registers the copy and the issue in one transaction; rendering, seal, time stamps
    and archive follow as for every document.

    A refusal ("copy.…", "extract.…") is recorded with its reason before it is raised. The same request again gives the
    same copy; another one under its id is ``ConflictError`` "copy.other"."""

    work: Workspace
    registry: Registry
    renderer: Renderer
    policy: SigningPolicy
    check: CheckOriginal
    house: House
    makers: Mapping[IssueKind, CopyMaker]
    nomenclature: NomenclatureInForce = field(default_factory=NomenclatureInForce)

    def __call__(self, wanted: IssueRequest, actor: str) -> Document:
        known = self._known(wanted)
        if known is not None:
            return known
        with self._refusals(wanted, actor):
            original = self.check(wanted.original_id, wanted.recipient, parts=wanted.kind is IssueKind.EXTRACT)
            draft, code = self._draft(wanted, original, actor)
        issue = CopyIssue(
            wanted.copy_id, wanted.original_id, original.revision.sha256, wanted.kind, wanted.form, code,
            wanted.recipient, wanted.purpose, actor, self.work.clock.now(), wanted.items,
        )  # fmt: skip
        with self.work.uow() as uow:
            now = uow.documents.get(wanted.original_id)
            if now.head != original.revision or now.state is not original.document.state:
                raise ConflictError("state.stale", "original_id", aggregate="document", id=wanted.original_id)
            journal = self.registry.get(draft.instrument).journal
            document = register_at_once(self.work, uow, draft, journal, actor)
            uow.copies.add(issue)
            self._record(uow, issue, document, actor)
            uow.commit()
        return document

    def _known(self, wanted: IssueRequest) -> Document | None:
        with self.work.uow.reading() as uow:
            issue = uow.copies.find(wanted.copy_id)
            if issue is None:
                return None
            said = (issue.original_id, issue.form, issue.items, issue.recipient, issue.purpose)
            if said != (wanted.original_id, wanted.form, wanted.items, wanted.recipient, wanted.purpose):
                raise ConflictError("copy.other", "id", id=wanted.copy_id)
            return uow.documents.get(wanted.copy_id)

    def _draft(self, wanted: IssueRequest, original: CheckedOriginal, actor: str) -> tuple[Document, str]:
        with self.work.uow.reading() as uow:
            organisation, certifier = self.house.certifier(uow, actor)
            place = uow.bodies.get(original.document.body_id).place
            cases = self.nomenclature(uow, original.document)
        case = case_of(original.document.case_index, cases)
        code = self.house.code()
        maker = self.makers[wanted.kind]
        making = Making(wanted, original, organisation, certifier, code, self.house.check_address(code), place, case)
        instrument = self.registry.get(maker.instrument)
        return self._document(instrument, maker(self.registry, making), making), code

    def _document(self, instrument: AnyInstrument, raw: Mapping[str, Any], making: Making) -> Document:
        """Of the original's body and meeting: what restricts the original restricts its copy."""
        model = instrument.validate(raw)
        faults = instrument.check(model)
        if faults:
            raise DomainError.of(faults)
        source = making.original.document
        return Document(
            id=making.wanted.copy_id,
            instrument=instrument.id,
            title=instrument.title_az,
            body_id=source.body_id,
            meeting_id=source.meeting_id,
            data=model.model_dump(mode="json"),
            template=TemplateRef(instrument.template, self.renderer.template_sha256(instrument.template)),
            case_index=instrument.case_index,
            created_at=self.work.clock.now(),
            signature_level=str(self.policy.signature_level),
            final_level=str(self.policy.final_level),
        )

    def _record(self, uow: UnitOfWork, issue: CopyIssue, copy: Document, actor: str) -> None:
        """Names and purpose are personal data and stay in the register."""
        assert copy.registration is not None
        details = {
            "copy": issue.id,
            "kind": str(issue.kind),
            "form": str(issue.form),
            "number": copy.registration.number,
            "original_sha256": issue.original_sha256,
            "recipient": issue.recipient.person_id,
        }
        self.work.record(uow, actor, Action.COPY_ISSUED, ("document", issue.original_id), details)

    @contextmanager
    def _refusals(self, wanted: IssueRequest, actor: str) -> Iterator[None]:
        try:
            yield
        except DomainError as error:
            if error.code.startswith(("copy.", "extract.")):
                self._refused(wanted, actor, error.code)
            raise

    def _refused(self, wanted: IssueRequest, actor: str, code: str) -> None:
        details = {"code": code, "kind": str(wanted.kind), "form": str(wanted.form), "copy": wanted.copy_id,
                   "recipient": wanted.recipient.person_id}  # fmt: skip
        with self.work.uow() as uow:
            self.work.record(uow, actor, Action.COPY_REFUSED, ("document", wanted.original_id), details)
            uow.commit()

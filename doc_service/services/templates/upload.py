"""A new version of a template is uploaded, and checked at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.templates import (
    CheckedPart,
    TemplateAction,
    TemplateCheck,
    TemplateHistory,
    TemplateMove,
    TemplateVersion,
)
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.registry import Registry
from doc_service.ports import UnitOfWork
from doc_service.ports_templates import Candidate, PackagedTemplates, TemplateJudge
from doc_service.services.base import Workspace
from doc_service.services.templates.choose import sample_context
from doc_service.services.templates.render_sample import RenderSample

SUBJECT = "template"
LARGEST = 5 * 1024 * 1024
"""Bytes of a DOCX."""


@dataclass(frozen=True, slots=True)
class UploadTemplate:
    """The version is kept whatever its checks say, with their result; only one that passed can be activated. The same
    file again comes back as it is, and the checks that a dying process left open are made.

    Raises ``NotFoundError`` "instrument.unknown", ``DomainError`` "template.too_large", and "template.unreadable" for
    what is no DOCX at all."""

    work: Workspace
    registry: Registry
    packaged: PackagedTemplates
    judge: TemplateJudge
    sample: RenderSample

    def __call__(
        self, instrument_id: str, content: bytes, note: str, actor: str, reconstructed: Sequence[str] | None = None
    ) -> TemplateHistory:
        instrument = self.registry.get(instrument_id)
        if len(content) > LARGEST:
            raise DomainError("template.too_large", "content", limit=LARGEST // (1024 * 1024))
        version = self._kept(instrument, content, note, actor, reconstructed)
        with self.work.uow.reading() as uow:
            known = uow.templates.get(version.name)
        if known.moves:
            return known
        checks = self._checks(instrument, version, content)
        return self._decided(version, checks, actor)

    def _kept(
        self, instrument: AnyInstrument, content: bytes, note: str, actor: str, reconstructed: Sequence[str] | None
    ) -> TemplateVersion:
        sha256 = hashlib.sha256(content).hexdigest()
        with self.work.uow() as uow:
            known = uow.templates.of_instrument(instrument.id)
            same = next((h.version for h in known if h.version.sha256 == sha256), None)
            if same is not None:
                return same
            packaged = self.packaged(instrument.template)
            before = known[-1].version.manifest if known else packaged.manifest
            manifest = self._manifest(before, content, reconstructed)
            number = 1 + max([h.version.number for h in known] + [int(instrument.template.rpartition(".v")[2])])
            version = TemplateVersion(
                instrument.id, number, f"{instrument.id}.v{number}", sha256, manifest,
                tuple(reconstructed or ()), note, self.work.clock.now(), actor,
            )  # fmt: skip
            uow.templates.add(version, content)
            details = {"instrument": instrument.id, "sha256": sha256, "size": len(content)}
            self.work.record(uow, actor, Action.TEMPLATE_UPLOADED, (SUBJECT, version.name), details)
            uow.commit()
        return version

    def _manifest(self, before: str, content: bytes, reconstructed: Sequence[str] | None) -> str:
        """A broken file is the sender's fault here, and not the operator's."""
        try:
            return self.judge.manifest(before, content, reconstructed)
        except DomainError as error:
            reason = str(error.faults[0].params.get("reason", error.code))
            raise DomainError("template.unreadable", "content", reason=reason) from error

    def _checks(self, instrument: AnyInstrument, version: TemplateVersion, content: bytes) -> tuple[TemplateCheck, ...]:
        found = self.judge.judge(Candidate(version.name, content, version.manifest, sample_context(instrument)))
        if any(not check.ok for check in found):
            return found
        try:
            pdf = self.sample.of(instrument, version.name)
        except DomainError as error:
            fault = error.faults[0]
            detail = ", ".join(f"{name}: {value}" for name, value in fault.params.items())
            return (*found, TemplateCheck(CheckedPart.SAMPLE, False, fault.code, detail))
        return (*found, TemplateCheck(CheckedPart.SAMPLE, True), *self.judge.rendered(pdf))

    def _decided(self, version: TemplateVersion, checks: tuple[TemplateCheck, ...], actor: str) -> TemplateHistory:
        action = TemplateAction.PASS if all(check.ok for check in checks) else TemplateAction.REFUSE
        with self.work.uow() as uow:
            history = uow.templates.get(version.name)
            if not history.moves:
                recorded = moved(self.work, uow, history, action, actor, checks=checks)
                failed = [str(c.part) for c in checks if not c.ok]
                details = {"action": str(action), "failed": failed}
                self.work.record(uow, actor, Action.TEMPLATE_CHECKED, (SUBJECT, version.name), details)
                history = recorded
            uow.commit()
        return history


def moved(
    work: Workspace, uow: UnitOfWork, history: TemplateHistory, action: TemplateAction, actor: str, **changes: object
) -> TemplateHistory:
    """Stores the move; the history after it. Raises ``ConflictError`` "state.not_allowed"."""
    state, name = history.next_state(action), history.version.name
    move = TemplateMove(work.ids.new(), name, action, state, work.clock.now(), actor, **changes)  # type: ignore[arg-type]
    uow.templates.move(move)
    return TemplateHistory(history.version, (*history.moves, move))

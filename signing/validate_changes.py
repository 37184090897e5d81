"""What later revisions did to a signed revision: neighbours compared once, verdicts chained.

pyHanko compares the revision of every signature with every later revision. Here revision k is compared with k+1 only,
once for the whole file, by the same rules (`pyhanko.sign.diff_analysis`), and the verdict on a signature is the worst
of all steps after it. That is sound: a change that is undone later is still a change in its step, and each rule bounds
a step by what may follow the state before it, so a chain of permitted steps never reaches further than the comparison
with the signed revision would permit. It is stricter where the object was itself added after the signature, for
example when the signature of a later signer is replaced. Field locks and DocMDP (ISO 32000-2, 12.8.2.2 and 12.8.2.4)
are judged on what all the steps changed together.

By default the rules are narrower than pyHanko's: after a signature nobody may fill in text fields or add fields, for
the documents of this service carry all their fields before the first signature. Only a field for a document time
stamp, without an appearance, may still be added (EN 319 142-1, 5.4.3).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffPolicy,
    DocInfoRule,
    DSSCompareRule,
    FieldMDPRule,
    FormUpdate,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.form_rules_api import FieldComparisonContext
from pyhanko.sign.diff_analysis.rules.form_field_rules import is_annot_visible
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from signing.api import SigningError
from signing.validate_history import HistoryReader
from signing.validate_objects import entry
from signing.validate_structure import FAULTS

_log = logging.getLogger(__name__)


class Change(IntEnum):
    """The worst that happened after a signature, mildest first."""

    NONE = 0
    EXTENSION = 1
    SIGNATURES = 2
    ILLEGAL = 3


CHANGE_NAMES = {
    Change.NONE: "none",
    Change.EXTENSION: "extension",
    Change.SIGNATURES: "signatures",
    Change.ILLEGAL: "illegal",
}


@dataclass(frozen=True)
class Step:
    """From one revision to the next: whether it may be made at all (a step that cannot be compared may not),
    ``fields`` changed in a way that a lock forbids, and whether some change is permitted after approval signatures
    only (``uncertified``)."""

    revision: int
    change: Change
    fields: frozenset[str] = frozenset()
    uncertified: bool = False


@dataclass(frozen=True)
class ChangeVerdict:
    """All steps after one signature. ``code`` is "" or the finding, with the number of the revision at fault."""

    change: Change
    code: str = ""
    revision: int = 0
    field: str = ""


class NewFieldRule(FieldMDPRule):
    """Fields added after a signature: only those that hold a document time stamp and show nothing."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        for name, spec in context.field_specs.items():
            if spec.old_field_ref is None and spec.new_field is not None and not _holds_time_stamp(spec.new_field):
                raise SuspiciousModification(f"field {name} was added after signing")
        return ()


def _holds_time_stamp(field: generic.DictionaryObject) -> bool:
    value = entry(field, "/V")
    kinds = (entry(field, "/FT"), entry(value, "/Type") if isinstance(value, generic.DictionaryObject) else None)
    return tuple(map(str, kinds)) == ("/Sig", "/DocTimeStamp") and "/Kids" not in field and not _shown(field)


def _shown(field: generic.DictionaryObject) -> bool:
    return bool(is_annot_visible(field))  # type: ignore[no-untyped-call]


class _RecordingFormRule(FormUpdatingRule):
    """The form rules, noting whether they let anything pass that a certification forbids."""

    def __init__(self, field_rules: list[FieldMDPRule]) -> None:
        super().__init__(field_rules=field_rules)
        self.uncertified = False

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
        for level, update in super().apply(old, new):
            self.uncertified = self.uncertified or not update.valid_when_certifying
            yield level, update


def _policy(form_rule: FormUpdatingRule) -> DiffPolicy:
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(),  # type: ignore[no-untyped-call]
            DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
            XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
            ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
            DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
            _metadata_rule().as_qualified(ModificationLevel.LTA_UPDATES),
        ],
        form_rule=form_rule,
    )


def _metadata_rule() -> MetadataUpdateRule:
    return MetadataUpdateRule()  # type: ignore[no-untyped-call]


class ChangeHistory:
    """The steps of one file, each computed when first asked for. ``fill_and_add``: pyHanko's own, wider rules."""

    def __init__(self, reader: HistoryReader, *, fill_and_add: bool = False) -> None:
        self._reader = reader
        own: list[FieldMDPRule] = [GenericFieldModificationRule()] if fill_and_add else [NewFieldRule()]
        new_fields = SigFieldCreationRule()  # type: ignore[no-untyped-call]
        self._form_rule = _RecordingFormRule([*own, new_fields, SigFieldModificationRule()])
        self._policy = _policy(self._form_rule)
        self._steps: dict[int, Step] = {}

    def after(self, revision: int, *, locks: FieldMDPSpec | None, permission: MDPPerm | None) -> ChangeVerdict:
        """Verdict on a signature of ``revision`` with its FieldMDP ``locks`` and DocMDP ``permission``."""
        worst = Change.NONE
        for number in range(revision + 1, self._reader.xrefs.total_revisions):
            step = self._step(number)
            if step.change is Change.ILLEGAL:
                return ChangeVerdict(Change.ILLEGAL, "signing.changed_after_signing", number)
            locked = sorted(name for name in step.fields if locks is not None and locks.is_locked(name))
            if locked:
                return ChangeVerdict(Change.ILLEGAL, "signing.locked_field_changed", number, locked[0])
            if permission is not None and (step.uncertified or _exceeds(step.change, permission)):
                return ChangeVerdict(Change.ILLEGAL, "signing.change_forbidden_by_signature", number)
            worst = max(worst, step.change)
        return ChangeVerdict(worst)

    def _step(self, number: int) -> Step:
        step = self._steps.get(number)
        if step is None:
            step = self._steps[number] = self._compare(number)
        return step

    def _compare(self, number: int) -> Step:
        self._form_rule.uncertified = False
        reader = self._reader
        old, new = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
        try:
            result = self._policy.apply(old, new)
        except misc.PdfDecodeLimitError as fault:
            raise SigningError("signing.decode_limit", limit="stream") from fault
        except FAULTS as fault:
            _log.info("revision %d is not a permitted change: %s", number, fault)
            return Step(number, Change.ILLEGAL)
        finally:
            reader.forget(number - 1)
        change = _change_of(result.modification_level)
        return Step(number, change, frozenset(result.changed_form_fields), self._form_rule.uncertified)


def _change_of(level: ModificationLevel) -> Change:
    if level <= ModificationLevel.LTA_UPDATES:
        return Change.EXTENSION
    return Change.SIGNATURES if level == ModificationLevel.FORM_FILLING else Change.ILLEGAL


def _exceeds(change: Change, permission: MDPPerm) -> bool:
    """DocMDP 1 permits what archiving needs and nothing else; 2 and 3 permit signing too."""
    return change > Change.EXTENSION and permission is MDPPerm.NO_CHANGES

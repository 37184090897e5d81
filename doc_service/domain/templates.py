"""Versions of templates: a secretariat's own wording and layout, checked and brought into use from a day on.

A version is written once and never changed; what became of it is a list of moves. A document remembers the version and
digest it was made from, so an old one is always made as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from doc_service.domain.errors import DomainError
from doc_service.domain.transitions import TransitionTable


class TemplateState(StrEnum):
    UPLOADED = "uploaded"
    CHECKED = "checked"
    REFUSED = "refused"
    ACTIVATED = "activated"
    WITHDRAWN = "withdrawn"


class TemplateAction(StrEnum):
    """``refuse``: a check failed; the version stays on record and is never used."""

    PASS = "pass"  # noqa: S105 - the name of a move
    REFUSE = "refuse"
    ACTIVATE = "activate"
    WITHDRAW = "withdraw"


_S, _A = TemplateState, TemplateAction

TEMPLATE_TRANSITIONS: TransitionTable[TemplateState, TemplateAction] = TransitionTable(
    "template",
    {
        (_S.UPLOADED, _A.PASS): _S.CHECKED,
        (_S.UPLOADED, _A.REFUSE): _S.REFUSED,
        (_S.CHECKED, _A.ACTIVATE): _S.ACTIVATED,
        (_S.CHECKED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.ACTIVATED, _A.WITHDRAW): _S.WITHDRAWN,
    },
)


class CheckedPart(StrEnum):
    """What is checked of an uploaded template, in this order."""

    PACKAGE = "package"
    VARIABLES = "variables"
    FONTS = "fonts"
    PAGE = "page"
    SAMPLE = "sample"
    PDFA = "pdfa"


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """``ok`` False: the version is refused. ``detail``: what was found, for the person who uploaded it."""

    part: CheckedPart
    ok: bool
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """``name``: "<instrument>.v<number>", as documents name it. ``manifest``: TOML, as beside packaged templates;
    ``reconstructed``: parts that no official form gives; ``note``: why there is a new version."""

    instrument: str
    number: int
    name: str
    sha256: str
    manifest: str
    reconstructed: tuple[str, ...]
    note: str
    uploaded_at: datetime
    uploaded_by: str


@dataclass(frozen=True, slots=True)
class TemplateMove:
    """``since``: the first day on which it is used, of an activation. ``checks``: of the check that was passed or
    failed. ``reason``: of a withdrawal."""

    id: str
    name: str
    action: TemplateAction
    state: TemplateState
    at: datetime
    actor: str
    since: date | None = None
    checks: tuple[TemplateCheck, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TemplateHistory:
    """One version with everything that became of it."""

    version: TemplateVersion
    moves: tuple[TemplateMove, ...] = field(default=())

    @property
    def state(self) -> TemplateState:
        return self.moves[-1].state if self.moves else TemplateState.UPLOADED

    @property
    def since(self) -> date | None:
        """From when it is used; None: not in use."""
        last = self.moves[-1] if self.moves else None
        return last.since if last is not None and last.state is TemplateState.ACTIVATED else None

    @property
    def checks(self) -> tuple[TemplateCheck, ...]:
        return next((m.checks for m in self.moves if m.checks), ())

    def next_state(self, action: TemplateAction) -> TemplateState:
        """Raises ``ConflictError`` "state.not_allowed"."""
        return TEMPLATE_TRANSITIONS.next(self.state, action)


def in_use(histories: Sequence[TemplateHistory], day: date) -> TemplateVersion | None:
    """The version used on ``day``: of those activated by then the one activated from the latest day, of equals the
    newest; None: the packaged one."""
    ready = [(h.since, h.version.number, h.version) for h in histories if h.since is not None and h.since <= day]
    return max(ready, key=lambda r: r[:2])[2] if ready else None


def check_since(since: date, today: date) -> None:
    """A template comes into use today or later: what was made is not made otherwise afterwards. Raises
    "template.since_past"."""
    if since < today:
        raise DomainError("template.since_past", "since", since=since.isoformat(), today=today.isoformat())

"""How an organisation joins a cluster that has been founded (003 §3.5 of Əlavə 4, §4.4 e), §4.16, §4.17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.transitions import TransitionTable

ENCLOSURES: Mapping[int, str] = MappingProxyType(
    {
        1: "Hüquqi şəxsin nizamnaməsinin surəti (ərizəçi hüquqi şəxs olduqda)",
        2: "Hüquqi şəxslərin (fərdi sahibkarların) dövlət qeydiyyatına alınması barədə şəhadətnamə",
        3: "Hüquqi şəxslərin (fərdi sahibkarların) dövlət reyestrindən çıxarışın surəti",
        4: "Vergi qeydiyyatına dair Şəhadətnamə (VÖEN)",
        5: "Səlahiyyətli nümayəndənin (təmsilçinin) səlahiyyətlərini təsdiq edən sənəd",
        6: "Baş mühasib haqqında məlumatları əks edən sənəd",
        7: "Klaster iştirakçısının anketi",
    }
)
"""The seven enclosures of the application (003 Əlavə 4, annex 1)."""
CHARTER, QUESTIONNAIRE = 1, 7


class AccessionState(StrEnum):
    OPENED = "opened"
    APPLIED = "applied"
    ADMITTED = "admitted"
    ACCEDED = "acceded"
    ENTERED = "entered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AccessionAction(StrEnum):
    APPLY = "apply"
    ADMIT = "admit"
    REFUSE = "refuse"
    ACCEDE = "accede"
    ENTER = "enter"
    WITHDRAW = "withdraw"


_S, _A = AccessionState, AccessionAction
ACCESSION_TRANSITIONS: TransitionTable[AccessionState, AccessionAction] = TransitionTable(
    "accession",
    {
        (_S.OPENED, _A.APPLY): _S.APPLIED,
        (_S.APPLIED, _A.ADMIT): _S.ADMITTED,
        (_S.APPLIED, _A.REFUSE): _S.REFUSED,
        (_S.ADMITTED, _A.ACCEDE): _S.ACCEDED,
        (_S.ACCEDED, _A.ENTER): _S.ENTERED,
        **{(s, _A.WITHDRAW): _S.WITHDRAWN for s in (_S.OPENED, _S.APPLIED, _S.ADMITTED)},
    },
)
LIVE = frozenset({_S.OPENED, _S.APPLIED, _S.ADMITTED, _S.ACCEDED})


@dataclass(frozen=True, slots=True)
class Accession:
    """``questionnaire_id``, ``application_id``, ``protocol_id`` (with the agenda item's number) and ``sheet_id`` are
    the documents of its steps ("": not yet). ``sheet_number``: of the agreement's sheets, from 1; ``sheet_sha256``: of
    the signed sheet, which the next one is bound to. ``edition``: the registry's edition that took it in."""

    id: str
    cluster_id: str
    organisation_id: str
    kind: ParticipantKind
    opened_at: datetime
    employees: int | None = None
    questionnaire_id: str = ""
    application_id: str = ""
    protocol_id: str = ""
    protocol_item: int | None = None
    agreement_id: str = ""
    sheet_id: str = ""
    sheet_number: int | None = None
    sheet_sha256: str = ""
    edition: int | None = None
    reason: str = ""
    state: AccessionState = AccessionState.OPENED
    version: int = 0

    @property
    def live(self) -> bool:
        return self.state in LIVE

    def moved(self, action: AccessionAction, **changes: Any) -> Accession:
        """Raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=ACCESSION_TRANSITIONS.next(self.state, action), **changes)


def needed_enclosures(natural: bool) -> frozenset[int]:
    """Numbers of the enclosures that must be there: the charter only of a legal person."""
    return frozenset(ENCLOSURES) - ({CHARTER} if natural else set())

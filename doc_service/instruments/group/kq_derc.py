"""``kq-derc``: what was discussed at a meeting, for the Agency's web site; restricted items are left out (001 §5.6.3).

Nobody signs it: it is a text of the secretariat, and says of itself which signed protocol it was taken from. Names of
speakers, of invited persons and of those responsible stay in the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.bodies import ActKind, BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.voting import Outcome
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Line, OptionalProse, Strict
from doc_service.instruments.group.protocol_items import (
    OUTCOMES,
    SourceMeeting,
    SourceProtocol,
    act_data,
    meeting_context,
    meeting_data,
    sitting_of,
    source_data,
    taken,
)
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.people_data import BodyData
from doc_service.instruments.samples.group_summary import summary_sample
from doc_service.instruments.wording import ACTS, MEETING_KINDS, cited, counted, day_text, heading, paragraphs

_LEFT_OUT: Final = (
    "Əldə edilməsi qanunla məhdudlaşdırılan məlumatlar Əsasnamənin 5.6.3-cü yarımbəndinə əsasən bu mətnə daxil "
    "edilməmişdir."
)


class SummaryAct(Strict):
    kind: ActKind = Field(title="Aktın növü", description="qərar, təklif, tövsiyə: 001 §5.10")
    text: OptionalProse = Field(title="Aktın mətni")
    outcome: Outcome = Field(title="Nəticə", description="adopted – qəbul edildi, not_adopted – qəbul edilmədi")


class SummaryItem(Strict):
    """One item that everybody may read of."""

    title: Line = Field(title="Məsələ")
    discussion: OptionalProse = Field(default="", title="Müzakirənin xülasəsi")
    act: SummaryAct | None = Field(default=None, title="Akt")


class SummaryData(Strict):
    """The public text. ``left_out``: the meeting had items that are restricted by law; which ones, it does not say."""

    body: BodyData = Field(title="Kollegial orqan")
    protocol: SourceProtocol = Field(title="Protokol")
    meeting: SourceMeeting = Field(title="İclas")
    items: tuple[SummaryItem, ...] = Field(max_length=200, title="Müzakirə olunan məsələlər")
    left_out: bool = Field(title="Məhdudlaşdırılan məsələlər çıxarılıb", description="001 §5.6.3")


@dataclass(frozen=True, kw_only=True)
class KqDerc(Instrument[SummaryData]):
    rules: Mapping[str, BodyRules]

    def from_protocol(self, protocol: Mapping[str, Any], registration: Registration, sha256: str) -> dict[str, Any]:
        """The public text of a signed protocol; restricted items are left out with their titles (001 §5.6.3)."""
        sitting = sitting_of(self.rules, protocol)
        public = [a.number for a in sitting.meeting.agenda if not a.restricted]
        items = []
        for found in taken(sitting, public):
            act = act_data(sitting, found.item)
            items.append(
                {
                    "title": found.point.title,
                    "discussion": found.item.discussion,
                    "act": act and {name: act[name] for name in ("kind", "text", "outcome")},
                }
            )
        return {
            "body": sitting.data.body.model_dump(mode="json"),
            "protocol": source_data(registration, sha256),
            "meeting": meeting_data(sitting),
            "items": items,
            "left_out": len(public) < len(sitting.meeting.agenda),
        }

    def check(self, data: SummaryData) -> tuple[Fault, ...]:
        """There is something to publish, unless all of it is restricted; the protocol follows the meeting."""
        return wrong_body(data.body) or tuple(_faults(data))

    def signatories(self, data: SummaryData) -> tuple[Signatory, ...]:
        """Nobody (001 §5.6.3)."""
        return ()

    def context(
        self, data: SummaryData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        meeting = data.meeting
        return {
            **heading(data.body, registration),
            "meeting": meeting_context(meeting, MEETING_KINDS),
            "opening": (
                f"{day_text(meeting.held_on)} tarixində {genitive(data.body.name)} {meeting.number} nömrəli iclası "
                f"keçirilmişdir. İclasda {counted(meeting.members)} üzvdən {counted(meeting.attending)} üzv iştirak "
                "etmişdir."
            ),
            "items": [
                {
                    "no": n,
                    "title": item.title,
                    "discussion": paragraphs(item.discussion),
                    "act": _act(item.act) if item.act else None,
                }
                for n, item in enumerate(data.items, 1)
            ],
            "left_out": _LEFT_OUT if data.left_out else "",
            "source": f"{cited(data.protocol.registered_on, data.protocol.number)} protokol",
        }

    def sample(self) -> dict[str, Any]:
        return summary_sample()


def kq_derc(rules: Mapping[str, BodyRules]) -> KqDerc:
    """The instrument of 001 §5.6.3."""
    return KqDerc(
        model=SummaryData,
        id="kq-derc",
        title_az="Saytda yerləşdirmə mətni",
        title_en="Text for publication on the web site",
        template="kq-derc.v1",
        journal="KQ-D",
        journal_title="Saytda yerləşdirilən məlumatların qeydiyyatı jurnalı",
        case_index="KQ-04",
        sources=("001 §5.6.3",),
        rules=rules,
    )


def _faults(data: SummaryData) -> Iterator[Fault]:
    if not data.items and not data.left_out:
        yield Fault("summary.empty", "items")
    if data.protocol.registered_on < data.meeting.held_on:
        days = {"registered_on": data.protocol.registered_on.isoformat(), "held_on": data.meeting.held_on.isoformat()}
        yield Fault("act.protocol_before_meeting", "protocol.registered_on", days)


def _act(act: SummaryAct) -> dict[str, Any]:
    return {"kind": ACTS[act.kind], "text": paragraphs(act.text), "outcome": OUTCOMES[act.outcome]}

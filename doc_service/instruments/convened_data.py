"""A meeting that is called but not yet held, as notice and agenda carry it (001 §5.6.1, §5.6.5)."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from doc_service.domain.meetings import Meeting, MeetingKind
from doc_service.instruments.fields import Identifier, Line, Number, OptionalLine, Strict


class ConvenedData(Strict):
    """Number, kind, place and start of the meeting, and when its documents reach the members."""

    id: Identifier = Field(title="İclasın identifikatoru")
    number: Number = Field(title="İclasın nömrəsi")
    kind: MeetingKind = Field(title="İclasın növü", description="ordinary və ya extraordinary: 001 §5.8, §5.9.2")
    place: Line = Field(title="İclasın keçirildiyi yer")
    opens_at: AwareDatetime = Field(title="Başlanma vaxtı")
    documents_delivered_on: date = Field(title="Sənədlərin üzvlərə təqdim edildiyi gün", description="001 §5.8")
    late_reason: OptionalLine = Field(default="", title="Müddətə əməl edilməməsinin səbəbi")

    def to_meeting(self, body_id: str) -> Meeting:
        """The domain's record of the convened meeting, without an agenda."""
        return Meeting(
            id=self.id,
            body_id=body_id,
            kind=self.kind,
            number=self.number,
            place=self.place,
            opens_at=self.opens_at,
            closes_at=None,
            documents_delivered_on=self.documents_delivered_on,
            agenda=(),
            late_reason=self.late_reason,
        )


def convened_dict(meeting: Meeting) -> dict[str, object]:
    """A meeting as ``ConvenedData``."""
    return {
        "id": meeting.id,
        "number": meeting.number,
        "kind": str(meeting.kind),
        "place": meeting.place,
        "opens_at": meeting.opens_at.isoformat(),
        "documents_delivered_on": meeting.documents_delivered_on.isoformat(),
        "late_reason": meeting.late_reason,
    }

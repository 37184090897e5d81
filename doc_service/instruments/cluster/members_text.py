"""What the protocol of a members' general meeting states: representation, quorum, decisions with their clauses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.meetings import Attendance, Presence
from doc_service.instruments.cluster.members_topics import CLAUSES, TopicData
from doc_service.instruments.protocol_text import Sitting, agenda_context, attendance_context, items_context
from doc_service.instruments.wording import CHOICES, MEETING_KINDS, clock, counted, day_text

_FIRST_PERSON: Final = "Təşkilatın birinci şəxsi"


def members_context(sitting: Sitting, topics: Mapping[int, TopicData]) -> dict[str, Any]:
    """The variables ``meeting present absent invited quorum agenda items``; ``topics`` by number of the item."""
    lists = attendance_context(sitting)
    return {
        "meeting": _meeting(sitting),
        "present": _present(sitting),
        "absent": lists["absent"],
        "invited": lists["invited"],
        "quorum": _quorum(sitting),
        "agenda": [a | {"clause": CLAUSES[topics[a["no"]].topic]} for a in agenda_context(sitting)],
        "items": [_item(sitting, item, topics) for item in items_context(sitting)],
    }


def _meeting(sitting: Sitting) -> dict[str, Any]:
    session = sitting.data.meeting
    return {
        "number": session.number,
        "kind": MEETING_KINDS[session.kind].replace("iclas", "yığıncaq"),
        "place": session.place,
        "date": day_text(session.opens_at.date()),
        "opens": clock(session.opens_at),
        "closes": clock(session.closes_at),
        "chair": _chair(sitting),
        "secretary": f"{sitting.data.secretary.name.to_domain().full}, {sitting.data.secretary.post}",
    }


def _chair(sitting: Sitting) -> str:
    chair = sitting.chair
    return f"{chair.person.name.full}, {chair.person.organisation}" if chair else ""


def _present(sitting: Sitting) -> list[dict[str, Any]]:
    """Who represents each organisation: its first person, or a deputy with a power of attorney (003 §4.2)."""
    members = {m.person.id: m.person for m in sitting.members}
    attending = [a for a in sitting.meeting.attendance if a.presence is not Presence.ABSENT and a.member_id in members]
    return [
        {
            "no": n,
            "organisation": members[a.member_id].organisation,
            **_representative(sitting, a),
        }
        for n, a in enumerate(attending, 1)
    ]


def _representative(sitting: Sitting, entry: Attendance) -> dict[str, str]:
    if entry.delegate is None:
        person = next(m.person for m in sitting.members if m.person.id == entry.member_id)
        return {"name": person.name.full, "post": person.post, "authority": _FIRST_PERSON}
    person, power = entry.delegate.person, entry.delegate.power
    authority = f"{day_text(power.issued_on)} tarixli {power.number} nömrəli etibarnamə"
    return {"name": person.name.full, "post": person.post, "authority": authority}


def _quorum(sitting: Sitting) -> list[str]:
    quorum = sitting.quorum
    delegated = sum(a.presence is Presence.DELEGATED for a in sitting.meeting.attendance)
    by_power = f", o cümlədən {counted(delegated)} üzv etibarnamə əsasında" if delegated else ""
    figures = (
        f"Ümumi yığıncaq {counted(quorum.members)} üzvdən ibarətdir. Yığıncaqda {counted(quorum.attending)} üzvün "
        f"nümayəndəsi{by_power} iştirak etmişdir. Yetərsay üçün azı {counted(quorum.needed)} üzvün iştirakı tələb "
        "olunur."
    )
    verdict = (
        "Üzvlərin yarıdan çoxu iştirak etdiyindən yığıncaq səlahiyyətlidir."
        if quorum.met
        else "Üzvlərin yarıdan çoxu iştirak etmədiyindən yığıncaq səlahiyyətli deyildir və qərar qəbul edilməmişdir."
    )
    return [figures, verdict]


def _item(sitting: Sitting, item: dict[str, Any], topics: Mapping[int, TopicData]) -> dict[str, Any]:
    act = item["act"]
    if act is not None:
        act = act | {"casting": _casting(sitting, item["no"])}
    topic = topics[item["no"]]
    return item | {"clause": CLAUSES[topic.topic], "agreed": _agreed(topic), "act": act}


def _agreed(topic: TopicData) -> str:
    """That the head of the specialised organisation agreed the document (003 §5.2); empty for other topics."""
    if topic.agreed_on is None:
        return ""
    return f"Sənəd ixtisaslaşdırılmış təşkilatın rəhbəri tərəfindən {day_text(topic.agreed_on)}də razılaşdırılmışdır."


def _casting(sitting: Sitting, number: int) -> str:
    """How a tie was settled; empty when there was none."""
    record = next(i for i in sitting.meeting.items if i.number == number)
    decision = sitting.decision(record)
    if not decision.tally.tied or sitting.chair is None:
        return ""
    tie = f"Səslər bərabər olmuşdur (lehinə {decision.tally.in_favour}, əleyhinə {decision.tally.against})."
    name = sitting.chair.person.name.full
    if decision.casting_vote is None:
        return f"{tie} Yığıncağa sədrlik edən {name} səsini bildirmədiyindən qərar qəbul edilməmişdir."
    choice = CHOICES[decision.casting_vote]
    return f"{tie} Yığıncağa sədrlik edən {genitive(name, keep=True)} {choice} verdiyi səs həlledici hesab edilmişdir."

"""``check_meeting``: a sound meeting passes, every broken rule is found at its field, all at once (004 §5.1.9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from doc_service.domain.bodies import ActKind, BodyRules, Matter
from doc_service.domain.body_kinds import COORDINATION_GROUP, rules_for
from doc_service.domain.meeting_check import check_meeting
from doc_service.domain.meetings import (
    Meeting,
    MeetingState,
    Presence,
)
from doc_service.domain.presiding import presiding
from doc_service.domain.quorum import quorum_of
from doc_service.domain.voting import decide
from tests.domain.domain_builders import (
    DAY,
    RULES,
    SEEDS,
    attends_as,
    delegate_for,
    sound_meetings,
    with_attendance,
    with_item,
)
from tests.domain.meeting_breakers import (
    BREAKERS,
    Breaker,
    Members,
    Sound,
    a_guest_is_invited_twice,
    a_stranger_is_recorded,
    an_act_without_text,
    an_entry,
    an_invited_person_votes,
    an_item_with_act,
    it_closes_before_it_opens,
    somebody_else_reports,
    the_documents_came_late,
)

KQ = rules_for(COORDINATION_GROUP)


def codes_at(rules: BodyRules, members: Members, meeting: Meeting) -> set[tuple[str, str]]:
    return {(fault.code, fault.field) for fault in check_meeting(rules, members, meeting)}


@given(RULES, st.data())
def test_a_sound_meeting_of_any_body_has_no_fault_and_can_be_decided(rules: BodyRules, data: st.DataObject) -> None:
    """Bodies of 1 to 200 members; what the check lets through, the vote count accepts."""
    members, meeting = data.draw(sound_meetings(rules))
    assert check_meeting(rules, members, meeting) == ()
    chair = presiding(members, meeting.attendance)
    assert chair is not None
    attending = quorum_of(rules, members, meeting.attendance, DAY).attending
    for item in meeting.items:
        decide(item.votes, attending, chair.person.id)


@pytest.mark.parametrize("break_it", BREAKERS, ids=lambda f: f.__name__)
@settings(max_examples=40)
@given(sound=sound_meetings(KQ), seed=SEEDS)
def test_a_broken_rule_is_found_at_its_field(break_it: Breaker, sound: Sound, seed: int) -> None:
    members, meeting = sound
    broken, code, field = break_it(members, meeting, Random(seed))
    assert (code, field) in codes_at(KQ, members, broken)


@pytest.mark.parametrize("matter", Matter)
@given(sound=sound_meetings(KQ), seed=SEEDS, kind=st.sampled_from(ActKind))
def test_an_act_fits_its_matter_or_is_refused(sound: Sound, seed: int, kind: ActKind, matter: Matter) -> None:
    """001 §5.10."""
    members, meeting = sound
    index = an_item_with_act(meeting, Random(seed))
    agenda = tuple(replace(a, matter=matter) if n == index else a for n, a in enumerate(meeting.agenda))
    faults = check_meeting(KQ, members, with_item(replace(meeting, agenda=agenda), index, act_kind=kind))
    if (kind is ActKind.DECISION) is (matter is Matter.ORGANISATIONAL):
        assert faults == ()
    else:
        assert [(f.code, f.field) for f in faults] == [("act.not_allowed", f"items[{index}].act_kind")]
        assert faults[0].params["clause"] == "001 §5.10"


@given(sound_meetings(KQ), SEEDS)
def test_all_faults_come_at_once(sound: Sound, seed: int) -> None:
    """Rules broken in the frame, the agenda, the attendance and the votes of one meeting."""
    members, meeting = sound
    expected = set()
    for break_it in (
        it_closes_before_it_opens,
        the_documents_came_late,
        somebody_else_reports,
        a_stranger_is_recorded,
        a_guest_is_invited_twice,
        an_act_without_text,
        an_invited_person_votes,
    ):
        meeting, code, field = break_it(members, meeting, Random(seed))
        expected.add((code, field))
    found = [(f.code, f.field) for f in check_meeting(KQ, members, meeting)]
    assert expected <= set(found)
    assert len(found) == len(set(found))


@given(sound_meetings(KQ), SEEDS)
def test_last_days_still_count(sound: Sound, seed: int) -> None:
    """A power of attorney that ends, a term set and a notice given exactly on the last possible day."""
    members, meeting = sound
    index = an_entry(meeting, Random(seed), Presence.DELEGATED)
    last_day = delegate_for("x", until=DAY)
    edge = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=last_day))
    edge = with_item(replace(edge, documents_delivered_on=DAY - timedelta(days=5)), 0, term=DAY)
    assert check_meeting(KQ, members, edge) == ()


@given(sound_meetings(KQ))
def test_without_quorum_matters_may_be_heard_but_not_put_to_the_vote(sound: Sound) -> None:
    members, meeting = sound
    assume(len(members) > 2)
    head, *others = members
    alone = (attends_as(head.person.id, Presence.PRESENT),)
    alone += tuple(attends_as(m.person.id, Presence.ABSENT) for m in others)
    heard = tuple(replace(i, act_kind=None, act_text="", votes=()) for i in meeting.items)
    assert check_meeting(KQ, members, replace(meeting, attendance=alone, items=heard)) == ()


@given(sound_meetings(KQ))
def test_a_convened_meeting_is_judged_on_notice_and_agenda_only(sound: Sound) -> None:
    members, meeting = sound
    convened = replace(meeting, attendance=(), items=(), closes_at=None, state=MeetingState.CONVENED)
    assert check_meeting(KQ, members, convened) == ()
    unrecorded = replace(convened, state=MeetingState.HELD)
    found = {code for code, _ in codes_at(KQ, members, unrecorded)}
    assert {"attendance.missing", "items.missing", "meeting.nobody_presides", "meeting.closes_missing"} <= found


@given(sound_meetings(KQ), SEEDS)
def test_only_members_of_the_day_count(sound: Sound, seed: int) -> None:
    """A term that ended the day before makes the member unknown to the meeting."""
    members, meeting = sound
    index = Random(seed).randrange(len(members))
    former = [replace(m, until=date(2026, 11, 19)) if n == index else m for n, m in enumerate(members)]
    found = codes_at(KQ, tuple(former), meeting)
    assert ("attendance.unknown_member", f"attendance[{index}].member_id") in found

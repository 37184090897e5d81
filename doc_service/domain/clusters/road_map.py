"""Where a cluster stands on its founding path: what each stage has left behind, what is missing, and until when
(003 §2). Pure: the papers that exist are gathered by a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from doc_service.domain.clusters.stages import STAGE_TABLE, STAGE_TERMS, Stage, StageItem


class ItemState(StrEnum):
    """IN_PROGRESS: drafted or in signing, or not there for every participant yet."""

    MISSING = "missing"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the service or a file of somebody else. ``on``: the day of registration, or of keeping; ``done``:
    it is signed (a file always is). ``organisation_id``: whose it is, where every participant has one."""

    kind: str
    id: str
    label: str
    on: date
    done: bool
    organisation_id: str = ""


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """``lacking``: participants whose paper is not there."""

    item: StageItem
    state: ItemState
    papers: tuple[Paper, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.state is not ItemState.DONE and not self.item.optional


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage begins when the one before is complete, or was due. ``completed_on``: the day of its last paper (None: it
    is not complete)."""

    stage: Stage
    begins: date
    due: date
    completed_on: date | None
    items: tuple[ItemStatus, ...]

    @property
    def missing(self) -> tuple[ItemStatus, ...]:
        return tuple(i for i in self.items if i.open)

    def overdue(self, today: date) -> bool:
        return self.completed_on is None and self.due < today


def item_status(item: StageItem, papers: Sequence[Paper], members: Sequence[str]) -> ItemStatus:
    """``members``: the participants, for papers that every one of them has."""
    own = tuple(sorted(papers, key=lambda p: (p.on, p.id)))
    done = [p for p in own if p.done]
    if not item.each_member:
        state = ItemState.DONE if done else ItemState.IN_PROGRESS if own else ItemState.MISSING
        return ItemStatus(item, state, own)
    has = {p.organisation_id for p in done}
    lacking = tuple(m for m in members if m not in has)
    if members and not lacking:
        return ItemStatus(item, ItemState.DONE, own)
    return ItemStatus(item, ItemState.IN_PROGRESS if own else ItemState.MISSING, own, lacking)


def road_map(
    started_on: date,
    papers: Mapping[str, Sequence[Paper]],
    members: Sequence[str],
    terms: Mapping[Stage, timedelta] = STAGE_TERMS,
) -> tuple[StageStatus, ...]:
    """The four stages; ``papers`` by item of the table, ``terms`` by stage (the model's by default)."""
    begins, found = started_on, []
    for stage in Stage:
        items = tuple(item_status(i, papers.get(i.id, ()), members) for i in STAGE_TABLE if i.stage is stage)
        due = begins + terms[stage]
        completed = _completed(items, begins)
        found.append(StageStatus(stage, begins, due, completed, items))
        begins = completed or due
    return tuple(found)


def _completed(items: Sequence[ItemStatus], begins: date) -> date | None:
    """The first day on which every needed paper was there; not before the stage began."""
    if any(i.open for i in items):
        return None
    days = [_done_on(i) for i in items if i.state is ItemState.DONE]
    return max([begins, *days])


def _done_on(status: ItemStatus) -> date:
    days = [p.on for p in status.papers if p.done]
    return max(days) if status.item.each_member else min(days)

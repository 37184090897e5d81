"""How often each person had to act at the own device, and whether the journal tells of every operation."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

TIMED_OUT = frozenset({"signing.remote_expired", "lease.lost", "signing.remote_outcome_unknown"})
"""Ends of an operation after which the device must be asked again: it took too long; the document that it was bound to
went to somebody else meanwhile, which only a device that takes too long lets happen; or the process died between the
answer of a provider and its record, where asking again unseen might make a second signature."""
_LIVE = frozenset({"started", "waiting_device", "authorised", "completing"})


@dataclass(frozen=True, slots=True)
class Operation:
    """As stored. ``asked``: how often its person was asked to authorise; ``requests``: what it was to sign."""

    id: str
    person: str
    state: str
    code: str
    asked: int
    requests: tuple[str, ...]

    @classmethod
    def of(cls, body: str) -> Operation:
        content: Mapping[str, Any] = json.loads(body)
        requests = tuple(item["request_id"] for item in content["items"])
        return cls(
            content["id"], content["signer_id"], content["state"], content["code"], content["asked"], requests
        )  # fmt: skip


@dataclass
class Questions:
    """``again``: questions that had to be asked a second time, by the reason; ``problems``: what must not be."""

    again: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def questions(operations: Iterable[Operation], events: Iterable[tuple[str, str]]) -> Questions:
    """``operations`` in the order of their beginning; ``events``: (operation's id, action) of the journal."""
    found, told = Questions(), Counter(events)
    excuses: dict[str, str] = defaultdict(str)
    asked: Counter[str] = Counter()
    for operation in operations:
        _events(operation, told, found)
        if not operation.asked:
            continue
        if operation.asked > 1:
            found.problems.append(f"{operation.person} was asked {operation.asked} times in {operation.id}")
        for request in operation.requests:
            if asked[request] and not excuses[request]:
                found.problems.append(f"{operation.person} was asked again for {request} without need")
            found.again[excuses[request]] += bool(excuses[request])
            asked[request] += 1
            timed_out = operation.state in ("failed", "expired") and operation.code in TIMED_OUT
            excuses[request] = operation.code if timed_out else ""
    found.again = +found.again
    return found


def _events(operation: Operation, told: Counter[tuple[str, str]], found: Questions) -> None:
    """Its beginning, each question and its end stand in the journal, once."""
    if operation.state in _LIVE:
        found.problems.append(f"operation {operation.id} of {operation.person} is {operation.state}")
    wanted = {"started": 1, "asked": operation.asked, operation.state: 1}
    for name, count in wanted.items():
        got = told[(operation.id, f"operation.{name}")]
        if got != count:
            found.problems.append(f"operation {operation.id}: {got} events operation.{name} of {count}")

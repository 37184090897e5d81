"""A hundred persons sign a hundred documents of their own at once, over HTTP, by one served process on this machine.

Each person has read and agreed; measured is prepare, the device's signature (a P-256 key at hand, below a millisecond)
and complete. All begin in the same moment, three rounds; then the same hundred come one after the other, five a second,
as in a busy hour. The served process does its background work meanwhile; the certification centre and the hundred
clients are processes of their own on the same cores. A request that is told to come again comes again, and its wait
counts.

Run: ``python -m benchmarks.bench_crowd [PERSONS]``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.members import Members, device, milliseconds, opened_members, opened_service, served, signed, used
from doc_service.domain.signatures import SignatureRequest

PERSONS = 100
ROUNDS = 3
A_SECOND = 5.0
_LATER = frozenset({409, 429, 503})
_PAUSE = 0.2
_PATIENCE = 300.0


def run(persons: int = PERSONS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Of all at once, the median round: signatures a second, and seconds from a person's first request to the last
    answer; ``paced``: the same one after the other."""
    with tempfile.TemporaryDirectory(prefix="bench-crowd-") as name, opened_members(Path(name), persons) as members:
        people = members.people[:persons]
        with opened_service(members) as service:
            members.begin(service)
            work = [
                [members.document(service, f"q{turn}-{n}", (p, people[n - 1]))[0] for n, p in enumerate(people)]
                for turn in range(rounds + 2)
            ]
        for person in people:
            members.key(person)
        with served(members) as (base, process):
            part = psutil.Process(process.pid)
            asyncio.run(_round(base, members, work[0][: max(10, persons // 10)], 0))
            before = used(part)
            found = [asyncio.run(_round(base, members, requests, 0)) for requests in work[1 : rounds + 1]]
            processor = (used(part) - before) / (rounds * persons)
            paced = asyncio.run(_round(base, members, work[rounds + 1], 1 / A_SECOND))
            memory = part.memory_full_info().pss / (1 << 20)
    found.sort(key=lambda figures: figures["signatures_per_second"])
    return {
        "persons": persons,
        "at_once": found[len(found) // 2],
        "paced": paced,
        "processor_ms_per_signature": round(1000 * processor, 1),
        "memory_mb": round(memory, 1),
    }


@dataclass
class _Told:
    """Seconds of each person's two steps, and what was answered that was not success."""

    seconds: list[float] = field(default_factory=list)
    later: Counter[str] = field(default_factory=Counter)


async def _round(base: str, members: Members, requests: Sequence[SignatureRequest], pause: float) -> dict[str, Any]:
    """``pause``: seconds between two persons."""
    told = _Told()
    limits = httpx.Limits(max_connections=len(requests), max_keepalive_connections=len(requests))
    async with httpx.AsyncClient(base_url=base, timeout=_PATIENCE, limits=limits) as http:
        await asyncio.gather(*(http.get("/health/live") for _ in requests))
        began = time.perf_counter()
        await asyncio.gather(*(_person(http, members, r, n * pause, told) for n, r in enumerate(requests)))
        wall = time.perf_counter() - began
    return {
        **milliseconds(told.seconds),
        "signatures_per_second": round(len(told.seconds) / wall, 1),
        "seconds": round(wall, 2),
        "told_to_come_again": dict(told.later),
    }


async def _person(
    http: httpx.AsyncClient, members: Members, request: SignatureRequest, after: float, told: _Told
) -> None:
    await asyncio.sleep(after)
    key, place = members.key(request.signer), f"/v1/signature-requests/{request.id}"
    bearer = {"authorization": f"Bearer {members.sessions[request.signer.id]}"}

    async def post(step: str, body: Any) -> Any:
        headers, until = {**bearer, "idempotency-key": uuid.uuid4().hex}, time.monotonic() + _PATIENCE
        while True:
            answer = await http.post(f"{place}/{step}", json=body, headers=headers)
            if answer.status_code not in _LATER or time.monotonic() > until:
                answer.raise_for_status()
                return answer.json()
            told.later[answer.json().get("code", str(answer.status_code))] += 1
            await asyncio.sleep(_PAUSE)

    began = time.perf_counter()
    prepared = await post("preparation", device(key))
    await post("signature", signed(key, prepared))
    told.seconds.append(time.perf_counter() - began)


def main() -> None:
    persons = int((sys.argv[1:] or [str(PERSONS)])[0])
    sys.stdout.write(json.dumps(run(persons), indent=1) + "\n")


if __name__ == "__main__":
    main()

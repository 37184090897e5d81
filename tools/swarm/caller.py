"""A member's program on a bad network: answers get lost, connections are refused, and it asks again."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

_TIMEOUT = 30.0
_LATER = frozenset({429, 500, 502, 503, 504})


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """The service said no, with a code."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.code = status, str(problem.get("code", ""))
        super().__init__(f"{status} {self.code} {problem.get('detail', '')}")


class GaveUpError(Exception):
    """The patience of this person is at its end."""


@dataclass
class Caller:
    """``lossy``: the chance that an answer is thrown away unread, as if it had been lost; the request is then repeated
    under the same Idempotency-Key. One connection, kept, for one thread; ``close`` ends it."""

    base: str
    chance: random.Random
    lossy: float
    deadline: float
    token: str = ""
    repeated: int = 0
    later: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.base, timeout=_TIMEOUT, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._call("GET", path, params=params).json()

    def read(self, path: str) -> bytes:
        return self._call("GET", path).content

    def post(self, path: str, body: Any) -> Any:
        return self._call("POST", path, json=body, headers={"idempotency-key": str(uuid.uuid4())}).json()

    def _call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {**arguments.pop("headers", {})}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        while time.monotonic() < self.deadline:
            try:
                answer = self._client.request(method, path, headers=headers, **arguments)
            except httpx.HTTPError as error:
                self.later[type(error).__name__] += 1
                self._again()
                continue
            if answer.status_code in _LATER or _worked_on(answer):
                self._note(answer)
                self._again()
                continue
            if self.chance.random() < self.lossy:
                self._again()
                continue
            if answer.is_success:
                return answer
            raise Refused(answer.status_code, answer.json())
        raise GaveUpError(path)

    def _again(self) -> None:
        self.repeated += 1
        time.sleep(self.chance.uniform(0.1, 0.6))

    def _note(self, answer: httpx.Response) -> None:
        """Every refusal has a code, and nothing is an unforeseen error."""
        try:
            code = answer.json().get("code", "")
        except ValueError:
            code = ""
        self.later[f"{answer.status_code} {code}"] += 1
        if not code or code == "internal.error":
            self.unexplained.append(f"{answer.status_code} {answer.request.url.path} {answer.text[:200]}")


def _worked_on(answer: httpx.Response) -> bool:
    """The request was sent before and its process may have died: the same key again, as Retry-After says."""
    return answer.status_code == httpx.codes.CONFLICT and answer.json().get("code") == "idempotency.in_progress"

"""Log-in with SİMA: the person's phone signs a challenge of ours (operation type "Auth").

The challenge is readable text that names the service and says what it is, so that a signature over it can never be
taken for one over a document: signed attributes are a DER SET, which begins with other bytes.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from signing.api import SigningError
from signing.remote.api import Called
from signing.remote.sima.api import LoginOffer, SimaIdentity, SimaLogins
from signing.remote.sima.callback import judge_challenge
from signing.remote.sima.calls import Issued, PhoneCalls
from signing.remote.sima.container import Operation, OperationType


class SimaLogin(SimaLogins):
    """``service``: how the challenge names this service. ``nonce``: text of at least 128 random bits."""

    def __init__(
        self,
        calls: PhoneCalls,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        nonce: Callable[[], str],
        service: str,
        life: timedelta,
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._new_id = new_id
        self._nonce = nonce
        self._service = service
        self._life = life

    def offer(self, *, assignees: Sequence[str] = (), redirect_url: str = "") -> LoginOffer:
        """As ``SimaLogins.offer``; also as ``container``."""
        now = self._clock().replace(microsecond=0)
        operation_id = self._new_id()
        challenge = f"Daxil olma / Log-in\n{self._service}\n{operation_id}\n{self._nonce()}\n".encode()
        operation = Operation(
            OperationType.AUTH, operation_id, now, now + self._life, tuple(assignees),
            hashlib.sha256(challenge).digest(), redirect_url,
        )  # fmt: skip
        issued, links = self._calls.issue(operation, b64encode(challenge).decode())
        return LoginOffer(operation_id, issued.dump(), links, operation.expires_at)

    def data(self, session: bytes, call: Called) -> bytes:
        """As ``SimaLogins.data``; the codes are those of ``PhoneCalls.fetched``."""
        issued = Issued.load(session)
        self._calls.fetched(issued, call, self._clock())
        return b64decode(issued.subject)

    def judge(self, session: bytes, call: Called) -> SimaIdentity:
        """As ``SimaLogins.judge``; the codes are those of ``PhoneCalls.brought`` and ``judge_challenge``."""
        issued = Issued.load(session)
        callback, caller = self._calls.brought(issued, call, self._clock())
        judge_challenge(callback, b64decode(issued.subject), caller.certificate)
        if caller.revocation != "good":
            raise SigningError("sima.revocation_unknown", retryable=True)
        return SimaIdentity(caller.fin, caller.certificate, caller.revocation)

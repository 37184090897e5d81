"""ASAN İmza behind the contract of ways to sign: a SIM card signs, the person confirms on the telephone.

What the operator's service looks like on the wire is given with its contract and is not public; nothing here was tried
against it (docs/signing/asan.md). This module is what does not depend on it: the steps of a Mobile-ID style service
(number and user id, certificate, verification code on both screens, poll, signature) and every check. How to call the
service is ``AsanTransport``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from signing.api import SigningError
from signing.cms_container import load_certificate
from signing.remote.api import (
    Answer,
    Ask,
    Binding,
    HashSigner,
    Identified,
    Means,
    Prompt,
    PromptKind,
    Signed,
    Start,
    Step,
    Terms,
    ToSign,
)
from signing.remote.raw import checked_signature

PHONE = "phone"
USER_ID = "user_id"
_PHONE = re.compile(r"\+994[0-9]{9}")
_USER_ID = re.compile(r"[0-9]{4,12}")
_CODE = re.compile(r"[0-9A-Za-z]{2,12}")


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who is called. ``phone`` in E.164; ``user_id``: what the operator gave the person with the SIM card."""

    phone: str = field(repr=False)
    user_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Started:
    """``code``: what the service says the telephone shows; "" when it leaves that to be computed."""

    transaction: str
    code: str = ""


class State(StrEnum):
    """``WRONG_CODE``: the person said that the telephone shows another code than the page."""

    PENDING = "pending"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"
    WRONG_CODE = "wrong_code"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Progress:
    """``signature``: as the service gave it; ``certificate``: DER, b"" when it does not repeat it; ``why``: of a
    refusal, in a word."""

    state: State
    signature: bytes = b""
    certificate: bytes = b""
    code: str = ""
    why: str = ""


class AsanTransport(Protocol):
    """Calls to the service. Each raises "signing.remote_unavailable" (retryable; certainly not acted on, or harmless to
    repeat), "signing.remote_refused", "signing.remote_bad_answer"."""

    def certificate(self, who: Subscriber, reference: str) -> tuple[bytes, tuple[bytes, ...]]:
        """The signing certificate and its chain (DER). Nobody is disturbed by it."""
        ...

    def start(self, who: Subscriber, reference: str, task: ToSign, language: str) -> Started:
        """Makes the telephone ask. Also "signing.remote_outcome_unknown": it may ring, and its transaction is lost."""
        ...

    def progress(self, transaction: str) -> Progress: ...

    def cancel(self, transaction: str) -> None:
        """Never raises."""
        ...


class CodeFrom(StrEnum):
    """Where the verification code comes from. ``DIGEST``: both sides compute it, as Mobile-ID does; one that the
    service sends must be the same. ``ANSWER``: the service says it, and must go on saying the same."""

    DIGEST = "digest"
    ANSWER = "answer"


def verification_code(digest: bytes) -> str:
    """Of Mobile-ID: the first 6 and the last 7 bits of the digest as a number of four digits."""
    return f"{((digest[0] & 0xFC) << 5) | (digest[-1] & 0x7F):04d}"


@dataclass(frozen=True, slots=True)
class AsanSession:
    """Plain JSON, kept sealed by the caller. No PIN is known here at any time: it is entered on the telephone."""

    operation_id: str
    language: str
    who: Subscriber
    certificate: bytes
    transaction: str = ""
    code: str = ""
    until: datetime | None = None
    task: ToSign | None = None

    def dump(self) -> bytes:
        task = self.task
        value = {
            "operation": self.operation_id,
            "language": self.language,
            "phone": self.who.phone,
            "user": self.who.user_id,
            "certificate": _text(self.certificate),
            "transaction": self.transaction,
            "code": self.code,
            "until": self.until.isoformat() if self.until else "",
            "task": None
            if task is None
            else [task.reference, _text(task.data), _text(task.digest), task.digest_algorithm, task.algorithm],
        }
        return json.dumps(value, separators=(",", ":")).encode()

    @classmethod
    def load(cls, data: bytes) -> AsanSession:
        """Raises ``signing.remote_wrong_answer`` for bytes that are no session."""
        try:
            value = json.loads(data)
            task = value["task"]
            return cls(
                value["operation"],
                value["language"],
                Subscriber(value["phone"], value["user"]),
                _bytes(value["certificate"]),
                value["transaction"],
                value["code"],
                datetime.fromisoformat(value["until"]) if value["until"] else None,
                None if task is None else ToSign(task[0], "", _bytes(task[1]), _bytes(task[2]), task[3], task[4]),
            )
        except (ValueError, KeyError, TypeError, IndexError):
            raise SigningError("signing.remote_wrong_answer") from None


class AsanSigner(HashSigner):
    """``HashSigner``: one document with one confirmation, bound to its hash. ``hold``: how long the telephone asks."""

    def __init__(
        self,
        transport: AsanTransport,
        clock: Clock,
        *,
        hold: timedelta = timedelta(seconds=120),
        code_from: CodeFrom = CodeFrom.DIGEST,
        poll_after: timedelta = timedelta(seconds=2),
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._hold = hold
        self._code_from = code_from
        self._poll_after = poll_after

    @property
    def means(self) -> Means:
        return Means.ASAN

    def begin(self, start: Start) -> Step:
        """The certificate by number and user id. Whose it is, its chain and revocation are checked when the document is
        prepared, which is before any telephone rings. Raises "asan.bad_phone", "asan.bad_user_id",
        "signing.bad_certificate"."""
        who = _subscriber(start)
        certificate, chain = self._transport.certificate(who, start.operation_id)
        load_certificate(certificate)
        session = AsanSession(start.operation_id, start.language, who, certificate)
        return Identified(session.dump(), certificate, chain, Terms(Binding.HASHES, 1, self._hold))

    def authorise(self, session: bytes, count: int, tasks: Sequence[ToSign]) -> Step:
        """Makes the telephone ask. Asked twice for the same, the same question goes on."""
        state = AsanSession.load(session)
        if count != 1 or len(tasks) != 1:
            raise SigningError("signing.remote_too_many", limit=1)
        if state.task is not None and state.task.digest == tasks[0].digest:
            return self._ask(state)
        started = self._transport.start(state.who, self._reference(state, tasks[0]), tasks[0], state.language)
        code = self._code(tasks[0], started, state)
        until = self._clock.now() + self._hold
        return self._ask(
            replace(state, transaction=started.transaction, code=code, until=until, task=replace(tasks[0], label=""))
        )

    def sign(self, session: bytes, tasks: Sequence[ToSign], *, again: bool) -> Step:
        """Confirming and signing are one: there is nothing to sign apart from what ``authorise`` asked."""
        raise SigningError("signing.remote_wrong_answer")

    def resume(self, session: bytes, answer: Answer | None) -> Step:
        """Looks whether the person has confirmed. Raises "signing.remote_declined", "signing.remote_expired",
        "asan.wrong_code", "asan.code_mismatch", "asan.certificate_changed", "signing.bad_signature"."""
        state = AsanSession.load(session)
        if answer is not None or state.task is None or state.until is None:
            raise SigningError("signing.remote_wrong_answer")
        found = self._transport.progress(state.transaction)
        if found.state is State.PENDING and self._clock.now() < state.until:
            self._same_code(found.code, state)
            return self._ask(state)
        if found.state is State.DONE:
            return self._signed(state, state.task, found)
        if found.state is State.PENDING:
            self._transport.cancel(state.transaction)
            raise SigningError("signing.remote_expired")
        raise _refusal(found)

    def cancel(self, session: bytes) -> None:
        state = AsanSession.load(session)
        if state.transaction:
            self._transport.cancel(state.transaction)

    def _signed(self, state: AsanSession, task: ToSign, found: Progress) -> Signed:
        """Only what the certificate that was prepared for signed, over our own digest."""
        self._same_code(found.code, state)
        if found.certificate and found.certificate != state.certificate:
            raise SigningError("asan.certificate_changed")
        signature = checked_signature(state.certificate, task, found.signature)
        ended = replace(state, transaction="", code="", until=None, task=None)
        return Signed(ended.dump(), {task.reference: signature})

    def _ask(self, state: AsanSession) -> Ask:
        if state.until is None:
            raise SigningError("signing.remote_wrong_answer")
        prompt = Prompt(PromptKind.COMPARE, code=state.code, poll_after=self._poll_after)
        return Ask(state.dump(), prompt, state.until)

    def _code(self, task: ToSign, started: Started, state: AsanSession) -> str:
        """What both screens show. A code that cannot be compared would make the person confirm blindly."""
        if self._code_from is CodeFrom.ANSWER:
            if not _CODE.fullmatch(started.code):
                self._transport.cancel(started.transaction)
                raise SigningError("signing.remote_bad_answer", why="no verification code")
            return started.code
        code = verification_code(task.digest)
        if started.code and started.code != code:
            self._transport.cancel(started.transaction)
            raise SigningError("asan.code_mismatch")
        return code

    def _same_code(self, code: str, state: AsanSession) -> None:
        if code and code != state.code:
            self._transport.cancel(state.transaction)
            raise SigningError("asan.code_mismatch")

    @staticmethod
    def _reference(state: AsanSession, task: ToSign) -> str:
        """The same for the same question, so that a service that knows references does not ask twice."""
        return f"{state.operation_id}-{task.digest.hex()[:16]}"


def _subscriber(start: Start) -> Subscriber:
    phone = re.sub(r"[\s()-]", "", start.parameters.get(PHONE, ""))
    phone = f"+994{phone[1:]}" if re.fullmatch(r"0[0-9]{9}", phone) else phone
    user_id = start.parameters.get(USER_ID, "").strip()
    if not _PHONE.fullmatch(phone):
        raise SigningError("asan.bad_phone")
    if not _USER_ID.fullmatch(user_id):
        raise SigningError("asan.bad_user_id")
    return Subscriber(phone, user_id)


def _refusal(found: Progress) -> SigningError:
    codes = {
        State.DECLINED: "signing.remote_declined",
        State.EXPIRED: "signing.remote_expired",
        State.WRONG_CODE: "asan.wrong_code",
    }
    code = codes.get(found.state)
    return SigningError(code) if code else SigningError("signing.remote_refused", why=found.why or "refused")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

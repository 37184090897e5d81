"""What the agent and Web eID have in common: the page has the certificate, and the page brings the signatures."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from signing.api import SigningError
from signing.cms_container import load_certificate
from signing.remote.api import Answer, Ask, ClientSigned, Prompt, PromptKind, Signed, ToSign
from signing.remote.raw import checked_signature


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC."""
        ...


@dataclass(frozen=True, slots=True)
class PageSession:
    """The state of such a way: the certificate, and what the page was asked to sign until when. Plain JSON."""

    certificate: bytes
    until: datetime | None = None
    tasks: tuple[ToSign, ...] = ()

    def dump(self) -> bytes:
        value = {
            "certificate": _text(self.certificate),
            "until": self.until.isoformat() if self.until else None,
            "tasks": [_dump_task(task) for task in self.tasks],
        }
        return json.dumps(value, separators=(",", ":")).encode()

    @classmethod
    def load(cls, data: bytes) -> PageSession:
        """Raises ``signing.remote_wrong_answer`` for bytes that are no session."""
        try:
            value = json.loads(data)
            until = datetime.fromisoformat(value["until"]) if value["until"] else None
            return cls(_bytes(value["certificate"]), until, tuple(_load_task(task) for task in value["tasks"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SigningError("signing.remote_wrong_answer") from None

    def ask(self, *, authorises: bool) -> Ask:
        """The prompt for the page; the same one each time."""
        if self.until is None:
            raise SigningError("signing.remote_wrong_answer")
        return Ask(self.dump(), Prompt(PromptKind.SIGN, tasks=self.tasks), self.until, authorises=authorises)

    def answered(self, answer: ClientSigned) -> Signed:
        """Exactly the signatures asked for, each verified. Raises ``signing.remote_wrong_answer``,
        ``signing.bad_signature``."""
        if not self.tasks or set(answer.signatures) != {task.reference for task in self.tasks}:
            raise SigningError("signing.remote_wrong_answer")
        signatures = {
            task.reference: checked_signature(self.certificate, task, answer.signatures[task.reference])
            for task in self.tasks
        }
        return Signed(PageSession(self.certificate).dump(), signatures)


def start_session(certificate: bytes) -> PageSession:
    """Raises ``signing.bad_certificate`` when the page sent none or a broken one."""
    return PageSession(load_certificate(certificate).dump())


def resume_page(session: bytes, answer: Answer | None, now: datetime, *, authorises: bool) -> Ask | Signed:
    """The prompt again, or the signatures. Raises ``signing.remote_expired``, ``signing.remote_wrong_answer``,
    ``signing.bad_signature``."""
    state = PageSession.load(session)
    if state.until is None:
        raise SigningError("signing.remote_wrong_answer")
    if now >= state.until:
        raise SigningError("signing.remote_expired")
    if answer is None:
        return state.ask(authorises=authorises)
    if not isinstance(answer, ClientSigned):
        raise SigningError("signing.remote_wrong_answer")
    return state.answered(answer)


def asked(session: bytes, tasks: Sequence[ToSign], until: datetime, *, authorises: bool) -> Ask:
    """Asks the page for ``tasks``. Raises ``signing.remote_wrong_answer`` when there are none, or two with one name."""
    state = PageSession.load(session)
    if not tasks or len({task.reference for task in tasks}) != len(tasks):
        raise SigningError("signing.remote_wrong_answer")
    return PageSession(state.certificate, until, tuple(tasks)).ask(authorises=authorises)


def _dump_task(task: ToSign) -> dict[str, str]:
    return {
        "reference": task.reference,
        "label": task.label,
        "data": _text(task.data),
        "digest": _text(task.digest),
        "digest_algorithm": task.digest_algorithm,
        "algorithm": task.algorithm,
    }


def _load_task(value: Mapping[str, Any]) -> ToSign:
    return ToSign(
        reference=str(value["reference"]),
        label=str(value["label"]),
        data=_bytes(value["data"]),
        digest=_bytes(value["digest"]),
        digest_algorithm=str(value["digest_algorithm"]),
        algorithm=str(value["algorithm"]),
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no Base64") from error

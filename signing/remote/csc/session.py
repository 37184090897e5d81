"""What is remembered between two steps with a CSC service: plain JSON, kept sealed by the caller. No PIN is in it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from signing.api import SigningError
from signing.remote.api import Start, ToSign
from signing.remote.csc.credential import Credential, Factor


class Stage(StrEnum):
    """Which answer is waited for: ``LOGIN`` and ``CREDENTIAL`` redirects, ``FIND`` the service that could not say which
    keys there are, ``ENTER`` the factors, ``CHECK`` the confirmation on a phone, ``POLL`` signatures that come later.
    ``READY``: none."""

    LOGIN = "login"
    FIND = "find"
    CREDENTIAL = "credential"
    ENTER = "enter"
    CHECK = "check"
    POLL = "poll"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Secret:
    """A token or SAD and when it ends."""

    value: str = field(repr=False)
    until: datetime

    def holds(self, now: datetime) -> bool:
        return now < self.until


@dataclass(frozen=True, slots=True)
class CscSession:
    """``state`` and ``verifier``: of the redirect that is under way. ``count``: signatures authorised or asked for, and
    ``used`` how many were made. ``digests``: what the authorisation is bound to. ``authorisation``: credential token or
    SAD. ``pending``: handle of a confirmation or of signatures that come later, for ``tasks``. ``until``: when the
    present question ends."""

    stage: Stage
    operation_id: str
    fin: str
    voen: str
    language: str
    return_url: str
    credential_id: str = ""
    user_id: str = ""
    state: str = ""
    verifier: str = ""
    service: Secret | None = None
    credential: Credential | None = None
    count: int = 0
    used: int = 0
    digests: tuple[bytes, ...] = ()
    authorisation: Secret | None = None
    pending: str = ""
    tasks: tuple[ToSign, ...] = ()
    until: datetime | None = None

    @classmethod
    def begun(cls, start: Start) -> CscSession:
        return cls(
            Stage.LOGIN,
            start.operation_id,
            start.fin,
            start.voen,
            start.language,
            start.return_url,
            credential_id=start.parameters.get("credential_id", ""),
            user_id=start.parameters.get("user_id", ""),
        )

    def dump(self) -> bytes:
        return json.dumps(asdict(self), default=_plain, separators=(",", ":")).encode()

    @classmethod
    def load(cls, data: bytes) -> CscSession:
        """Raises ``signing.remote_wrong_answer`` for bytes that are no session."""
        try:
            fields = json.loads(data, object_hook=_special)
            return cls(**{**fields, **_parts(fields)})
        except (ValueError, TypeError, KeyError):
            raise SigningError("signing.remote_wrong_answer") from None

    @property
    def chosen(self) -> Credential:
        """Raises ``signing.remote_wrong_answer`` before there is one."""
        if self.credential is None:
            raise SigningError("signing.remote_wrong_answer")
        return self.credential

    @property
    def digest_name(self) -> str:
        return self.chosen.algorithm.partition("_")[0]


def _plain(value: object) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    raise TypeError(type(value).__name__)


def _special(value: dict[str, Any]) -> Any:
    if "$bytes" in value:
        return b64decode(value["$bytes"], validate=True)
    return datetime.fromisoformat(value["$time"]) if "$time" in value else value


def _parts(fields: dict[str, Any]) -> dict[str, Any]:
    service, authorisation, credential = (fields[name] for name in ("service", "authorisation", "credential"))
    return {
        "stage": Stage(fields["stage"]),
        "service": Secret(**service) if service else None,
        "authorisation": Secret(**authorisation) if authorisation else None,
        "credential": _credential(credential) if credential else None,
        "digests": tuple(fields["digests"]),
        "tasks": tuple(ToSign(**task) for task in fields["tasks"]),
    }


def _credential(fields: dict[str, Any]) -> Credential:
    factors = tuple(Factor(**factor) for factor in fields["factors"])
    return Credential(**{**fields, "factors": factors, "chain": tuple(fields["chain"])})

"""The two calls of a phone, for signing and for log-in alike: it gets the data, and it brings the result."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from signing.api import SigningError
from signing.remote.api import Called
from signing.remote.sima.api import Links
from signing.remote.sima.callback import Callback, parse_callback, require_operation
from signing.remote.sima.container import Operation, OperationType, Seal, SimaClient, links, links_of, parse_object
from signing.remote.sima.requests import Caller, PhoneHeaders, PhoneRequests, Window, require_container

_QUERY = "tsquery="


@dataclass(frozen=True, slots=True)
class Issued:
    """What was asked of a phone, as the service keeps it meanwhile. Times are Unix seconds; ``query``: the sealed
    container; ``subject``: what is signed: the reference of a file, or the challenge of a log-in in Base64;
    ``sha256``: of that data, hexadecimal."""

    type: str
    operation: str
    not_before: int
    expires_at: int
    assignees: tuple[str, ...]
    query: str
    subject: str
    sha256: str

    @property
    def window(self) -> Window:
        return Window(datetime.fromtimestamp(self.not_before, UTC), datetime.fromtimestamp(self.expires_at, UTC))

    def dump(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def load(cls, session: bytes) -> Issued:
        """Raises ``sima.bad_session``."""
        members = parse_object(session, "sima.bad_session")
        try:
            return cls(**{**members, "assignees": tuple(members["assignees"])})
        except (KeyError, TypeError):
            raise SigningError("sima.bad_session") from None


class PhoneCalls:
    """Issues operations and proves that calls about them are genuine. Holds no state between calls."""

    def __init__(self, client: SimaClient, seal: Seal, requests: PhoneRequests) -> None:
        self._client = client
        self._seal = seal
        self._requests = requests

    def issue(self, operation: Operation, subject: str) -> tuple[Issued, Links]:
        """Raises as ``links``."""
        made = links(operation, self._client, self._seal)
        issued = Issued(
            operation.type.value, operation.id,
            int(operation.not_before.timestamp()), int(operation.expires_at.timestamp()),
            operation.assignees, made.content_url.partition(_QUERY)[2], subject, operation.fingerprint.hex(),
        )  # fmt: skip
        return issued, made

    def links(self, issued: Issued) -> Links:
        """Where it can be opened, again."""
        return links_of(f"{self._client.data_url(issued.operation)}?{_QUERY}{issued.query}")

    def fetched(self, issued: Issued, call: Called, now: datetime) -> Caller:
        """The person whose phone asks for the data. ``ts-sign`` must be over the path and query of this very call, and
        the container in it the one that was issued; without a query (the container's ``DataURI``) the path names it.

        Raises ``sima.not_yet_valid``, ``sima.expired``, ``sima.wrong_path``, as ``require_container`` and
        ``PhoneRequests.caller``."""
        issued.window.require(now)
        target = self._target(call, "GET", self._client.data_url(issued.operation))
        _, mark, query = target.partition("?")
        if mark:
            if not query.startswith(_QUERY):
                raise SigningError("sima.wrong_path")
            require_container(unquote(query.removeprefix(_QUERY)), issued.query, self._seal)
        return self._requests.caller(_headers(call), target.encode(), issued.assignees, now)

    def brought(self, issued: Issued, call: Called, now: datetime) -> tuple[Callback, Caller]:
        """What the phone brings, and whose it is. ``ts-sign`` must be over the body.

        Raises ``sima.not_yet_valid``, ``sima.expired``, ``sima.wrong_path``, ``sima.other_operation``, as
        ``PhoneRequests.caller`` and ``parse_callback``."""
        issued.window.require(now)
        self._target(call, "POST", self._client.callback_url(issued.operation))
        caller = self._requests.caller(_headers(call), call.body, issued.assignees, now)
        callback = parse_callback(call.body)
        require_operation(callback, OperationType(issued.type), issued.operation)
        return callback, caller

    def _target(self, call: Called, method: str, url: str) -> str:
        """The path and query that the phone asked for: behind a proxy that takes a prefix of the path away, with the
        prefix again. Raises ``sima.wrong_path`` for a call to another place."""
        parts = urlsplit(url)
        prefix = urlsplit(self._client.base_url).path
        target = call.target if call.target.startswith(f"{prefix}/sima/") else prefix + call.target
        path = target.partition("?")[0]
        if call.method != method or not target.isascii() or not hmac.compare_digest(path, parts.path):
            raise SigningError("sima.wrong_path")
        return target


def _headers(call: Called) -> PhoneHeaders:
    return PhoneHeaders(*(call.headers.get(name, "") for name in ("ts-cert", "ts-sign", "ts-sign-alg")))

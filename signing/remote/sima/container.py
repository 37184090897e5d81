"""What the service asks the SİMA app to do: a sealed container in a link or a QR code (web2app 1.3).

The seal is HMAC-SHA256 with the operator's master key over SHA-256 of the container's compact JSON, so that the app
(and whoever it asks) sees that the operator made it and nobody changed it on the way. Texts in the container are
printable ASCII: writers of JSON escape other letters differently, and the two ends must get the same bytes.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from signing.api import SigningError
from signing.remote.sima.api import Links

PROTOCOL_NAME, PROTOCOL_VERSION = "web2app", "1.3"
SEAL_ALGORITHM = "HMACSHA256"
DIGEST_ALGORITHM = "SHA256"
APP_LINK = "sima://web-to-app?data="
MAX_URL = 2953
"""Bytes that fit the largest QR code (ISO/IEC 18004, version 40-L)."""


class OperationType(StrEnum):
    """``AUTH``: a challenge is signed, which logs a person in. ``SIGN``: a PDF is signed."""

    AUTH = "Auth"
    SIGN = "Sign"


@dataclass(frozen=True, slots=True)
class SimaClient:
    """The operator as SİMA knows it. ``base_url``: where phones reach the service, without a slash at the end.
    ``redirects``: origins (scheme and host) that the app may open afterwards, besides the service's own."""

    id: int
    name: str
    icon_url: str
    base_url: str
    redirects: tuple[str, ...] = ()

    def data_url(self, operation_id: str) -> str:
        """Where the phone gets the data; ends with a slash, as the app expects before its query."""
        return f"{self.base_url}/sima/{operation_id}/"

    def callback_url(self, operation_id: str) -> str:
        return f"{self.base_url}/sima/{operation_id}/callback"

    def require_redirect(self, url: str) -> str:
        """``url``, or ``sima.redirect_not_allowed``: a sealed container must not send people to a foreign site."""
        try:
            parts = urlsplit(url)
        except ValueError:
            raise SigningError("sima.redirect_not_allowed") from None
        origin = f"{parts.scheme}://{parts.netloc}"
        own = urlsplit(self.base_url)
        allowed = {f"{own.scheme}://{own.netloc}", *self.redirects}
        if url and (origin not in allowed or "\\" in url or not _plain(url)):
            raise SigningError("sima.redirect_not_allowed")
        return url


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing asked of one phone. ``assignees``: FİNs that may do it, empty for anybody (a login).
    ``fingerprint``: SHA-256 of the data, which the app compares with what it is given."""

    type: OperationType
    id: str
    not_before: datetime
    expires_at: datetime
    assignees: tuple[str, ...]
    fingerprint: bytes
    redirect_url: str = ""


def compact(value: object) -> bytes:
    """JSON without blanks, members in their order, other letters as they are (UTF-8)."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def container(operation: Operation, client: SimaClient) -> dict[str, Any]:
    """The ``SignableContainer``. Raises ``sima.redirect_not_allowed``, ``sima.text_not_plain``."""
    content = {
        "ProtoInfo": {"Name": PROTOCOL_NAME, "Version": PROTOCOL_VERSION},
        "OperationInfo": {
            "Type": operation.type.value,
            "OperationId": operation.id,
            "NbfUTC": int(operation.not_before.timestamp()),
            "ExpUTC": int(operation.expires_at.timestamp()),
            "Assignee": list(operation.assignees),
        },
        "DataInfo": {
            "DataURI": client.data_url(operation.id),
            "AlgName": DIGEST_ALGORITHM,
            "FingerPrint": b64encode(operation.fingerprint).decode(),
        },
        "ClientInfo": {
            "ClientId": client.id,
            "ClientName": client.name,
            "IconURI": client.icon_url,
            "Callback": client.callback_url(operation.id),
            "RedirectURI": client.require_redirect(operation.redirect_url),
            "HostName": [],
        },
    }
    if not _plain(compact(content).decode()):
        raise SigningError("sima.text_not_plain")
    return content


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


class Seal:
    """Seals containers with the operator's master key, and opens what claims to be sealed."""

    def __init__(self, master_key: bytes) -> None:
        """Raises ``ValueError`` without a key: everybody could seal with none."""
        if not master_key:
            raise ValueError("the master key is empty")
        self._key = master_key

    def mark(self, content: bytes) -> bytes:
        """HMAC-SHA256 over SHA-256 of the compact JSON."""
        return hmac.new(self._key, hashlib.sha256(content).digest(), hashlib.sha256).digest()

    def query(self, content: Mapping[str, Any]) -> str:
        """``tsquery``: base64 of the container with its seal."""
        header = {"AlgName": SEAL_ALGORITHM, "Signature": b64encode(self.mark(compact(content))).decode()}
        return b64encode(compact({"SignableContainer": content, "Header": header})).decode()

    def open(self, query: str) -> Mapping[str, Any]:
        """The container. Raises ``sima.bad_container`` (not one at all), ``sima.bad_seal`` (not ours, or altered)."""
        sealed = parse_object(_decoded(query), "sima.bad_container")
        content, header = sealed.get("SignableContainer"), sealed.get("Header")
        if not isinstance(content, dict) or not isinstance(header, dict) or len(sealed) != 2:
            raise SigningError("sima.bad_container")
        mark = header.get("Signature")
        expected = b64encode(self.mark(compact(content))).decode()
        named = header.get("AlgName") == SEAL_ALGORITHM
        if not named or not isinstance(mark, str) or not hmac.compare_digest(mark.encode(), expected.encode()):
            raise SigningError("sima.bad_seal")
        return content


def _decoded(query: str) -> bytes:
    try:
        if len(query) > MAX_URL:
            raise SigningError("sima.bad_container")
        return b64decode(query.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise SigningError("sima.bad_container") from None


def parse_object(data: bytes, code: str) -> dict[str, Any]:
    """A JSON object in which no member occurs twice: readers differ in which one they take. Raises ``code``."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise SigningError(code) from None
    if not isinstance(value, dict):
        raise SigningError(code)
    return value


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(name)


def links(operation: Operation, client: SimaClient, seal: Seal) -> Links:
    """Raises as ``container``, and ``sima.container_too_large``."""
    url = f"{client.data_url(operation.id)}?tsquery={seal.query(container(operation, client))}"
    if len(url) > MAX_URL:
        raise SigningError("sima.container_too_large", size=len(url), limit=MAX_URL)
    return links_of(url)


def links_of(content_url: str) -> Links:
    return Links(content_url, f"{APP_LINK}{content_url}")

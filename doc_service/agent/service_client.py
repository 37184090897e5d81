"""The service as the agent knows it: log in, my requests, read, consent, prepare, complete."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.agent import service_paths as paths
from doc_service.agent.http_client import HttpClient
from doc_service.agent.log_in import sign_challenge
from doc_service.domain.errors import DomainError
from signing.api import SigningKey


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for this person. ``state``: "open", or "consented" when it was agreed to before."""

    id: str
    document_id: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Prepared:
    to_be_signed: bytes
    algorithm: str


class ServiceClient:
    """Over ``HttpClient``. Every answer is read strictly: ``DomainError`` "agent.bad_answer" (part) otherwise."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    @property
    def origin(self) -> str:
        return self._http.origin

    def use_token(self, token: str) -> None:
        """A session of the service that the person has already."""
        self._http.bearer(token)

    def log_in(self, key: SigningKey) -> None:
        """A session for the holder of ``key``. Raises ``DomainError`` "agent.not_a_log_in" for a challenge that is
        none, ``RefusedError``."""
        challenge = self._http.post(paths.CHALLENGE, {})
        signature, algorithm = sign_challenge(_string(challenge, "text").encode(), self.origin, key)
        answer = self._http.post(
            paths.LOGIN,
            {
                "challenge": _string(challenge, "id"),
                "certificate": _text(key.certificate),
                "chain": [_text(der) for der in key.chain],
                "signature": _text(signature),
                "algorithm": algorithm,
            },
        )
        self._http.bearer(_string(answer, "token"))

    def requests(self) -> list[Asked]:
        """What waits for this person's signature now."""
        found: list[Asked] = []
        cursor = ""
        while True:
            params = {"mine": "true", "state": "open,consented", "limit": "100"}
            page = self._http.get(paths.MY_REQUESTS, **params, **({"cursor": cursor} if cursor else {}))
            items = page.get("items")
            if not isinstance(items, list):
                raise _bad("items")
            found += [_asked(item) for item in items]
            cursor = str(page.get("next") or "")
            if not cursor:
                return found

    def document(self, request_id: str) -> bytes:
        """The exact bytes that the service shows now."""
        return self._http.read(paths.content(request_id))

    def consent(self, request_id: str, sha256: str) -> None:
        self._http.post(paths.consent(request_id), {"shown_sha256": sha256})

    def prepare(self, request_id: str, key: SigningKey) -> Prepared:
        body = {"certificate": _text(key.certificate), "chain": [_text(der) for der in key.chain]}
        answer = self._http.post(paths.prepare(request_id), body)
        return Prepared(_binary(answer, "to_be_signed"), _string(answer, "algorithm"))

    def complete(self, request_id: str, signature: bytes) -> dict[str, Any]:
        return self._http.post(paths.complete(request_id), {"signature": _text(signature)})


def _asked(item: object) -> Asked:
    if not isinstance(item, Mapping):
        raise _bad("items")
    document = item.get("document")
    name = document.get("title") if isinstance(document, Mapping) else item.get("title")
    return Asked(_string(item, "id"), _string(item, "document_id"), str(name or ""), _string(item, "state"))


def _string(value: Mapping[str, Any], part: str) -> str:
    text = value.get(part)
    if not isinstance(text, str) or not text:
        raise _bad(part)
    return text


def _binary(value: Mapping[str, Any], part: str) -> bytes:
    try:
        return base64.b64decode(_string(value, part), validate=True)
    except binascii.Error:
        raise _bad(part) from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bad(part: str) -> DomainError:
    return DomainError("agent.bad_answer", "", part=part)

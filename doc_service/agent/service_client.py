"""The service as the agent knows it: log in, my requests, read, consent, prepare, complete."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.agent import service_paths as paths
from doc_service.agent.http_client import HttpClient
from doc_service.agent.log_in import sign_challenge
from doc_service.domain.errors import DomainError
from signing.api import SigningKey

_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for this person."""

    id: str
    document_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """``pdf``: the bytes to be read, whose digest is ``sha256``; ``agreement``: the words of the consent, in the
    service's languages."""

    pdf: bytes
    sha256: str
    agreement: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """``sha256``: of ``to_be_signed``, by which the signature names its preparation."""

    to_be_signed: bytes
    sha256: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class Place:
    """In the queue of a document; ``position`` 0: none."""

    position: int
    your_turn: bool


class ServiceClient:
    """Over ``HttpClient``. Every answer is read strictly: ``DomainError`` "agent.bad_answer" (part) otherwise."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._own_session = False

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
        self._own_session = True

    def close(self) -> None:
        """Ends the session that ``log_in`` began; one that was given stays. A service out of reach ends it itself."""
        if self._own_session:
            with contextlib.suppress(DomainError):
                self._http.delete(paths.SESSION)
        self._http.close()

    def requests(self) -> list[Asked]:
        """What waits for this person's signature now. An account that sees everybody's requests signs its own."""
        account = self._http.get(paths.ME).get("account")
        signer = str(account.get("person_id") or "") if isinstance(account, Mapping) else ""
        found: list[Asked] = []
        query: dict[str, Any] = {"state": ["open", "consented"], "limit": 100}
        if signer:
            query["signer_id"] = signer
        while True:
            page = self._http.get(paths.REQUESTS, query)
            items = page.get("items")
            if not isinstance(items, list):
                raise _bad("items")
            found += [_asked(item) for item in items]
            if not page.get("next"):
                return found
            query["cursor"] = _string(page, "next")

    def shown(self, request_id: str) -> Shown:
        """The exact bytes that are to be signed now, as the service shows them to this person.

        Another person's signature may come between description and bytes, so they are asked for again a few times.
        Raises also ``DomainError`` "agent.bad_answer" ("sha256") when they are not those that the service names."""
        for _ in range(_LOOKS):
            view = self._http.get(paths.shown(request_id))
            pdf = self._http.read(_path(view, "content"))
            sha256 = hashlib.sha256(pdf).hexdigest()
            if sha256 == _string(view, "sha256"):
                texts = view.get("consent_text")
                return Shown(pdf, sha256, tuple(map(str, texts.values())) if isinstance(texts, Mapping) else ())
        raise _bad("sha256")

    def consent(self, request_id: str, sha256: str) -> None:
        self._http.post(paths.consent(request_id), {"shown_sha256": sha256})

    def prepare(self, request_id: str, key: SigningKey) -> Prepared:
        body = {"certificate": _text(key.certificate), "chain": [_text(der) for der in key.chain]}
        answer = self._http.post(paths.preparation(request_id), body)
        data = _binary(answer, "to_be_signed")
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != _string(answer, "prepared_sha256"):
            raise _bad("prepared_sha256")
        return Prepared(data, sha256, _string(answer, "algorithm"))

    def complete(self, request_id: str, prepared: Prepared, signature: bytes) -> dict[str, Any]:
        body = {"signature": _text(signature), "prepared_sha256": prepared.sha256}
        return self._http.post(paths.signature(request_id), body)

    def place(self, request_id: str) -> Place:
        """The place in the document's queue; asking keeps it."""
        view = self._http.get(paths.queue(request_id))
        return Place(int(view.get("position") or 0), view.get("your_turn") is True)


def _asked(item: object) -> Asked:
    document = item.get("document") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(document, Mapping):
        raise _bad("items")
    number = str(document.get("number") or "")
    return Asked(_string(item, "id"), _string(document, "id"), " ".join((str(document.get("title") or ""), number)))


def _path(value: Mapping[str, Any], part: str) -> str:
    """A path of the same service: never an address of another, which would get the session."""
    path = _string(value, part)
    if not path.startswith(paths.API + "/") or "//" in path or ".." in path:
        raise _bad(part)
    return path


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

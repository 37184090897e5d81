"""Calls to one service: JSON in and out, its errors as ours, and repeats only of what changes nothing there."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote_plus

from signing.api import SigningError
from signing.remote.csc.provider import CscProvider
from signing.remote.http import RemoteAnswer, RemoteHttpError


class Http(Protocol):
    """``signing.remote.http.RemoteHttp``."""

    def post_json(self, url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> RemoteAnswer: ...
    def post_form(self, url: str, content: Mapping[str, str], headers: Mapping[str, str]) -> RemoteAnswer: ...


Json = Mapping[str, Any]
_WRONG_SECRET = frozenset({"invalid_otp", "invalid_pin", "invalid_authentication_data"})
_EXPIRED = frozenset({"expired_token", "invalid_token", "invalid_grant"})
_TRY_LATER = frozenset({429, 503})


class OutcomeUnknownError(Exception):
    """The request may have been acted on, and its answer is lost."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status below 400 and the object that came with it (empty for 204)."""

    status: int
    content: Json


@dataclass(frozen=True, slots=True)
class Calls:
    provider: CscProvider
    http: Http

    def read(self, method: str, content: Json, token: str) -> Answer:
        """A method that changes nothing; asked for twice before it is given up."""
        try:
            return self.once(method, content, token)
        except OutcomeUnknownError:
            pass
        except SigningError as error:
            if error.code != "signing.remote_unavailable":
                raise
        try:
            return self.once(method, content, token)
        except OutcomeUnknownError as error:
            raise SigningError("signing.remote_unavailable", retryable=True) from error

    def once(self, method: str, content: Json, token: str) -> Answer:
        """A method that may be acted on once only. Raises ``OutcomeUnknownError``; "signing.remote_unavailable" when it
        certainly was not acted on."""
        url = f"{self.provider.base_url.rstrip('/')}/{method}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            return self._judged(self.http.post_json(url, content, headers))
        except RemoteHttpError as error:
            raise _lost(error) from error

    def token(self, url: str, content: Mapping[str, str]) -> Json:
        """A token request (clause 8.4.4), authenticated by the client's secret in the header (RFC 6749 §2.3.1). Raises
        as ``once``."""
        return self._form(url, content).content

    def push(self, url: str, content: Mapping[str, str]) -> Json:
        """A pushed authorisation request (RFC 9126)."""
        return self._form(url, content).content

    def revoke(self, url: str, token: str) -> None:
        """RFC 7009; a service that cannot or will not is left alone: tokens end by themselves."""
        try:
            self.http.post_form(url, {"token": token, "client_id": self.provider.client_id}, self._basic())
        except RemoteHttpError:
            return

    def _form(self, url: str, content: Mapping[str, str]) -> Answer:
        body = {"client_id": self.provider.client_id, **content}
        try:
            return self._judged(self.http.post_form(url, body, self._basic()))
        except RemoteHttpError as error:
            raise _lost(error) from error

    def _basic(self) -> dict[str, str]:
        pair = f"{quote_plus(self.provider.client_id)}:{quote_plus(self.provider.client_secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _judged(self, answer: RemoteAnswer) -> Answer:
        if answer.status in _TRY_LATER:
            raise SigningError("signing.remote_unavailable", retryable=True)
        if answer.status >= 500:
            raise OutcomeUnknownError(f"status {answer.status}")
        if answer.status >= 400:
            raise refusal(_object(answer.body, {}))
        if answer.status >= 300:
            raise SigningError("signing.remote_bad_answer", why=f"status {answer.status}")
        return Answer(answer.status, {} if answer.status == 204 else _object(answer.body))


def _lost(error: RemoteHttpError) -> Exception:
    if error.sent:
        return OutcomeUnknownError(error.reason)
    return SigningError("signing.remote_unavailable", retryable=True)


def _object(body: bytes, otherwise: Json | None = None) -> Json:
    try:
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    except ValueError:
        pass
    if otherwise is not None:
        return otherwise
    raise SigningError("signing.remote_bad_answer", why="no JSON object")


def refusal(content: Json) -> SigningError:
    """Our code for an error message (clause 10.2) or for the error of a redirect (RFC 6749 §4.1.2.1)."""
    error = str(content.get("error", ""))
    why = str(content.get("error_description") or error or "no reason given")[:200]
    if error in _WRONG_SECRET:
        return SigningError("signing.wrong_pin")
    if error == "access_denied":
        return SigningError("signing.remote_declined")
    if error in _EXPIRED or "expired" in why.lower():
        return SigningError("signing.remote_expired")
    if "locked" in why.lower():
        return SigningError("signing.remote_locked")
    if error in ("temporarily_unavailable", "server_error"):
        return SigningError("signing.remote_unavailable", retryable=True)
    return SigningError("signing.remote_refused", why=why)

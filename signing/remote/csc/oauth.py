"""OAuth 2.0 with a CSC service (clause 8.4): authorisation code with PKCE (RFC 7636), client credentials, pushed
requests (RFC 9126)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from signing.api import SigningError
from signing.remote.api import Ask, Prompt, PromptKind, Returned
from signing.remote.csc.calls import Calls, OutcomeUnknownError, refusal
from signing.remote.csc.dialects import b64url
from signing.remote.csc.session import CscSession, Secret

LONGEST_URL = 6000
"""Characters of an authorisation request; servers and proxies commonly take 8,000. Longer ones are pushed."""
_DEFAULT_LIFE = 3600


@dataclass(frozen=True, slots=True)
class OAuth:
    """``base``: URL under which "oauth2/authorize" and the others are. ``pushes``: the server takes pushed requests."""

    calls: Calls
    base: str
    pushes: bool
    random: Callable[[int], bytes] = secrets.token_bytes

    def ask(
        self, session: CscSession, scope: str, more: Mapping[str, str], until: datetime, *, authorises: bool
    ) -> Ask:
        """Sends the person to the service's page. A request that does not fit into an address is pushed, or
        "signing.remote_too_many" where that is not offered."""
        verifier, state = b64url(self.random(48)), b64url(self.random(24))
        request = {
            "response_type": "code",
            "client_id": self.calls.provider.client_id,
            "redirect_uri": session.return_url,
            "scope": scope,
            "state": state,
            "code_challenge": b64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "lang": session.language,
            **self.calls.provider.parameters,
            **more,
        }
        url = self._url(request)
        session = replace(session, state=state, verifier=verifier, until=until)
        return Ask(session.dump(), Prompt(PromptKind.REDIRECT, url=url), until, state, authorises)

    def _url(self, request: Mapping[str, str]) -> str:
        url = f"{self.base}/oauth2/authorize?{urlencode(request)}"
        if len(url) <= LONGEST_URL and not self.pushes:
            return url
        if not self.pushes:
            raise SigningError("signing.remote_too_many", limit=fitting(len(url), request))
        try:
            pushed = self.calls.push(f"{self.base}/oauth2/pushed_authorize", request)
        except OutcomeUnknownError:
            raise SigningError("signing.remote_unavailable", retryable=True) from None
        short = {"client_id": request["client_id"], "request_uri": str(pushed.get("request_uri", ""))}
        return f"{self.base}/oauth2/authorize?{urlencode(short)}"

    def code(self, session: CscSession, returned: Returned, now: datetime) -> Secret:
        """The token for the code of a redirect that came back. "signing.remote_wrong_answer" for another ``state``;
        what the service says against it; ``OutcomeUnknownError`` when the answer was lost (a code works once)."""
        params = returned.params
        if not session.state or not hmac.compare_digest(params.get("state", "").encode(), session.state.encode()):
            raise SigningError("signing.remote_wrong_answer")
        if "error" in params:
            raise refusal(params)
        if not params.get("code"):
            raise SigningError("signing.remote_wrong_answer")
        return self._token(
            {
                "grant_type": "authorization_code",
                "code": params["code"],
                "redirect_uri": session.return_url,
                "code_verifier": session.verifier,
            },
            now,
        )

    def client(self, now: datetime) -> Secret:
        """The service's own token (client credentials)."""
        request = {"grant_type": "client_credentials", "scope": "service"}
        try:
            return self._token(request, now)
        except OutcomeUnknownError:
            raise SigningError("signing.remote_unavailable", retryable=True) from None

    def revoke(self, token: str) -> None:
        self.calls.revoke(f"{self.base}/oauth2/revoke", token)

    def _token(self, request: Mapping[str, str], now: datetime) -> Secret:
        content = self.calls.token(f"{self.base}/oauth2/token", request)
        token = content.get("access_token")
        if not isinstance(token, str) or not token:
            raise SigningError("signing.remote_bad_answer", why="no access_token")
        return Secret(token, now + life(content.get("expires_in")))


def life(seconds: object) -> timedelta:
    """Of a token or SAD; 3600 seconds when the service does not say."""
    try:
        return timedelta(seconds=max(0, min(int(str(seconds)), 24 * 3600)))
    except ValueError:
        return timedelta(seconds=_DEFAULT_LIFE)


def fitting(length: int, request: Mapping[str, str]) -> int:
    """How many hashes would have fitted."""
    hashes = request.get("hashes") or request.get("hash") or ""
    count = hashes.count(",") + 1 if hashes else 1
    room = max(0, LONGEST_URL - (length - len(urlencode({"h": hashes}))))
    return max(1, count * room // max(1, len(urlencode({"h": hashes}))))


def oauth_base(info: Mapping[str, Any], given: str) -> str:
    """From the settings, else from ``info`` (clause 11.1). "signing.remote_bad_answer" when neither says; for a service
    that names an issuer only (RFC 8414) the setting is needed."""
    base = given or str(info.get("oauth2") or "")
    if urlsplit(base).scheme not in ("http", "https"):
        raise SigningError("signing.remote_bad_answer", why="no oauth2")
    return base.rstrip("/").removesuffix("/oauth2")

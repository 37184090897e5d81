"""What the stand-in CSC service remembers: authorisation requests, codes, tokens, SADs, faults to play, calls seen."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tools.standins.csc_keys import Credential


class Refusal(Exception):  # noqa: N818 - as the specification calls it: an error message
    """An error answer (clause 10.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error, self.description, self.status = error, description, status
        super().__init__(description)


@dataclass
class Grant:
    """What a token or SAD allows. ``left``: signatures; ``hashes``: what it is bound to (None: any)."""

    scope: str
    user: str
    until: float
    credential: str = ""
    left: int = 0
    hashes: frozenset[bytes] | None = None


@dataclass
class Fault:
    """One failure to play on a method: "slow" (``seconds``), "dropped" (nothing done, no answer), "lost" (done, no
    answer), "500", "503", "wrong_key", "truncated", "wrong_certificate", "garbage"."""

    method: str
    kind: str
    times: int = 1
    seconds: float = 0.0


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class State:
    """Shared by the threads of the server. ``life``: seconds that tokens, codes and SADs live."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    credentials: dict[str, Credential]
    life: float = 300.0
    sad_life: float = 300.0
    polls: int = 2
    asynchronous: bool = False
    pushes: bool = False
    extends: bool = True
    raw_pair: bool = False
    page: int = 0
    specs: dict[int, str] = field(default_factory=lambda: {1: "1.0.4.0", 2: "2.0.0.2"})
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, tuple[dict[str, str], Grant]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    pending: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> float:
        return time.monotonic()

    def note(self, method: str, **details: Any) -> None:
        with self.lock:
            self.log.append({"method": method, **details})

    def fault(self, method: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.method == method and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def give(self, grant: Grant) -> str:
        token = secrets.token_urlsafe(24)
        with self.lock:
            self.grants[token] = grant
        return token

    def grant(self, token: str, what: str) -> Grant:
        with self.lock:
            found = self.grants.get(token)
        if found is None:
            raise Refusal("invalid_request" if what == "SAD" else "invalid_token", f"Invalid {what}", 400)
        if self.now() >= found.until:
            raise Refusal("invalid_request" if what == "SAD" else "expired_token", f"{what} expired", 400)
        return found

    def credential(self, credential_id: object, user: str) -> Credential:
        found = self.credentials.get(str(credential_id))
        if found is None or found.user != user:
            raise Refusal("invalid_request", "Invalid parameter credentialID")
        return found

    def request(self, params: dict[str, str]) -> str:
        """Checks an authorisation request and keeps it; returns its name on the service's page."""
        if params.get("client_id") != self.client_id or params.get("redirect_uri") not in self.redirect_uris:
            raise Refusal("invalid_request", "Invalid client_id or redirect_uri")
        if params.get("response_type") != "code":
            raise Refusal("unsupported_response_type", "only code")
        if params.get("code_challenge_method") != "S256" or not params.get("code_challenge"):
            raise Refusal("invalid_request", "PKCE with S256 is needed")
        if params.get("scope", "service") not in ("service", "credential"):
            raise Refusal("invalid_scope", "service or credential")
        name = secrets.token_urlsafe(12)
        with self.lock:
            self.requests[name] = dict(params)
        return name

    def approve(self, name: str, user: str, pin: str) -> dict[str, str]:
        """The person has logged in (and agreed): a code for the redirect."""
        with self.lock:
            params = self.requests.pop(name)
        grant = Grant(params.get("scope", "service"), user, self.now() + self.life)
        if grant.scope == "credential":
            credential = self.credential(params.get("credentialID"), user)
            if pin != credential.pin:
                raise Refusal("access_denied", "wrong PIN")
            hashes = params.get("hashes") or params.get("hash") or ""
            bound = frozenset(unb64url(h) for h in hashes.split(",")) if hashes else None
            if credential.scal == "2" and bound is None:
                raise Refusal("invalid_request", "hashes are needed with SCAL 2")
            grant.credential, grant.left = credential.id, self._count(credential, params.get("numSignatures"))
            grant.hashes, grant.until = bound, self.now() + self.sad_life
        code = secrets.token_urlsafe(16)
        with self.lock:
            self.codes[code] = (params, grant)
        return {"code": code, "state": params.get("state", "")}

    def _count(self, credential: Credential, value: object) -> int:
        try:
            count = int(str(value))
        except ValueError:
            raise Refusal("invalid_request", "Missing (or invalid type) integer parameter numSignatures") from None
        if count < 1 or count > credential.multisign:
            raise Refusal("invalid_request", "Numbers of signatures is too high")
        return count

    def redeem(self, form: dict[str, str]) -> tuple[str, Grant]:
        """oauth2/token with a code: good once, for the verifier that belongs to it."""
        with self.lock:
            found = self.codes.pop(form.get("code", ""), None)
        if found is None:
            raise Refusal("invalid_grant", "Authorization code is invalid or expired")
        params, grant = found
        verifier = form.get("code_verifier", "")
        if b64url(hashlib.sha256(verifier.encode()).digest()) != params["code_challenge"]:
            raise Refusal("invalid_grant", "PKCE verification failed")
        if form.get("redirect_uri") != params.get("redirect_uri"):
            raise Refusal("invalid_grant", "redirect_uri parameter does not match")
        return self.give(grant), grant

    def sad(self, credential: Credential, count: object, hashes: list[bytes]) -> str:
        if credential.scal == "2" and not hashes:
            raise Refusal("invalid_request", "Missing hashes")
        bound = frozenset(hashes) if hashes else None
        left = self._count(credential, count)
        return self.give(Grant("sad", credential.user, self.now() + self.sad_life, credential.id, left, bound))

    def spend(self, grant: Grant, credential: Credential, digests: list[bytes]) -> None:
        """The service never signs more than was authorised, nor other hashes (clause 9)."""
        with self.lock:
            if grant.credential != credential.id:
                raise Refusal("invalid_request", "Invalid parameter SAD")
            if grant.hashes is not None and not set(digests) <= grant.hashes:
                raise Refusal("invalid_request", "Hash is not authorized by the SAD")
            if grant.left < len(digests):
                raise Refusal("invalid_request", "SAD expired")
            grant.left -= len(digests)

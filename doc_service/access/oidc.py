"""An OpenID Connect provider as a way to log in (OpenID Connect Core 1.0, RFC 7636, RFC 9700)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from doc_service.domain.errors import DomainError
from doc_service.ports_login import Claims, Redirect

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by the provider's own keys only: "none" and those with a shared secret prove less."""
_FRESH = 3600.0
_LEEWAY = 60
_ANSWER_LIMIT = 1 << 20
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """``issuer``: as the provider writes it, to the letter. ``fin_claim``: the claim that holds the FİN, for a provider
    that checks it ("": none): whoever can make this provider say a FİN can open the account that has it."""

    name: str
    issuer: str
    client_id: str
    titles: Mapping[str, str]
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid",)
    fin_claim: str = ""
    timeout: float = 10.0


@dataclass(slots=True)
class _Known:
    metadata: Mapping[str, Any]
    keys: KeySet
    until: float


class OidcProvider:
    """``doc_service.ports_login.IdentityProvider``. What the provider publishes is read anew every hour, its keys also
    when an ID token names one that is not known (at most once a minute)."""

    def __init__(
        self, settings: ProviderSettings, client: httpx.Client, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """``client`` must follow no redirects. Raises ``DomainError`` "oidc.insecure_issuer" for http:// anywhere but
        on this machine."""
        if not _is_safe(settings.issuer):
            raise DomainError("oidc.insecure_issuer", "issuer", issuer=settings.issuer)
        self._settings = settings
        self._client = client
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._asked_keys = float("-inf")

    @property
    def titles(self) -> Mapping[str, str]:
        return self._settings.titles

    def begin(self, redirect_uri: str) -> Redirect:
        metadata = self._published().metadata
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        parameters = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = httpx.URL(metadata["authorization_endpoint"]).copy_merge_params(parameters)
        return Redirect(str(address), state, nonce, verifier)

    def finish(self, code: str, nonce: str, verifier: str, redirect_uri: str) -> Claims:
        answer = self._exchange(code, verifier, redirect_uri)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise DomainError("oidc.bad_answer", "", why="id_token")
        claims = self._validated(token, nonce)
        fin = claims.get(self._settings.fin_claim, "") if self._settings.fin_claim else ""
        return Claims(self._settings.issuer, claims["sub"], fin.upper() if isinstance(fin, str) else "")

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        known, settings = self._published(), self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        if settings.client_secret:
            auth: httpx.Auth | None = httpx.BasicAuth(settings.client_id, settings.client_secret)
        else:
            auth, form["client_id"] = None, settings.client_id
        return self._json("POST", known.metadata["token_endpoint"], data=form, auth=auth)

    def _validated(self, token: str, nonce: str) -> Mapping[str, Any]:
        try:
            try:
                decoded = jwt.decode(token, self._published().keys, algorithms=_ALGORITHMS)
            except (JoseError, ValueError):
                decoded = jwt.decode(token, self._newer_keys(), algorithms=_ALGORITHMS)
            self._registry(nonce).validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise DomainError("oidc.bad_answer", "", why=type(error).__name__) from error
        claims: Mapping[str, Any] = decoded.claims
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self._settings.client_id) != self._settings.client_id:
            raise DomainError("oidc.bad_answer", "", why="azp")
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject or len(subject) > 255 or not subject.isascii():
            raise DomainError("oidc.bad_answer", "", why="sub")
        return claims

    def _registry(self, nonce: str) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )

    def _published(self) -> _Known:
        with self._lock:
            if self._known is None or self._monotonic() >= self._known.until:
                metadata = self._discovered()
                self._known = _Known(metadata, self._keys(metadata), self._monotonic() + _FRESH)
            return self._known

    def _newer_keys(self) -> KeySet:
        known = self._published()
        with self._lock:
            if self._monotonic() - self._asked_keys >= 60:
                self._asked_keys = self._monotonic()
                known.keys = self._keys(known.metadata)
        return known.keys

    def _discovered(self) -> Mapping[str, Any]:
        address = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        metadata = self._json("GET", address)
        if metadata.get("issuer") != self._settings.issuer:
            raise DomainError("oidc.bad_answer", "", why="issuer")
        for name in _ENDPOINTS:
            if not isinstance(metadata.get(name), str) or not _is_safe(metadata[name]):
                raise DomainError("oidc.bad_answer", "", why=name)
        return metadata

    def _keys(self, metadata: Mapping[str, Any]) -> KeySet:
        published = self._json("GET", metadata["jwks_uri"])
        try:
            return KeySet.import_key_set(published)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise DomainError("oidc.bad_answer", "", why="jwks") from error

    def _json(self, method: str, address: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            with self._client.stream(method, address, timeout=self._settings.timeout, **arguments) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _ANSWER_LIMIT:
                        raise DomainError("oidc.bad_answer", "", why="size")
        except httpx.HTTPError as error:
            raise DomainError("oidc.unavailable", "", provider=self._settings.name) from error
        return self._read(answer.status_code, bytes(body))

    def _read(self, status: int, body: bytes) -> Mapping[str, Any]:
        if status >= 500 or status == 429:
            raise DomainError("oidc.unavailable", "", provider=self._settings.name)
        try:
            told = httpx.Response(200, content=body).json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise DomainError("oidc.bad_answer", "", why="json")
        if status != 200:
            why = told.get("error")
            raise DomainError("oidc.refused", "", why=why if isinstance(why, str) and why.isascii() else str(status))
        return told


def _challenge(verifier: str) -> str:
    """S256 (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))

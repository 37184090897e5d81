"""What log-in by outside means needs. Adapters are chosen in ``doc_service.bootstrap`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from doc_service.domain.outside_login import LoginChallenge, OidcAttempt, OutsideIdentity


class OutsideLogins(Protocol):
    def add_attempt(self, attempt: OidcAttempt) -> None: ...
    def take_attempt(self, state_sha256: str) -> OidcAttempt | None:
        """Gives it once: of two that ask, one gets it."""
        ...

    def add_challenge(self, challenge: LoginChallenge) -> None: ...
    def take_challenge(self, challenge_id: str) -> LoginChallenge | None:
        """Gives it once: of two that ask, one gets it."""
        ...

    def link(self, identity: OutsideIdentity) -> None:
        """``ConflictError`` "identity.taken" when the subject opens another account; the same again does nothing."""
        ...

    def unlink(self, issuer: str, subject: str) -> bool: ...
    def find(self, issuer: str, subject: str) -> OutsideIdentity | None: ...
    def of_account(self, account_id: str) -> Sequence[OutsideIdentity]: ...
    def purge(self, before: datetime) -> int:
        """Deletes attempts and challenges that expired before; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the browser is sent; the rest stays here."""

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the provider says it is. ``fin`` only when the settings name the claim and vouch for this provider."""

    issuer: str
    subject: str
    fin: str = ""


class IdentityProvider(Protocol):
    """One provider. Raises ``DomainError`` "oidc.unavailable", "oidc.refused" (why), "oidc.bad_answer" (why)."""

    @property
    def titles(self) -> Mapping[str, str]: ...
    def begin(self, redirect_uri: str) -> Redirect:
        """Authorization Code flow with PKCE (RFC 7636, S256), state and nonce."""
        ...

    def finish(self, code: str, nonce: str, verifier: str, redirect_uri: str) -> Claims:
        """Exchanges the code and validates the ID token (OpenID Connect Core §3.1.3.7)."""
        ...


class RawSignatures(Protocol):
    """Verifies a raw signature with a certificate's key."""

    def verify(self, certificate: bytes, content: bytes, signature: bytes, algorithm: str) -> None:
        """Raises ``SigningError`` "signing.bad_signature", "signing.bad_certificate",
        "signing.unsupported_algorithm"."""
        ...

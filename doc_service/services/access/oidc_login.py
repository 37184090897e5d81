"""Log-in at an identity provider (002 §3.6): two steps with the provider's page in between."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.outside_login import ATTEMPT_LIFE, OidcAttempt, safe_return
from doc_service.domain.principals import Means
from doc_service.ports import UnitOfWork
from doc_service.ports_access import Secrets
from doc_service.ports_login import Claims, IdentityProvider
from doc_service.ports_operations import SealedBox
from doc_service.services.access.attempts import ANONYMOUS
from doc_service.services.access.start_session import Started, StartSession
from doc_service.services.base import Workspace

Providers = Mapping[str, IdentityProvider]


@dataclass(frozen=True, slots=True)
class Begun:
    """``url``: where the browser goes. ``browser``: what it brings back, kept in a cookie of its own until then."""

    url: str
    expires_at: datetime
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginOidc:
    """Raises ``NotFoundError`` "oidc.unknown_provider", ``DomainError`` "oidc.unavailable", "oidc.bad_answer"."""

    work: Workspace
    providers: Providers
    secrets: Secrets
    box: SealedBox
    redirect_uri: str

    def __call__(self, provider: str, return_to: str = "/") -> Begun:
        redirect = _provider(self.providers, provider).begin(self.redirect_uri)
        browser, until = self.secrets.token(), self.work.clock.now() + ATTEMPT_LIFE
        state = _digest(redirect.state)
        kept = json.dumps([redirect.nonce, redirect.verifier]).encode()
        attempt = OidcAttempt(
            state, provider, self.box.seal(kept, f"oidc:{state}"), _digest(browser), safe_return(return_to), until
        )
        with self.work.uow() as uow:
            uow.logins.purge(self.work.clock.now())
            uow.logins.add_attempt(attempt)
            uow.commit()
        return Begun(redirect.url, until, browser)


@dataclass(frozen=True, slots=True)
class FinishOidc:
    """What the provider's answer opens. The attempt is used up before the provider is asked, so that an answer caught
    on its way works for nobody twice.

    An account is known by the provider's subject, or by FİN where the settings vouch for the claim; never by an e-mail
    address or a name, which providers give away anew."""

    work: Workspace
    providers: Providers
    box: SealedBox
    start: StartSession
    redirect_uri: str

    def __call__(self, state: str, code: str, browser: str, device: str = "") -> tuple[Started, str]:
        """The session, and where to go on. Raises ``DomainError`` "oidc.attempt_invalid" (unknown, used, expired, or of
        another browser), "oidc.no_account", "account.closed", and what the provider raises."""
        attempt = self._take(state, browser)
        nonce, verifier = json.loads(self.box.open(attempt.sealed, f"oidc:{attempt.state_sha256}"))
        provider = _provider(self.providers, attempt.provider)
        claims = provider.finish(code, nonce, verifier, self.redirect_uri)
        with self.work.uow() as uow:
            account = _account(uow, claims)
            if account is None:
                self.work.record(uow, ANONYMOUS, Action.LOGIN_FAILED, ("login", "unknown"), {"step": "oidc"})
                uow.commit()
                raise DomainError("oidc.no_account")
            started = self.start.within(uow, account, Means.OIDC, device)
            uow.commit()
        return started, attempt.return_to

    def _take(self, state: str, browser: str) -> OidcAttempt:
        with self.work.uow() as uow:
            attempt = uow.logins.take_attempt(_digest(state))
            uow.commit()
        live = attempt is not None and attempt.live(self.work.clock.now())
        if attempt is None or not live or not hmac.compare_digest(attempt.browser_sha256, _digest(browser)):
            raise DomainError("oidc.attempt_invalid", "state")
        return attempt


def _account(uow: UnitOfWork, claims: Claims) -> Account | None:
    linked = uow.logins.find(claims.issuer, claims.subject)
    if linked is not None:
        return uow.accounts.get(linked.account_id)
    of_fin = [a for a in uow.accounts.of_fin(claims.fin) if not a.document_id] if claims.fin else []
    return of_fin[0] if of_fin else None


def _provider(providers: Providers, name: str) -> IdentityProvider:
    found = providers.get(name)
    if found is None:
        raise NotFoundError("oidc.unknown_provider", "provider", provider=name)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""Accounts, log-ins, sessions and tokens as they are shown and asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from doc_service.api.v1.schemas.common import FIN, Email, Input, View
from doc_service.domain.accounts import Account
from doc_service.domain.principals import AccountRole, Means, Principal, Scope
from doc_service.domain.sessions import ServiceToken, Session
from doc_service.instruments.fields import Identifier, Line

Text = Annotated[str, StringConstraints(max_length=200)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+994[0-9]{9})?$")]
Unit = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Secret = Annotated[SecretStr, Field(max_length=1024)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
FinText = Annotated[str, StringConstraints(pattern=rf"^$|{FIN}")]


class AccountBrief(View):
    """Whose session it is."""

    id: str
    display_name: str
    roles: list[AccountRole]
    language: str
    person_id: str | None


class LoginView(View):
    """``second_step``: send ``ticket`` with a code to /v1/login/second-step until ``expires_at``. ``waiting``: the
    phone has not answered yet, ask again. ``token`` is for programs; a browser gets a cookie instead."""

    state: Literal["logged_in", "second_step", "waiting"]
    expires_at: datetime | None = None
    ticket: str | None = None
    token: str | None = None
    account: AccountBrief | None = None


class AccountView(View):
    """``fin`` is for administrators and the owner."""

    id: str
    login: str
    display_name: str
    roles: list[AccountRole]
    language: str
    email: str
    phone: str
    person_id: str | None
    fin: str | None
    units: list[str]
    document_id: str | None
    state: Literal["active", "closed"]
    created_at: datetime
    version: int


class AccountInput(Input):
    """A new account; its owner chooses the password by an enrolment."""

    login: Text = Field(examples=["a.quliyeva"])
    display_name: Text
    roles: list[AccountRole] = Field(min_length=1, max_length=6)
    language: Literal["az", "en"] = "az"
    email: Email = ""
    phone: Phone = ""
    person_id: Identifier | None = Field(default=None, description="The person of bodies and signature requests")
    fin: FinText = ""
    units: list[Unit] = Field(default=[], max_length=50)
    document_id: Identifier | None = Field(default=None, description="The one document of an external party")


class AccountPatch(Input):
    """What to change; fields that are left out stay."""

    display_name: Text | None = None
    language: Literal["az", "en"] | None = None
    email: Email | None = None
    phone: Phone | None = None
    roles: list[AccountRole] | None = Field(default=None, min_length=1, max_length=6)
    person_id: Identifier | Literal[""] | None = None
    fin: FinText | None = None
    units: list[Unit] | None = Field(default=None, max_length=50)
    document_id: Identifier | Literal[""] | None = None


class OwnPatch(Input):
    """What its owner may correct (002 §7.1.11)."""

    display_name: Text | None = None
    language: Literal["az", "en"] | None = None
    email: Email | None = None
    phone: Phone | None = None


class MeView(View):
    """The caller. ``scopes`` is null for a session; ``permissions`` are those held on any object or on one's own."""

    account: AccountView
    means: Means
    authenticated_at: datetime
    session_id: str
    scopes: list[Scope] | None
    permissions: list[str]


class SessionView(View):
    """``current``: the one that asks."""

    id: str
    device: str
    means: Means
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class SessionsView(View):
    items: list[SessionView]


class TokenView(View):
    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class TokensView(View):
    items: list[TokenView]


class TokenInput(Input):
    name: Line
    scopes: list[Scope] = Field(min_length=1, max_length=10)
    days: int = Field(ge=1, le=366)


class IssuedView(View):
    """``secret`` is shown this once."""

    token: TokenView
    secret: str


class EnrolmentView(View):
    """``token`` is shown this once; its owner sets a password with it at /v1/enrolment."""

    token: str
    expires_at: datetime


class RecoveryView(View):
    """Shown this once; each is good for one log-in."""

    recovery_codes: list[str]


class TotpView(View):
    """Shown this once. ``uri`` is for a QR code (otpauth://)."""

    secret: str
    uri: str


def account_brief(account: Account) -> AccountBrief:
    return AccountBrief(
        id=account.id,
        display_name=account.display_name,
        roles=sorted(account.roles),
        language=account.language,
        person_id=account.person_id or None,
    )


def account_view(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        login=account.login,
        display_name=account.display_name,
        roles=sorted(account.roles),
        language=account.language,
        email=account.email,
        phone=account.phone,
        person_id=account.person_id or None,
        fin=account.fin or None,
        units=sorted(account.units),
        document_id=account.document_id or None,
        state=account.state.value,
        created_at=account.created_at,
        version=account.version,
    )


def session_view(session: Session, principal: Principal) -> SessionView:
    return SessionView(
        id=session.id,
        device=session.device,
        means=session.means,
        started_at=session.started_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
        current=session.id == principal.session_id,
    )


def token_view(token: ServiceToken) -> TokenView:
    return TokenView(
        id=token.id,
        name=token.name,
        scopes=sorted(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
        revoked_at=token.revoked_at,
    )

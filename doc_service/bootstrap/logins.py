"""Log-in by outside means, over what the settings name."""

from __future__ import annotations

import ssl
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from asn1crypto import x509
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from doc_service.access.nonces import StoredNonces
from doc_service.access.oidc import OidcProvider, ProviderSettings
from doc_service.bootstrap.access import AccessCases
from doc_service.bootstrap.sealed import open_box
from doc_service.domain.errors import DomainError
from doc_service.ports_login import IdentityProvider
from doc_service.services.access.link_identity import LinkIdentity, UnlinkIdentity
from doc_service.services.access.oidc_login import BeginOidc, FinishOidc
from doc_service.services.access.signature_login import BeginSignatureLogin, EnterByCertificate, FinishSignatureLogin
from doc_service.services.base import Workspace
from doc_service.settings import Settings
from signing.api import CertificateChecker, SigningError
from signing.cms_container import verify_raw
from signing.keys.algorithms import split_algorithm
from signing.remote.web_eid import WebEidAuthentication

REDIRECT_PATH = "v1/login/oidc/callback"


class _Provider(BaseModel):
    """One table of the providers' file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    issuer: str = Field(min_length=1, max_length=300)
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = None
    title_az: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    scopes: tuple[str, ...] = ("openid",)
    fin_claim: str = ""
    ca_file: Path | None = None


class _Providers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: tuple[_Provider, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginCases:
    """``web_eid`` is None where the service is not reached over https: browsers offer it nowhere else."""

    providers: Mapping[str, IdentityProvider]
    begin_oidc: BeginOidc
    finish_oidc: FinishOidc
    link_identity: LinkIdentity
    unlink_identity: UnlinkIdentity
    begin_signature: BeginSignatureLogin
    finish_signature: FinishSignatureLogin
    enter_by_certificate: EnterByCertificate
    web_eid: WebEidAuthentication | None


class RawVerifier:
    """``doc_service.ports_login.RawSignatures``."""

    def verify(self, certificate: bytes, content: bytes, signature: bytes, algorithm: str) -> None:
        split_algorithm(algorithm)
        try:
            parsed = x509.Certificate.load(certificate, strict=True)
            verify_raw(parsed, algorithm, content, signature)
        except (ValueError, TypeError, KeyError) as error:
            raise SigningError("signing.bad_certificate") from error


def build_logins(
    settings: Settings,
    work: Workspace,
    access: AccessCases,
    checker: CertificateChecker,
    random: Callable[[int], bytes],
    stack: ExitStack,
) -> LoginCases:
    """Raises ``DomainError`` "oidc.bad_providers_file", "oidc.insecure_issuer". ``random``: bytes of a given length."""
    providers = {p.name: _provider(p, stack) for p in _listed(settings.oidc_providers_file)}
    secrets, start = access.start_session.secrets, access.start_session
    box = open_box(settings)
    place = origin(settings.service_url)
    redirect = settings.service_url + REDIRECT_PATH
    enter = EnterByCertificate(work, start)
    web_eid = (
        WebEidAuthentication(checker, StoredNonces(work, place), work.clock, random, origin=place)
        if place.startswith("https://")
        else None
    )
    return LoginCases(
        providers=providers,
        begin_oidc=BeginOidc(work, providers, secrets, box, redirect),
        finish_oidc=FinishOidc(work, providers, box, start, redirect),
        link_identity=LinkIdentity(work),
        unlink_identity=UnlinkIdentity(work),
        begin_signature=BeginSignatureLogin(work, secrets, place),
        finish_signature=FinishSignatureLogin(work, checker, RawVerifier(), enter),
        enter_by_certificate=enter,
        web_eid=web_eid,
    )


def _listed(path: Path | None) -> tuple[_Provider, ...]:
    if path is None:
        return ()
    try:
        return _Providers.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).provider
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DomainError("oidc.bad_providers_file", "oidc_providers_file", why=f"{where}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise DomainError("oidc.bad_providers_file", "oidc_providers_file", why=type(error).__name__) from error


def _provider(given: _Provider, stack: ExitStack) -> OidcProvider:
    secret = given.client_secret_file.read_text(encoding="utf-8").strip() if given.client_secret_file else ""
    verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(given.ca_file)) if given.ca_file else True
    client = stack.enter_context(httpx.Client(verify=verify, follow_redirects=False, trust_env=False))
    settings = ProviderSettings(
        name=given.name,
        issuer=given.issuer,
        client_id=given.client_id,
        client_secret=secret,
        titles={"az": given.title_az, "en": given.title_en},
        scopes=given.scopes,
        fin_claim=given.fin_claim,
    )
    return OidcProvider(settings, client)


def origin(url: str) -> str:
    """As browsers write it (RFC 6454 §6.2): letters of other scripts as in DNS, no port that is the scheme's own."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    own = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{host}" if parts.port in (None, own) else f"{parts.scheme}://{host}:{parts.port}"

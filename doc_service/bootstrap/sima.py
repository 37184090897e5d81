"""SİMA by the settings: the way to sign, the judge of returned files, and log-in."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from doc_service.bootstrap.access import AccessCases
from doc_service.bootstrap.logins import LoginCases
from doc_service.bootstrap.sealed import open_box
from doc_service.domain.errors import DomainError
from doc_service.ports import Clock
from doc_service.services.access.sima_login import FinishSimaLogin, SimaAuthentication
from doc_service.services.base import Workspace
from doc_service.services.ways.resume_operation import AnswerFromOutside
from doc_service.services.ways.serve_file import ServeFile
from doc_service.settings import Settings
from doc_service.system import RandomIds
from signing.certificates import X509Checker
from signing.http import HttpxTransport
from signing.remote.sima.accept_pdf import ReturnedPdf
from signing.remote.sima.calls import PhoneCalls
from signing.remote.sima.container import Seal, SimaClient
from signing.remote.sima.login import SimaLogin
from signing.remote.sima.requests import PhoneRequests
from signing.remote.sima.signer import SimaSigner
from signing.trust import TrustStore
from signing.validate import PadesValidator


@dataclass(frozen=True, slots=True)
class Sima:
    """What the protocol offers, without knowledge of documents and accounts."""

    signer: SimaSigner
    files: ReturnedPdf
    logins: SimaLogin


@dataclass(frozen=True, slots=True)
class SimaCases:
    """What the phone's and the browser's routes call."""

    serve_file: ServeFile
    answer: AnswerFromOutside
    authentication: SimaAuthentication
    finish_login: FinishSimaLogin


def open_sima(settings: Settings, trust: TrustStore, clock: Clock, stack: ExitStack) -> Sima | None:
    """None while SİMA is off. Raises ``DomainError`` "sima.unknown_anchor": trust.toml has no anchor of this label."""
    if not settings.sima_client_id:
        return None
    transport = HttpxTransport(timeout=settings.revocation_timeout.total_seconds())
    stack.callback(transport.close)
    requests = PhoneRequests(X509Checker(_sima_anchors(trust, settings.sima_trust), transport))
    client = SimaClient(
        settings.sima_client_id, settings.sima_client_name, settings.sima_icon_url,
        settings.service_url.rstrip("/"), settings.sima_redirects,
    )  # fmt: skip
    calls = PhoneCalls(client, Seal(settings.sima_master_key.get_secret_value().encode()), requests)
    ids = RandomIds()
    return Sima(
        SimaSigner(calls, clock.now, ids.new, settings.sima_hold),
        ReturnedPdf(PadesValidator(trust, clock.now), requests),
        SimaLogin(calls, clock.now, ids.new, ids.new, settings.service_url, settings.sima_hold),
    )


def _sima_anchors(trust: TrustStore, labels: tuple[str, ...]) -> TrustStore:
    """Only SİMA's own anchors vouch for a phone; the intermediates are those that are known anyway."""
    if not labels:
        return trust
    missing = set(labels) - {anchor.label for anchor in trust.anchors}
    if missing:
        raise DomainError("sima.unknown_anchor", "sima_trust", label=sorted(missing)[0])
    return TrustStore([a for a in trust.anchors if a.label in labels], trust.others_der)


def build_sima(
    sima: Sima, settings: Settings, work: Workspace, serve: ServeFile, answer: AnswerFromOutside,
    access: AccessCases, logins: LoginCases,
) -> SimaCases:  # fmt: skip
    """Over the driver of the ways to sign and the log-ins."""
    authentication = SimaAuthentication(work, sima.logins, open_box(settings), access.start_session.secrets)
    return SimaCases(serve, answer, authentication, FinishSimaLogin(authentication, logins.enter_by_certificate))

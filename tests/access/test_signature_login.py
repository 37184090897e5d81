"""Log-in by enhanced e-signature: a signed challenge, judged against chain and revocation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.bootstrap.logins import RawVerifier, origin
from doc_service.domain.accounts import Account
from doc_service.domain.errors import DomainError
from doc_service.domain.outside_login import safe_return
from doc_service.domain.principals import AccountRole, Means
from doc_service.domain.sessions import SessionRules
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.access.signature_login import (
    BeginSignatureLogin,
    Challenged,
    EnterByCertificate,
    FinishSignatureLogin,
    Proof,
)
from doc_service.services.access.start_session import StartSession
from doc_service.services.base import Workspace
from doc_service.system import RandomIds
from signing.api import SigningKey
from signing.certificates import X509Checker
from signing.http import HttpxTransport
from tests.access.test_oidc_login import SECRETS, Clock
from tests.persistence.engines import ENGINES
from tests.pki_fixtures import HOLDER, RunningPki, refused

ORIGIN = "https://docs.example.az"


class Desk:
    def __init__(self, work: Workspace, clock: Clock, pki: RunningPki, transport: HttpxTransport) -> None:
        self.work, self.clock = work, clock
        start = StartSession(work, SECRETS, SessionRules())
        self.begin = BeginSignatureLogin(work, SECRETS, ORIGIN)
        checker = X509Checker(pki.trust, transport)
        self.finish = FinishSignatureLogin(work, checker, RawVerifier(), EnterByCertificate(work, start))
        account = Account(
            "nermin", "nermin", "Quliyeva Nərmin", frozenset({AccountRole.MEMBER}), clock.now(),
            person_id="uzv-1", fin=HOLDER.fin,
        )  # fmt: skip
        with work.uow() as uow:
            uow.accounts.add(account)
            uow.commit()

    def failures(self) -> int:
        with self.work.uow.reading() as uow:
            return len(uow.audit.of_subject("login", "unknown"))


def proof(key: SigningKey, text: bytes, algorithm: str = "sha256_ecdsa") -> Proof:
    return Proof(key.certificate, key.chain, key.sign(text, algorithm), algorithm)


@pytest.fixture(params=sorted(ENGINES))
def desk(request: pytest.FixtureRequest, tmp_path: Path, dev_pki: RunningPki) -> Iterator[Desk]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    clock, transport = Clock(), HttpxTransport(timeout=5.0)
    yield Desk(Workspace(SqlUnitOfWorkFactory(engine), clock, RandomIds()), clock, dev_pki, transport)
    transport.close()
    engine.dispose()


@pytest.mark.parametrize("kind", ["p256", "rsa"])
def test_the_holder_enters_once(kind: str, desk: Desk, dev_pki: RunningPki) -> None:
    key = dev_pki.person() if kind == "p256" else dev_pki.variant("rsa")
    asked = desk.begin()
    given = proof(key, asked.challenge.text, "sha256_ecdsa" if kind == "p256" else "sha256_rsa")
    started = desk.finish(asked.challenge.id, asked.browser, given, "agent")
    assert (started.account.id, started.session.means) == ("nermin", Means.SIGNATURE)
    with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
        desk.finish(asked.challenge.id, asked.browser, given)


Spoil = Callable[[Desk, RunningPki, Challenged], tuple[Challenged, Proof]]


def _other_text(desk: Desk, pki: RunningPki, asked: Challenged) -> tuple[Challenged, Proof]:
    elsewhere = replace(asked.challenge, origin="https://docs.example.com")
    return asked, proof(pki.person(), elsewhere.text)


def _other_key(desk: Desk, pki: RunningPki, asked: Challenged) -> tuple[Challenged, Proof]:
    other = pki.person(replace(HOLDER, fin="7KL34MN"))
    return asked, replace(proof(other, asked.challenge.text), certificate=pki.person().certificate)


def _variant(name: str) -> Spoil:
    return lambda desk, pki, asked: (asked, proof(pki.variant(name), asked.challenge.text))


def _garbage(desk: Desk, pki: RunningPki, asked: Challenged) -> tuple[Challenged, Proof]:
    return asked, Proof(b"no certificate", (), b"x", "sha256_ecdsa")


def _algorithm(desk: Desk, pki: RunningPki, asked: Challenged) -> tuple[Challenged, Proof]:
    return asked, replace(proof(pki.person(), asked.challenge.text), algorithm="md5_ecdsa")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_other_text, "signing.bad_signature"),
        (_other_key, "signing.bad_signature"),
        (_variant("expired"), "signing.certificate_expired"),
        (_variant("revoked"), "signing.certificate_revoked"),
        (_variant("no-fin"), "signing.no_fin"),
        (_garbage, "signing.bad_certificate"),
        (_algorithm, "signing.unsupported_algorithm"),
    ],
)
def test_refused_and_recorded(spoil: Spoil, code: str, desk: Desk, dev_pki: RunningPki) -> None:
    asked, given = spoil(desk, dev_pki, desk.begin())
    with refused(code):
        desk.finish(asked.challenge.id, asked.browser, given)
    assert desk.failures() == 1
    with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
        desk.finish(asked.challenge.id, asked.browser, proof(dev_pki.person(), asked.challenge.text))


def test_strangers_late_answers_and_other_browsers(desk: Desk, dev_pki: RunningPki, foreign_pki: RunningPki) -> None:
    asked = desk.begin()
    with refused("signing.untrusted_certificate"):
        desk.finish(asked.challenge.id, asked.browser, proof(foreign_pki.person(), asked.challenge.text))
    asked = desk.begin()
    stranger = dev_pki.person(replace(HOLDER, fin="7KL34MN"))
    with pytest.raises(DomainError, match=r"login\.no_account"):
        desk.finish(asked.challenge.id, asked.browser, proof(stranger, asked.challenge.text))
    asked, other = desk.begin(), desk.begin()
    with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
        desk.finish(asked.challenge.id, other.browser, proof(dev_pki.person(), asked.challenge.text))
    late = desk.begin()
    desk.clock.at += timedelta(minutes=5)
    with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
        desk.finish(late.challenge.id, late.browser, proof(dev_pki.person(), late.challenge.text))


def test_unknown_revocation_lets_nobody_in(desk: Desk, dev_pki: RunningPki) -> None:
    key, asked = dev_pki.person(), desk.begin()
    dev_pki.faults.pause("ocsp", "crl")
    with refused("login.revocation_unknown") as errors:
        desk.finish(asked.challenge.id, asked.browser, proof(key, asked.challenge.text))
    assert errors[0].retryable


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/v1/me?x=1", True), ("//evil.example", False), ("https://evil.example", False), ("/\\evil", False), ("", False)],
)
def test_only_paths_of_this_service_are_gone_back_to(path: str, kept: bool) -> None:
    assert safe_return(path) == (path if kept else "/")


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://docs.example.az:443/", "https://docs.example.az"),
        ("https://Docs.Example.az:8443/x", "https://docs.example.az:8443"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("https://sənəd.az/", "https://xn--snd-dtbb.az"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(url: str, written: str) -> None:
    assert origin(url) == written

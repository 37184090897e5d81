"""Log-in with SİMA over real databases: begun by a browser, answered by a phone, claimed once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from doc_service.access.randomness import SystemSecrets
from doc_service.access.sealed import AesGcmBox
from doc_service.domain.accounts import Account
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import AccountRole, Means
from doc_service.domain.sessions import SessionRules
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports_sima import SimaAttempt
from doc_service.services.access.signature_login import EnterByCertificate
from doc_service.services.access.sima_login import FinishSimaLogin, SimaAuthentication, SimaBegun
from doc_service.services.access.start_session import StartSession
from doc_service.services.base import Workspace
from doc_service.system import RandomIds
from signing.api import SigningError
from signing.devpki import Holder
from signing.remote.api import Called
from tests.persistence.engines import ENGINES
from tests.pki_fixtures import HOLDER, RunningPki
from tests.sima.conftest import MASTER_KEY, MovingClock, Station
from tools.standins.sima_phone import Fault, SimaPhone

OTHER = Holder("7XYZ9K8", "Məmmədov", "Elçin", "Rauf oğlu", "Nazirlik")


class Clock:
    def __init__(self, moving: MovingClock) -> None:
        self._moving = moving

    def now(self) -> datetime:
        return self._moving()


class Desk:
    """The use cases; a phone's calls reach them as they would reach the routes."""

    def __init__(self, work: Workspace, station: Station) -> None:
        self.work, self.station = work, station
        secrets = SystemSecrets(b"k" * 32)
        self.cases = SimaAuthentication(work, station.login, AesGcmBox([b"s" * 32]), secrets)
        self.finish = FinishSimaLogin(self.cases, EnterByCertificate(work, StartSession(work, secrets, SessionRules())))
        account = Account(
            "nermin", "nermin", "Quliyeva Nərmin", frozenset({AccountRole.MEMBER}), work.clock.now(),
            person_id="uzv-1", fin=HOLDER.fin,
        )  # fmt: skip
        with work.uow() as uow:
            uow.accounts.add(account)
            uow.commit()

    def phone(self, begun: SimaBegun, *faults: Fault, holder: Holder = HOLDER) -> httpx.Response:
        operation = begun.offer.operation_id

        def answer(request: httpx.Request) -> httpx.Response:
            call = Called(request.method, request.url.raw_path.decode(), dict(request.headers), request.content)
            try:
                if call.method == "GET":
                    name, data = self.cases.data(operation, call)
                    return httpx.Response(200, json={"filename": name, "data": _base64(data)})
                self.cases.answer(operation, call)
                return httpx.Response(200, json={"status": "success"})
            except (DomainError, SigningError) as refusal:
                return httpx.Response(400, json={"errormessage": refusal.code})

        key = self.station.pki.person(holder)
        phone = SimaPhone(
            key, MASTER_KEY, httpx.Client(transport=httpx.MockTransport(answer)), faults=frozenset(faults)
        )
        return phone.run(begun.links.app_link)

    def failures(self) -> list[str]:
        with self.work.uow.reading() as uow:
            return [str(e.details.get("code", "")) for e in uow.audit.of_subject("login", "unknown")]


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode()


@pytest.fixture(params=sorted(ENGINES))
def desk(request: pytest.FixtureRequest, tmp_path: Path, station: Station) -> Iterator[Desk]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield Desk(Workspace(SqlUnitOfWorkFactory(engine), Clock(station.clock), RandomIds()), station)
    engine.dispose()


def test_the_browser_is_let_in_once_after_the_phone_has_answered(desk: Desk) -> None:
    begun = desk.cases.begin()
    assert desk.cases.knows(begun.offer.operation_id)
    assert not desk.cases.knows("basqa")
    assert desk.finish(begun.browser) is None
    assert desk.phone(begun).json() == {"status": "success"}
    started = desk.finish(begun.browser, "Firefox")
    assert started is not None
    assert (started.account.id, started.session.means) == ("nermin", Means.SIGNATURE)
    for _ in range(2):
        with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
            desk.finish(begun.browser)


def test_another_browser_and_a_late_one_are_not_let_in(desk: Desk) -> None:
    begun, other = desk.cases.begin(), desk.cases.begin()
    assert desk.phone(begun).is_success
    assert desk.finish(other.browser) is None
    with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
        desk.finish("uydurulmus")
    desk.station.clock.shift = timedelta(minutes=4)
    with pytest.raises(DomainError, match=r"login\.challenge_invalid"):
        desk.finish(begun.browser)


def test_refused_phones_are_recorded_and_leave_the_attempt_open(desk: Desk) -> None:
    begun = desk.cases.begin()
    assert desk.phone(begun, Fault.OTHER_CHALLENGE).json() == {"errormessage": "sima.bad_challenge_signature"}
    assert desk.phone(begun, Fault.OTHER_BODY).json() == {"errormessage": "sima.bad_request_signature"}
    assert desk.failures() == ["sima.bad_challenge_signature", "sima.bad_request_signature"]
    assert desk.finish(begun.browser) is None
    assert desk.phone(begun).is_success
    assert desk.finish(begun.browser) is not None


def test_the_first_phone_counts_and_a_repeated_answer_changes_nothing(desk: Desk) -> None:
    begun = desk.cases.begin()
    assert desk.phone(begun).is_success
    assert desk.phone(begun, holder=OTHER).json() == {"errormessage": "sima.finished"}
    identity = desk.cases.claim(begun.browser)
    assert identity is not None
    assert identity.fin == HOLDER.fin
    assert desk.phone(begun).json() == {"errormessage": "sima.unknown_operation"}


def test_somebody_without_an_account(desk: Desk) -> None:
    begun = desk.cases.begin()
    assert desk.phone(begun, holder=OTHER).is_success
    with pytest.raises(DomainError, match=r"login\.no_account"):
        desk.finish(begun.browser)


def test_an_attempt_that_is_over_leaves_nothing_behind(desk: Desk) -> None:
    begun = desk.cases.begin()
    desk.station.clock.shift = timedelta(minutes=5)
    assert desk.phone(begun).json() == {"errormessage": "sima.expired"}
    desk.cases.begin()
    assert not desk.cases.knows(begun.offer.operation_id)


def test_the_database_holds_neither_fin_nor_what_opens_it(desk: Desk) -> None:
    begun = desk.cases.begin()
    desk.phone(begun)
    with desk.work.uow.reading() as uow:
        import hashlib

        kept = uow.sima.of_browser(hashlib.sha256(begun.browser.encode()).hexdigest())
    assert kept is not None
    assert kept.proven
    assert HOLDER.fin.encode() not in kept.sealed


def test_of_many_that_claim_one_gets_it(desk: Desk) -> None:
    attempt = SimaAttempt("a" * 64, "b" * 64, b"x", datetime.now(UTC) + timedelta(minutes=1))
    with desk.work.uow() as uow:
        uow.sima.add(attempt)
        assert uow.sima.take("b" * 64) is None
        assert uow.sima.prove("a" * 64, b"y")
        assert not uow.sima.prove("a" * 64, b"z")
        assert uow.sima.of_operation("a" * 64) == replace(attempt, sealed=b"y", proven=True)
        uow.commit()

    def take(_: int) -> bool:
        with desk.work.uow() as uow:
            taken = uow.sima.take("b" * 64)
            uow.commit()
        return taken is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]


def test_redirects_elsewhere_are_not_sealed(desk: Desk) -> None:
    with pytest.raises(SigningError, match=r"sima\.redirect_not_allowed"):
        desk.cases.begin("https://evil.example/")
    assert desk.cases.begin("http://service.test/giris").links.content_url


def test_foreign_certificates(desk: Desk, foreign_pki: RunningPki) -> None:
    begun = desk.cases.begin()
    desk.station.pki = foreign_pki
    assert desk.phone(begun).json() == {"errormessage": "signing.untrusted_certificate"}

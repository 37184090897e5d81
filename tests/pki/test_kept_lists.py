"""Revocation lists about authorities are asked for once in some minutes, those about persons each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from signing.api import SigningError
from signing.certificates import X509Checker
from signing.devpki import Holder
from signing.devpki.services import PkiServices
from signing.http import HttpAnswer, HttpError
from tests.pki_fixtures import RunningPki


@dataclass
class Lists:
    """A transport without OCSP: lists made at ``made``; what was fetched is counted. ``damaged``: a byte of
    the root's is changed."""

    pki: RunningPki
    made: datetime
    damaged: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        services = PkiServices(self.pki.pki.authority, self.pki.pki.register)
        if url != self.pki.pki.urls.crl("root"):
            self.asked["issuing"] += 1
            return HttpAnswer(services.issuing_crl(self.made), "application/pkix-crl")
        self.asked["root"] += 1
        made = services.root_crl(self.made)
        return HttpAnswer(made[:-1] + bytes([made[-1] ^ self.damaged]), "application/pkix-crl")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        raise HttpError("no OCSP")


@dataclass
class Checks:
    """One checker over ``lists``, asked at minutes after its lists were made."""

    pki: RunningPki
    lists: Lists

    def __post_init__(self) -> None:
        self.key = self.pki.variant("p384")
        self.checker = X509Checker(self.pki.trust, self.lists)

    def at(self, minutes: float) -> str:
        moment = self.lists.made + timedelta(minutes=minutes)
        return self.checker.check(self.key.certificate, self.key.chain, at=moment, expected_fin=None).revocation


@pytest.fixture
def checks(dev_pki: RunningPki) -> Checks:
    return Checks(dev_pki, Lists(dev_pki, datetime.now(UTC)))


def test_the_authoritys_list_is_fetched_once_in_five_minutes_a_persons_each_time(checks: Checks) -> None:
    assert [checks.at(m) for m in (1, 2, 5)] == ["good"] * 3
    assert checks.lists.asked == {"root": 1, "issuing": 3}
    assert checks.at(7) == "good"
    assert checks.lists.asked == {"root": 2, "issuing": 4}


def test_no_list_is_kept_beyond_its_next_update(checks: Checks) -> None:
    """RFC 5280 §5.1.2.5; the lists are of a day."""
    day = 24 * 60
    assert checks.at(day - 2) == "good"
    assert checks.at(day - 1) == "good"
    assert checks.lists.asked["root"] == 1
    assert checks.at(day + 1) == "unknown"
    assert checks.lists.asked["root"] == 2


def test_a_list_that_helped_nobody_is_not_kept(checks: Checks) -> None:
    checks.lists.damaged = True
    assert checks.at(1) == "unknown"
    checks.lists.damaged = False
    assert checks.at(1) == "good"


def test_a_moment_before_the_fetch_is_not_answered_from_it(checks: Checks) -> None:
    assert [checks.at(3), checks.at(1)] == ["good", "good"]
    assert checks.lists.asked["root"] == 2


def test_a_persons_revocation_is_seen_at_once(dev_pki: RunningPki, checks: Checks) -> None:
    holder = Holder("4MNP5Q6", "Quliyeva", "Nigar")
    checks.key = dev_pki.person(holder)
    assert checks.at(1) == "good"
    dev_pki.pki.revoke(holder.fin, checks.lists.made)
    with pytest.raises(SigningError, match=r"signing\.certificate_revoked"):
        checks.at(2)

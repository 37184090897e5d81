"""A document signed while an anchor was trusted is completed after the anchor was withdrawn, and stays valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from signing.api import Level
from signing.appearance_font import AppearanceFont
from signing.certificates import X509Checker
from signing.engine import PyHankoEngine
from signing.fields import PdfFieldPlacer
from signing.http import HttpxTransport
from signing.trust import TrustStore
from signing.tsa import TimeStamper
from tests.pki_fixtures import HOLDER, RunningPki, SystemClock, refused
from tests.signing.conftest import BASE, Workshop, boxes


def withdrawn_today(pki: RunningPki) -> TrustStore:
    trust = pki.trust
    today = datetime.now(UTC).date()
    return TrustStore([replace(a, withdrawn=today, reason="açar itib") for a in trust.anchors], trust.others_der)


def test_what_was_signed_in_time_is_extended(dev_pki: RunningPki) -> None:
    trust = withdrawn_today(dev_pki)
    assert trust.roots_der == ()
    transport = HttpxTransport(timeout=5.0)
    font = AppearanceFont.load()
    stamper = TimeStamper(transport, dev_pki.pki.tsa_url)

    def engine(roots: tuple[bytes, ...]) -> PyHankoEngine:
        return PyHankoEngine(
            font, stamper, transport=transport, roots=roots, intermediates=trust.others_der, clock=SystemClock()
        )

    base = PdfFieldPlacer(font).place(BASE.read_bytes(), boxes(1))
    signed = Workshop(engine(trust.ever_der), dev_pki).sign(base, "imza0", level=Level.B_T)
    assert engine(trust.ever_der).extend(signed.pdf, target=Level.B_LTA).level is Level.B_LTA
    with refused("signing.untrusted_certificate"):
        engine(trust.roots_der).extend(signed.pdf, target=Level.B_LTA)
    transport.close()


def test_nobody_signs_under_a_withdrawn_anchor(dev_pki: RunningPki) -> None:
    key = dev_pki.person()
    checker = X509Checker(withdrawn_today(dev_pki), None)
    now = datetime.now(UTC)
    with refused("signing.untrusted_certificate"):
        checker.check(key.certificate, key.chain, at=now, expected_fin=HOLDER.fin)
    before = now - timedelta(days=1) + timedelta(minutes=1)
    assert checker.check(key.certificate, key.chain, at=before, expected_fin=HOLDER.fin).evidence is not None

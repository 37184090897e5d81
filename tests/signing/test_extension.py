"""B-LT and B-LTA against running services: what is added, what is refused, and catching up after an outage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from signing.api import Level, SigningError
from signing.appearance_font import AppearanceFont
from signing.devpki import Holder, Profile
from signing.engine import PyHankoEngine
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from signing.validate import PadesValidator
from tests.pki_fixtures import SystemClock

VeraPdf = Callable[[Iterable[Path]], dict[Path, str]]


def code(work: Callable[[], object]) -> tuple[str, bool]:
    with pytest.raises(SigningError) as caught:
        work()
    return caught.value.code, caught.value.retryable


def signed_by(workshop: Any, placed: bytes, count: int, level: Level) -> bytes:
    for number in range(count):
        placed = workshop.sign(placed, f"imza{number}", level=level).pdf
    return placed


def stamps(pdf: bytes) -> int:
    return len(PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures)


def test_to_lt_then_lta(workshop: Any, placed: bytes, judges: Any, tmp_path: Path, verapdf: VeraPdf) -> None:
    base = signed_by(workshop, placed, 3, Level.B_T)
    lt = workshop.engine.extend(base, target=Level.B_LT)
    lta = workshop.engine.extend(lt.pdf, target=Level.B_LTA)
    assert (lt.level, lta.level) == (Level.B_LT, Level.B_LTA)
    assert lt.pdf.startswith(base)
    assert lta.pdf.startswith(lt.pdf)
    assert (stamps(lt.pdf), stamps(lta.pdf)) == (0, 1)
    assert lt.pdf[len(base) :].count(b"startxref") == 1
    assert lta.pdf[len(lt.pdf) :].count(b"startxref") <= 2
    assert judges.valid_signatures(lta.pdf) == 3
    judges.check_structure(lta.pdf)
    files = [tmp_path / "lt.pdf", tmp_path / "lta.pdf"]
    for file, revision in zip(files, (lt, lta), strict=True):
        file.write_bytes(revision.pdf)
    assert set(verapdf(files).values()) == {""}


@pytest.mark.parametrize("level", [Level.B_T, Level.B_LT, Level.B_LTA])
def test_repeating_changes_nothing(workshop: Any, placed: bytes, level: Level) -> None:
    once = workshop.engine.extend(signed_by(workshop, placed, 2, Level.B_T), target=level)
    again = workshop.engine.extend(once.pdf, target=level)
    assert again == once
    lower = workshop.engine.extend(once.pdf, target=Level.B_T)
    assert lower.pdf == once.pdf


def test_what_is_asked_for_is_small(workshop: Any, placed: bytes) -> None:
    base = signed_by(workshop, placed, 4, Level.B_T)
    workshop.pki.faults.requests.clear()
    workshop.engine.extend(base, target=Level.B_LTA)
    asked = workshop.pki.faults.requests
    assert asked["tsa"] == 1
    assert asked["ocsp"] + asked["crl"] <= 4


def test_a_finished_file_stands_without_the_network(workshop: Any, placed: bytes) -> None:
    """pyHanko's own archival validation, offline, trusting nothing but the root."""
    pdf = workshop.engine.extend(signed_by(workshop, placed, 2, Level.B_T), target=Level.B_LTA).pdf
    roots = [next(iter(load_certs_from_pemder_data(der))) for der in workshop.pki.trust.roots_der]
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=[CertTrustAnchor(root) for root in roots]),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(),
        )
    )
    for embedded in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
        result = asyncio.run(ades_lta_validation(embedded, pdf_validation_spec=spec))
        assert str(result.ades_subindic) == "AdESPassed.OK"
        assert result.api_status.bottom_line


def test_time_stamp_service_down(workshop: Any, placed: bytes, judges: Any) -> None:
    workshop.pki.faults.pause("tsa")
    revision = workshop.sign(placed, "imza0", level=Level.B_T)
    assert (revision.level, revision.pending) == (Level.B_B, ("signing.tsa_unavailable",))
    assert code(lambda: workshop.engine.extend(revision.pdf, target=Level.B_LTA)) == ("signing.tsa_unavailable", True)
    workshop.pki.faults.resume()
    caught_up = workshop.engine.extend(revision.pdf, target=Level.B_LTA)
    assert caught_up.level is Level.B_LTA
    assert caught_up.pdf.startswith(revision.pdf)
    assert workshop.engine.extend(caught_up.pdf, target=Level.B_LTA).pdf == caught_up.pdf
    assert judges.valid_signatures(caught_up.pdf) == 1


def test_time_stamp_for_signatures_without_one(workshop: Any, placed: bytes) -> None:
    base = signed_by(workshop, placed, 2, Level.B_B)
    stamped = workshop.engine.extend(base, target=Level.B_T)
    assert (stamped.level, stamps(stamped.pdf)) == (Level.B_T, 1)
    archived = workshop.engine.extend(stamped.pdf, target=Level.B_LTA)
    assert (archived.level, stamps(archived.pdf)) == (Level.B_LTA, 2)


def test_a_signature_without_a_stamp_is_still_archival_when_answers_have_run_out(workshop: Any, placed: bytes) -> None:
    """The stamp that proves its time does not cover the evidence about itself (EN 319 142-1, 6.3): a phone signs
    whole files without a time stamp, and nobody can ask for that stamp's authority as of then any more."""
    pdf = workshop.sign(signed_by(workshop, placed, 1, Level.B_T), "imza1", level=Level.B_B).pdf
    done = workshop.engine.extend(pdf, target=Level.B_LTA)
    assert (done.level, stamps(done.pdf)) == (Level.B_LTA, 2)
    assert workshop.engine.extend(done.pdf, target=Level.B_LTA) == done
    validator = PadesValidator(workshop.pki.trust, SystemClock().now)
    for days in (0, 30, 300):
        report = validator.validate(done.pdf, at=datetime.now(UTC) + timedelta(days=days))
        assert (report.valid, report.level) == (True, Level.B_LTA), days


def test_a_signature_after_the_archival_stamp_needs_another(workshop: Any, placed: bytes) -> None:
    first = workshop.engine.extend(signed_by(workshop, placed, 1, Level.B_T), target=Level.B_LTA).pdf
    second = workshop.sign(first, "imza4", level=Level.B_T).pdf
    result = workshop.engine.extend(second, target=Level.B_LTA)
    assert (result.level, stamps(result.pdf)) == (Level.B_LTA, 2)


@pytest.mark.parametrize("level", [Level.B_LT, Level.B_LTA])
def test_revocation_services_down(workshop: Any, placed: bytes, level: Level) -> None:
    workshop.pki.faults.pause("ocsp", "crl")
    revision = workshop.sign(placed, "imza0", level=level)
    assert (revision.level, revision.pending) == (Level.B_T, ("signing.revocation_unavailable",))
    assert code(lambda: workshop.engine.extend(revision.pdf, target=level)) == ("signing.revocation_unavailable", True)
    workshop.pki.faults.resume()
    assert workshop.engine.extend(revision.pdf, target=level).level is level


def test_lists_stand_in_for_a_responder_that_is_down(workshop: Any, placed: bytes) -> None:
    base = signed_by(workshop, placed, 1, Level.B_T)
    workshop.pki.faults.pause("ocsp")
    assert workshop.engine.extend(base, target=Level.B_LTA).level is Level.B_LTA


def revocable(workshop: Any, fin: str) -> tuple[Any, Holder]:
    holder = Holder(fin, "Hacıyev", "Rauf", "Tofiq oğlu", "KOBİA")
    return workshop.pki.person(holder, Profile("revocable")), holder


def test_revoked_after_a_proven_time_is_good(workshop: Any, placed: bytes) -> None:
    key, holder = revocable(workshop, "7QWE2R1")
    signed = workshop.sign(placed, "imza0", key=key, level=Level.B_T).pdf
    workshop.pki.pki.revoke(holder.fin, datetime.now(UTC) + timedelta(minutes=1), label="revocable")
    assert workshop.engine.extend(signed, target=Level.B_LTA).level is Level.B_LTA


def test_revoked_before_the_proven_time_is_refused(workshop: Any, placed: bytes) -> None:
    key, holder = revocable(workshop, "7QWE2R2")
    signed = workshop.sign(placed, "imza0", key=key, level=Level.B_T).pdf
    workshop.pki.pki.revoke(holder.fin, datetime.now(UTC) - timedelta(hours=1), label="revocable")
    for target in (Level.B_LT, Level.B_LTA):
        assert code(lambda t=target: workshop.engine.extend(signed, target=t)) == ("signing.certificate_revoked", False)


def test_without_any_proven_time_a_revocation_counts(workshop: Any, placed: bytes) -> None:
    key, holder = revocable(workshop, "7QWE2R3")
    signed = workshop.sign(placed, "imza0", key=key).pdf
    workshop.pki.pki.revoke(holder.fin, datetime.now(UTC), label="revocable")
    assert code(lambda: workshop.engine.extend(signed, target=Level.B_LTA)) == ("signing.certificate_revoked", False)


def test_foreign_signer(workshop: Any, foreign_pki: Any, placed: bytes) -> None:
    signed = workshop.sign(placed, "imza0", key=foreign_pki.person(), level=Level.B_T).pdf
    assert code(lambda: workshop.engine.extend(signed, target=Level.B_LT)) == ("signing.untrusted_certificate", False)


@dataclass
class FixedClock:
    at: datetime

    def now(self) -> datetime:
        return self.at


def engine_with(workshop: Any, font: AppearanceFont, http: HttpxTransport, /, **changes: Any) -> PyHankoEngine:
    options: dict[str, Any] = {
        "transport": http,
        "roots": workshop.pki.trust.roots_der,
        "intermediates": workshop.pki.trust.others_der,
        "clock": SystemClock(),
    }
    authority = changes.pop("authority", TimeStamper(http, workshop.pki.pki.tsa_url, pause=0))
    return PyHankoEngine(font, authority, **{**options, **changes})


def test_a_certificate_that_expired_since_is_good_at_its_proven_time(
    workshop: Any, placed: bytes, font: AppearanceFont, transport: HttpxTransport
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    holder = Holder("7QWE2R4", "Əliyeva", "Sevil", "Rəşid qızı", "KOBİA")
    short = Profile("short", not_before=now - timedelta(days=1), not_after=now + timedelta(hours=1))
    key = workshop.pki.person(holder, short)
    stamped = workshop.sign(placed, "imza0", key=key, level=Level.B_T).pdf
    bare = workshop.sign(placed, "imza0", key=key, level=Level.B_B).pdf
    later = engine_with(workshop, font, transport, clock=FixedClock(now + timedelta(hours=2)))
    assert later.extend(stamped, target=Level.B_LT).level is Level.B_LT
    assert code(lambda: later.extend(bare, target=Level.B_LTA)) == ("signing.certificate_expired", False)


@pytest.mark.parametrize("level", [Level.B_LT, Level.B_LTA])
def test_stored_answers_do_not_go_stale(
    workshop: Any, placed: bytes, font: AppearanceFont, transport: HttpxTransport, level: Level
) -> None:
    """A job that runs again after a month finds nothing to do."""
    done = workshop.engine.extend(signed_by(workshop, placed, 1, Level.B_T), target=level)
    later = engine_with(workshop, font, transport, clock=FixedClock(datetime.now(UTC) + timedelta(days=31)))
    workshop.pki.faults.requests.clear()
    assert later.extend(done.pdf, target=level) == done
    assert not workshop.pki.faults.requests


def test_without_services(workshop: Any, placed: bytes, font: AppearanceFont, transport: HttpxTransport) -> None:
    signed = signed_by(workshop, placed, 1, Level.B_T)
    alone = engine_with(workshop, font, transport, authority=None)
    assert code(lambda: alone.extend(signed, target=Level.B_LTA)) == ("signing.tsa_unavailable", True)
    offline = engine_with(workshop, font, transport, transport=None)
    assert code(lambda: offline.extend(signed, target=Level.B_LT)) == ("signing.revocation_unavailable", True)
    done = workshop.engine.extend(signed, target=Level.B_LTA).pdf
    assert offline.extend(done, target=Level.B_LTA).pdf == done


def test_another_stamping_certificate_than_last_time(
    workshop: Any, foreign_pki: Any, placed: bytes, font: AppearanceFont, transport: HttpxTransport
) -> None:
    """The authority changed its certificate after it stamped the signatures: its chain still precedes the stamp."""
    signed = signed_by(workshop, placed, 1, Level.B_T)
    trusting = engine_with(
        workshop,
        font,
        transport,
        authority=TimeStamper(transport, foreign_pki.pki.tsa_url, pause=0),
        roots=(*workshop.pki.trust.roots_der, *foreign_pki.trust.roots_der),
        intermediates=(*workshop.pki.trust.others_der, *foreign_pki.trust.others_der),
    )
    result = trusting.extend(signed, target=Level.B_LTA)
    assert (result.level, stamps(result.pdf)) == (Level.B_LTA, 1)
    assert trusting.extend(result.pdf, target=Level.B_LTA).pdf == result.pdf


def test_no_signatures(workshop: Any, placed: bytes) -> None:
    assert code(lambda: workshop.engine.extend(placed, target=Level.B_LTA)) == ("signing.no_signatures", False)


def test_damaged_container(workshop: Any, placed: bytes) -> None:
    signed = workshop.sign(placed, "imza0", level=Level.B_T).pdf
    start = signed.rindex(b"/Contents <") + len(b"/Contents <")
    broken = signed[:start] + b"0" * 400 + signed[start + 400 :]
    assert code(lambda: workshop.engine.extend(broken, target=Level.B_LT)) == ("signing.broken_signature", False)


def test_inside_a_running_loop(workshop: Any, placed: bytes) -> None:
    signed = workshop.sign(placed, "imza0", level=Level.B_T).pdf

    async def handler() -> Level:
        return workshop.engine.extend(signed, target=Level.B_LT).level  # type: ignore[no-any-return]

    assert asyncio.run(handler()) is Level.B_LT


def test_thirty_signers_to_lta(workshop: Any, place: Any, field_boxes: Any, judges: Any) -> None:
    current = place(field_boxes(30))
    for number in range(30):
        current = workshop.sign(current, f"imza{number}").pdf
    result = workshop.engine.extend(current, target=Level.B_LTA)
    assert (result.level, stamps(result.pdf)) == (Level.B_LTA, 2)
    assert judges.valid_signatures(result.pdf) == 30
    judges.check_structure(result.pdf)

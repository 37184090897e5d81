"""Trust anchors between starts: what was added, changed, withdrawn or dropped is recorded once and never forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from doc_service.bootstrap.pki import TrustSource
from doc_service.bootstrap.trust_history import with_history
from doc_service.domain.identity import AnchorRecord
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.record_trust import RecordTrust
from doc_service.system import RandomIds
from signing.devpki import DevelopmentPki
from signing.trust import TrustAnchor, TrustStore
from tests.jobs.clocks import SettableClock
from tests.persistence.conftest import database_url, empty_engine, engine  # noqa: F401 - fixtures
from tests.pki_fixtures import RunningPki

START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ADDED = date(2020, 1, 1)


def record(name: str = "a", **changes: object) -> AnchorRecord:
    values: dict[str, object] = {
        "sha256": name * 64, "label": name, "added": ADDED, "withdrawn": None, "source": "Qərar 1", "reason": "",
    }  # fmt: skip
    return AnchorRecord(**{**values, **changes})  # type: ignore[arg-type]


class Starts:
    """Processes that start one after another over one database."""

    def __init__(self, engine: Engine) -> None:  # noqa: F811
        self.clock = SettableClock(START)
        self.work = Workspace(SqlUnitOfWorkFactory(engine), self.clock, RandomIds())

    def start(self, *records: AnchorRecord) -> list[tuple[str, date]]:
        found: Mapping[AnchorRecord, bytes] = {r: r.label.encode() for r in records}
        former = RecordTrust(self.work)(_hashed(found))
        return [(f.record.label, f.withdrawn) for f in former]

    def events(self, name: str) -> list[str]:
        with self.work.uow.reading() as uow:
            sha256 = next(iter(_hashed({record(name): name.encode()}))).sha256
            return [str(e.action).removeprefix("trust_anchor.") for e in uow.audit.of_subject("trust_anchor", sha256)]


def _hashed(found: Mapping[AnchorRecord, bytes]) -> Mapping[AnchorRecord, bytes]:
    """With the digests that the certificates really have."""
    import hashlib
    from dataclasses import replace

    return {replace(r, sha256=hashlib.sha256(der).hexdigest()): der for r, der in found.items()}


@pytest.fixture
def starts(engine: Engine) -> Starts:  # noqa: F811
    return Starts(engine)


def test_a_start_with_the_same_set_records_nothing(starts: Starts) -> None:
    assert starts.start(record("a"), record("b")) == []
    assert starts.start(record("b"), record("a")) == []
    assert (starts.events("a"), starts.events("b")) == (["added"], ["added"])


def test_every_change_is_one_event(starts: Starts) -> None:
    """002 §7.1.3: with the document that it rests on, or the reason."""
    starts.start(record("a"))
    starts.start(record("a", source="Qərar 2"))
    starts.start(record("a", source="Qərar 2", withdrawn=date(2026, 4, 1), reason="açar itib"))
    assert starts.events("a") == ["added", "changed", "withdrawn"]
    with starts.work.uow.reading() as uow:
        history = uow.identity.anchor_history()
        (entry,) = uow.identity.anchors()
    assert [e.record.withdrawn for e in history] == [None, None, date(2026, 4, 1)]
    assert (entry.record.reason, entry.recorded_at) == ("açar itib", START)


def test_an_anchor_dropped_from_the_file_was_trusted_until_that_day(starts: Starts) -> None:
    starts.start(record("a"), record("b"))
    starts.clock.move(timedelta(days=10))
    assert starts.start(record("b")) == [("a", date(2026, 3, 19))]
    starts.clock.move(timedelta(days=10))
    assert starts.start(record("b")) == [("a", date(2026, 3, 19))]
    assert starts.events("a") == ["added", "removed"]
    assert starts.start(record("a"), record("b")) == []
    assert starts.events("a") == ["added", "removed", "added"]


def test_a_withdrawn_anchor_that_is_dropped_keeps_its_day(starts: Starts) -> None:
    starts.start(record("a", withdrawn=date(2025, 5, 5)))
    assert starts.start() == [("a", date(2025, 5, 5))]


def test_a_process_that_only_reads_records_nothing(starts: Starts, dev_pki: RunningPki) -> None:
    source = TrustSource(dev_pki.trust, "", None)
    with_history(starts.work, source, record=False)
    with starts.work.uow.reading() as uow:
        assert uow.identity.anchors() == []


def test_the_service_goes_on_trusting_what_was_signed_before(
    starts: Starts, dev_pki: RunningPki, real_anchor: TrustAnchor
) -> None:
    """Files that name another anchor than those of the last start."""
    with_history(starts.work, TrustSource(TrustStore([real_anchor, dev_pki.pki.anchor]), "", None), record=True)
    starts.clock.move(timedelta(days=2))
    trust = with_history(starts.work, TrustSource(TrustStore([]), "", None), record=True).trust
    (former,) = trust.anchors
    assert (former.label, former.certificate, former.withdrawn) == ("MSXM", real_anchor.certificate, date(2026, 3, 11))
    assert [r.dump() for r in trust.roots_at(START + timedelta(days=1))] == [real_anchor.certificate]
    assert trust.roots_at(START + timedelta(days=2)) == ()
    assert trust.roots == ()
    assert trust.ever_der == (real_anchor.certificate,)


@pytest.fixture
def real_anchor(tmp_path_factory: pytest.TempPathFactory) -> TrustAnchor:
    """Without the development mark in data and certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Milli Sertifikat Xidmətləri Mərkəzi")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, START - timedelta(1), START + timedelta(99))
    made = builder.add_extension(x509.BasicConstraints(True, None), critical=True).sign(key, hashes.SHA256())
    return TrustAnchor("MSXM", made.public_bytes(Encoding.DER), added=ADDED)


def test_the_development_pki_is_not_kept_beyond_its_file(starts: Starts, dev_pki: RunningPki) -> None:
    assert isinstance(dev_pki.pki, DevelopmentPki)
    with_history(starts.work, TrustSource(dev_pki.trust, "", None), record=True)
    assert with_history(starts.work, TrustSource(TrustStore([]), "", None), record=True).trust.anchors == ()

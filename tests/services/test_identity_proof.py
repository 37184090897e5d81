"""What was seen of a signer's certificate is kept, named by the audit log, and judged by the trust of its own time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from doc_service.domain.errors import NotFoundError
from doc_service.domain.signatures import SignatureRequest
from doc_service.services.identity_proof import KeptIdentity, ReadIdentityProof, evidence_of
from signing.identity import EvidenceVerifier
from signing.trust import TrustAnchor, TrustStore
from tests.services.conftest import Service

pytestmark = pytest.mark.xdist_group("services")


def reader(service: Service, trust: TrustStore | None = None) -> ReadIdentityProof:
    return ReadIdentityProof(service.container.work, EvidenceVerifier(trust or service.container.trust.trust))


def signed(service: Service) -> SignatureRequest:
    document = service.signing(1)
    return service.sign(service.requests(document)[0])


def anchored(service: Service, **changes: date) -> TrustStore:
    """The service's trust with another history of its anchor."""
    trust = service.container.trust.trust
    anchors = [replace(anchor, **changes) for anchor in trust.anchors]
    return TrustStore(anchors, trust.others_der)


def test_a_signature_keeps_certificate_chain_answers_and_anchor(service: Service) -> None:
    request = signed(service)
    kept = reader(service)(request.id)
    assert kept.recorded
    assert kept.proof.revocation == "good"
    assert (kept.proof.signer_id, kept.proof.document_id) == (request.signer.id, request.document_id)
    assert kept.proof.certificate_sha256 == request.certificate_sha256
    assert kept.proof.anchor_sha256 == service.container.trust.trust.anchors[0].sha256
    assert len(kept.proof.chain) == 3
    assert (len(kept.proof.responses), len(kept.proof.lists)) == (1, 1)
    assert all(hashlib.sha256(der).hexdigest() == digest for digest, der in kept.contents.items())
    assert (kept.verdict.trusted, kept.verdict.revocation) == (True, "good")


def test_the_events_fix_the_proof(service: Service) -> None:
    request = signed(service)
    kept = reader(service)(request.id)
    with service.container.work.uow.reading() as uow:
        events = {str(e.action): e.details for e in uow.audit.of_subject("document", request.document_id)}
    for action in ("signature.prepared", "signature.completed"):
        assert events[action]["identity_proof"] == kept.proof.id
        assert events[action]["prepared_sha256"] == kept.proof.bound_sha256
    for changed in (
        {"revocation": "unknown"},
        {"signer_id": "x"},
        {"checked_at": kept.proof.checked_at + timedelta(1)},
    ):
        assert replace(kept.proof, **changed).id != kept.proof.id  # type: ignore[arg-type]


def test_trust_withdrawn_later_takes_nothing_away(service: Service) -> None:
    request = signed(service)
    today = reader(service)(request.id).proof.checked_at.date()
    verdict = reader(service, anchored(service, withdrawn=today + timedelta(1)))(request.id).verdict
    assert (verdict.trusted, verdict.revocation) == (True, "good")
    assert verdict.withdrawn_on == today + timedelta(1)


@pytest.mark.parametrize("history", ["withdrawn before", "added after", "unknown anchor"])
def test_a_check_outside_the_time_of_trust_is_worth_nothing(service: Service, history: str) -> None:
    request = signed(service)
    today = reader(service)(request.id).proof.checked_at.date()
    store = {
        "withdrawn before": anchored(service, withdrawn=today),
        "added after": anchored(service, added=today + timedelta(1)),
        "unknown anchor": TrustStore([], service.container.trust.trust.others_der),
    }[history]
    verdict = reader(service, store)(request.id).verdict
    assert (verdict.trusted, verdict.revocation) == (False, "unknown")
    assert verdict.anchor == ("" if history == "unknown anchor" else store.anchors[0].label)


def test_without_responders_the_proof_says_unknown(service: Service) -> None:
    """At most the authority's own list is at hand from minutes before."""
    document = service.signing(1)
    service.faults.pause("ocsp", "crl")
    request = service.sign(service.requests(document)[0])
    service.faults.resume()
    kept = reader(service)(request.id)
    assert kept.proof.revocation == "unknown"
    assert not kept.proof.responses
    assert (kept.verdict.trusted, kept.verdict.revocation) == (True, "unknown")


def test_lists_are_kept_when_ocsp_is_out_of_reach(service: Service) -> None:
    document = service.signing(1)
    service.faults.pause("ocsp")
    request = service.sign(service.requests(document)[0])
    service.faults.resume()
    kept = reader(service)(request.id)
    assert kept.proof.revocation == "good"
    assert not kept.proof.responses
    assert kept.proof.lists
    assert kept.verdict.revocation == "good"


def test_answers_of_others_and_broken_ones_prove_nothing(service: Service) -> None:
    document = service.signing(2)
    service.sign_all(document)
    first, second = (reader(service)(request.id) for request in service.requests(document))
    verifier = EvidenceVerifier(service.container.trust.trust)

    def judged(kept: KeptIdentity, **changes: tuple[bytes, ...]) -> str:
        return verifier.verify(replace(evidence_of(kept.proof, kept.contents), **changes)).revocation  # type: ignore[arg-type]

    of_second = evidence_of(second.proof, second.contents).responses
    assert first.proof.certificate_sha256 != second.proof.certificate_sha256
    assert (judged(first), judged(second)) == ("good", "good")
    assert judged(first, responses=of_second) == "unknown"
    assert judged(first, responses=(b"\x30\x00", b"junk")) == "unknown"
    assert judged(first, responses=()) == "unknown"
    assert judged(first, lists=()) == "unknown"


def test_a_prepared_signature_already_has_its_proof(service: Service) -> None:
    document = service.signing(1)
    request = service.requests(document)[0]
    with pytest.raises(NotFoundError, match=r"identity\.not_found"):
        reader(service)(request.id)
    key, use = service.key(request.signer), service.container.use_cases
    shown = use.show_document(request.id, request.signer.id)
    use.consent_to_sign(request.id, shown.revision.sha256, request.signer.id)
    use.prepare_signature(request.id, key.certificate, key.chain, request.signer.id)
    kept = reader(service)(request.id)
    assert not kept.recorded
    assert kept.verdict.trusted


def test_evidence_that_was_altered_or_lost_is_named(service: Service) -> None:
    """By somebody who took the guards away first."""
    request = signed(service)
    digest = reader(service)(request.id).proof.responses[-1]
    with service.container.database.begin() as connection:
        guards = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'evidence_objects'")
        ).all()
        for guard in guards:
            connection.execute(text(f"DROP TRIGGER {guard.name}"))
    try:
        with service.container.database.begin() as connection:
            connection.execute(
                text("UPDATE evidence_objects SET content = x'00' WHERE sha256 = :sha256"), {"sha256": digest}
            )
        with pytest.raises(Exception, match=r"identity\.evidence_damaged"):
            reader(service)(request.id)
        with service.container.database.begin() as connection:
            connection.execute(text("DELETE FROM evidence_objects WHERE sha256 = :sha256"), {"sha256": digest})
        with pytest.raises(NotFoundError, match=r"identity\.evidence_missing"):
            reader(service)(request.id)
    finally:
        with service.container.database.begin() as connection:
            for guard in guards:
                connection.execute(text(guard.sql))


def test_the_anchors_of_the_first_start_are_recorded(service: Service) -> None:
    anchor = service.container.trust.trust.anchors[0]
    with service.container.work.uow.reading() as uow:
        (entry,) = uow.identity.anchor_history()
        events = uow.audit.of_subject("trust_anchor", anchor.sha256)
    assert (entry.record.sha256, entry.record.development) == (anchor.sha256, True)
    assert [str(e.action) for e in events] == ["trust_anchor.added"]
    assert isinstance(anchor, TrustAnchor)


def test_the_evidence_package_holds_the_proofs(service: Service, tmp_path: Path) -> None:
    document = service.signing(2)
    service.sign_all(document)
    service.container.runner.run_until_idle(timedelta(seconds=60))
    service.container.use_cases.export_evidence(document, tmp_path / "package")
    folder = tmp_path / "package" / "identity"
    proofs = sorted(folder.glob("*.json"))
    assert [p.stem for p in proofs] == sorted(reader(service)(r.id).proof.id for r in service.requests(document))
    for path in proofs:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
        named = json.loads(path.read_bytes())
        for digest in [*named["chain"], *named["responses"], *named["lists"]]:
            assert hashlib.sha256((folder / "objects" / f"{digest}.der").read_bytes()).hexdigest() == digest

"""Signing through prepare and complete: the right person, the bytes shown, one signer at a time, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestState
from signing.api import SigningError
from signing.devpki import Holder, Profile
from tests.pki_fixtures import PIN, RunningPki
from tests.services.conftest import Service

pytestmark = pytest.mark.xdist_group("services")


def test_everybody_signs_and_the_document_reaches_the_archive(service: Service) -> None:
    """002 §7.1.4: what is complete goes to the archive by itself; §6.1.9: and nobody can destroy it there."""
    document = service.signing()
    service.sign_all(document)
    service.container.runner.run_until_idle(timedelta(seconds=60))
    assert service.document(document).state is DocumentState.ARCHIVED
    head = service.document(document).head
    assert head is not None
    assert head.level == "B-LTA"
    info = service.container.store.stat(head.key)
    assert info.retain_until is not None
    with pytest.raises(Exception, match=r"storage\.retained"):
        service.container.store.delete_version(head.key, info.version)


def test_events_tie_digest_shown_prepared_and_signed(service: Service) -> None:
    """002 §7.1.15: the history of an operation is told from its beginning to its end."""
    document = service.signing()
    request = service.requests(document)[0]
    service.sign(request)
    with service.container.work.uow.reading() as uow:
        events = {str(e.action): e.details for e in uow.audit.of_subject("document", document)}
    consented, prepared, done = (events[f"signature.{a}"] for a in ("consented", "prepared", "completed"))
    assert consented["shown_sha256"] == prepared["shown_sha256"] == done["shown_sha256"]
    assert prepared["prepared_sha256"] == done["prepared_sha256"]
    assert prepared["certificate_sha256"] == done["certificate_sha256"]


def test_only_the_person_asked_may_act(service: Service) -> None:
    document = service.signing()
    request = service.requests(document)[0]
    with pytest.raises(DomainError, match="not_yours"):
        service.container.use_cases.show_document(request.id, "somebody")


def test_consent_to_other_bytes_is_refused(service: Service) -> None:
    document = service.signing()
    request = service.requests(document)[0]
    with pytest.raises(DomainError, match="unknown_digest"):
        service.container.use_cases.consent_to_sign(request.id, "0" * 64, request.signer.id)


def test_preparing_without_consent_is_refused(service: Service) -> None:
    document = service.signing()
    request = service.requests(document)[0]
    key = service.key(request.signer)
    with pytest.raises(ConflictError, match=r"consent\.missing"):
        service.container.use_cases.prepare_signature(request.id, key.certificate, key.chain, request.signer.id)


def test_certificate_of_another_person_is_refused_and_recorded(service: Service) -> None:
    document = service.signing()
    request, other = service.requests(document)[0], service.requests(document)[1]
    with pytest.raises(SigningError) as refused:
        service.container.use_cases.sign_with_key(request.id, service.key(other.signer), request.signer.id)
    assert refused.value.code == "signing.wrong_person"
    assert service.actions(document)[-1] == "signature.refused"
    assert service.requests(document)[0].state is RequestState.CONSENTED
    assert service.sign(service.requests(document)[0]).state is RequestState.SIGNED


def _profile(service: Service, variant: str) -> Profile:
    now = service.container.work.clock.now().replace(microsecond=0)
    day = timedelta(days=1)
    return {
        "signing.certificate_expired": Profile("expired", not_before=now - 2 * day, not_after=now - day),
        "signing.certificate_not_yet_valid": Profile("early", not_before=now + day, not_after=now + 2 * day),
        "signing.certificate_revoked": Profile("revoked"),
        "signing.no_fin": Profile("no-fin", include_fin=False),
    }[variant]


@pytest.mark.parametrize(
    "code",
    [
        "signing.certificate_expired",
        "signing.certificate_not_yet_valid",
        "signing.certificate_revoked",
        "signing.no_fin",
    ],
)
def test_unfit_certificates_are_refused(service: Service, code: str) -> None:
    from signing.keys.pkcs12 import Pkcs12Key

    document = service.signing()
    request = service.requests(document)[0]
    person, pki = request.signer, service.container.trust.development
    assert pki is not None
    name = person.name
    holder = Holder(person.fin, name.surname, name.given, name.patronymic, person.organisation)
    profile = _profile(service, code)
    issued = pki.issue(holder, PIN, profile)
    if code == "signing.certificate_revoked":
        pki.revoke(person.fin, service.container.work.clock.now() - timedelta(hours=1), label=profile.label)
    before = service.document(document).head
    with pytest.raises(SigningError) as refused:
        service.container.use_cases.sign_with_key(request.id, Pkcs12Key.load(issued.pkcs12, PIN), person.id)
    assert refused.value.code == code
    assert service.document(document).head == before


def test_foreign_certificate_is_refused(service: Service, foreign_pki: RunningPki) -> None:
    document = service.signing()
    request = service.requests(document)[0]
    name = request.signer.name
    stranger = foreign_pki.person(Holder(request.signer.fin, name.surname, name.given, name.patronymic))
    with pytest.raises(SigningError) as refused:
        service.container.use_cases.sign_with_key(request.id, stranger, request.signer.id)
    assert refused.value.code == "signing.untrusted_certificate"


def test_second_signer_waits_for_the_lease_and_a_lost_lease_is_prepared_again(service: Service) -> None:
    document = service.signing(members=4)
    service.sign(service.requests(document)[0])
    service.sign(service.requests(document)[1])
    first, second = [r for r in service.requests(document) if r.state is RequestState.OPEN][:2]
    use = service.container.use_cases
    keys = {r.id: service.key(r.signer) for r in (first, second)}
    for request in (first, second):
        shown = use.show_document(request.id, request.signer.id)
        use.consent_to_sign(request.id, shown.revision.sha256, request.signer.id)
    prepared = use.prepare_signature(first.id, keys[first.id].certificate, keys[first.id].chain, first.signer.id)
    with pytest.raises(ConflictError, match=r"lease\.busy"):
        use.prepare_signature(second.id, keys[second.id].certificate, keys[second.id].chain, second.signer.id)
    _expire(service, document)
    assert use.sign_with_key(second.id, keys[second.id], second.signer.id).state is RequestState.SIGNED
    late = keys[first.id].sign(prepared.to_be_signed, prepared.signature_algorithm)
    with pytest.raises(ConflictError, match=r"lease\.lost"):
        use.complete_signature(first.id, late, first.signer.id)
    assert use.sign_with_key(first.id, keys[first.id], first.signer.id).state is RequestState.SIGNED


def _expire(service: Service, document: str) -> None:
    with service.container.work.uow() as uow:
        lease = uow.signatures.lease(document)
        assert lease is not None
        uow.signatures.release_lease(document, lease.token, service.container.work.clock.now() - timedelta(seconds=1))
        uow.commit()


def test_completing_twice_gives_one_signature(service: Service) -> None:
    document = service.signing()
    request = service.requests(document)[0]
    use, key = service.container.use_cases, service.key(request.signer)
    shown = use.show_document(request.id, request.signer.id)
    use.consent_to_sign(request.id, shown.revision.sha256, request.signer.id)
    prepared = use.prepare_signature(request.id, key.certificate, key.chain, request.signer.id)
    signature = key.sign(prepared.to_be_signed, prepared.signature_algorithm)
    once = use.complete_signature(request.id, signature, request.signer.id)
    assert use.complete_signature(request.id, signature, request.signer.id) == once
    assert service.actions(document).count("signature.completed") == 1


def test_a_signature_over_other_bytes_is_refused_and_recorded(service: Service) -> None:
    document = service.signing()
    request = service.requests(document)[0]
    use, key = service.container.use_cases, service.key(request.signer)
    shown = use.show_document(request.id, request.signer.id)
    use.consent_to_sign(request.id, shown.revision.sha256, request.signer.id)
    prepared = use.prepare_signature(request.id, key.certificate, key.chain, request.signer.id)
    forged = key.sign(prepared.to_be_signed + b"x", prepared.signature_algorithm)
    with pytest.raises(SigningError) as refused:
        use.complete_signature(request.id, forged, request.signer.id)
    assert refused.value.code == "signing.bad_signature"
    assert service.actions(document)[-1] == "signature.refused"
    assert service.requests(document)[0].state is RequestState.CONSENTED


def test_substitute_signs_only_on_a_recorded_substitution(service: Service) -> None:
    """002 §7.1.3: a change of signatory rests on a recorded order. 000 §5.4, 004 §7.7: who signs for the head."""
    from doc_service.domain.substitution import Substitution

    service.number += 1
    today = service.container.work.clock.now().date()
    document = service.drafted()
    head = service.scenario.body.members[0].person
    deputy = replace(service.scenario.body.members[5].person, id="evez-eden")
    substitution = Substitution(
        f"sub-{document}", head.id, deputy, "14-K", today - timedelta(days=3), today - timedelta(days=2),
        today + timedelta(days=2),
    )  # fmt: skip
    use = service.container.use_cases
    use.record_substitution(substitution, "katiblik")
    use.record_substitution(substitution, "katiblik")
    use.submit_document(document, "katiblik")
    from doc_service.domain.visas import VisaAction

    for unit in service.visa_units(document):
        use.decide_visa(document, unit, VisaAction.GRANT, "hüquq")
    use.register_document(document, "katiblik")
    while service.document(document).state is not DocumentState.SIGNING:
        service.container.runner.run_once()
    request = next(r for r in service.requests(document) if r.substitution_id)
    assert request.signer.id == "evez-eden"
    assert request.in_place_of == head.name.full
    assert "14-K" in request.basis
    with pytest.raises(DomainError, match="not_yours"):
        service.container.use_cases.sign_with_key(request.id, service.key(head), head.id)
    assert service.sign(request).state is RequestState.SIGNED
    with service.container.work.uow.reading() as uow:
        (recorded,) = uow.audit.of_subject("substitution", substitution.id)
    assert recorded.details["order"] == "14-K"

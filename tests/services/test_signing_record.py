"""One record ties what was shown, agreed to, authenticated, prepared and signed; the audit log covers it (DESIGN 7)."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.domain.authentication import IN_PROCESS, Authentication
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.principals import AccountRole, Means, Principal
from tests.services.desk import MORNING, Desk
from tests.services.standins_signing import certificate_of, sign

TEXT = "Oxudum və imzalamağa razıyam."


def principal(person_id: str) -> Principal:
    return Principal(
        "account-1", "session-1", frozenset({AccountRole.MEMBER}), Means.PASSWORD_TOTP, MORNING, person_id=person_id
    )


def test_a_record_holds_what_belongs_together(desk: Desk) -> None:
    head = desk.open()[0]
    who = Authentication.of(principal(head.signer.id))
    device = Authentication("sima", "operation-7", MORNING + timedelta(minutes=2))
    shown = desk.show(head.id, head.signer.id)
    desk.clock.move(timedelta(minutes=1))
    agreed = desk.consent(head.id, shown.revision.sha256, head.signer.id, text=TEXT, authentication=who)
    prepared = desk.prepare(head.id, certificate_of(head.signer.fin), (), head.signer.id, way="sima")
    desk.clock.move(timedelta(minutes=1))
    signature = sign(prepared.to_be_signed, prepared.certificate)
    signed = desk.complete(head.id, signature, head.signer.id, prepared_sha256=prepared.sha256, authentication=device)
    (record,) = desk.records("doc")
    newest = desk.document().head
    assert newest is not None
    assert (record.shown_sha256, record.base_sha256) == (shown.revision.sha256, shown.revision.sha256)
    assert (record.consent_text, record.consented_at) == (TEXT, agreed.consented_at)
    assert (record.consent_authentication, record.authentication) == (who, device)
    assert (record.way, record.prepared_sha256) == ("sima", hashlib.sha256(prepared.to_be_signed).hexdigest())
    assert base64.b64decode(record.signature) == signature
    assert record.certificate_sha256 == hashlib.sha256(certificate_of(head.signer.fin)).hexdigest()
    assert (record.revision, record.revision_sha256) == (newest.number, newest.sha256)
    assert record.signed_at == signed.signed_at
    (done,) = [e for e in desk.events() if e.action == "signature.completed"]
    assert done.details["record_sha256"] == record.sha256
    consented = next(e for e in desk.events() if e.action == "signature.consented")
    assert consented.details["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (consented.details["means"], consented.details["session"]) == ("password+totp", "session-1")


def test_the_digest_in_the_log_is_that_of_the_canonical_json(desk: Desk) -> None:
    """Anybody can recompute it from the exported record: RFC 8785."""
    import rfc8785

    head = desk.open()[0]
    desk.sign(head.id)
    (record,) = desk.records("doc")
    exported = json.loads(json.dumps(record.as_json(), ensure_ascii=False, indent=2))
    assert hashlib.sha256(rfc8785.dumps(exported)).hexdigest() == record.sha256
    assert replace(record, consent_text="x").sha256 != record.sha256


def test_a_key_at_hand_is_its_own_authentication_and_the_standard_words_are_kept(desk: Desk) -> None:
    head = desk.open()[0]
    shown = desk.show(head.id, head.signer.id)
    desk.sign(head.id)
    record = desk.records.of_request(head.id)
    assert record.consent_text == shown.consent_text()
    assert shown.revision.sha256 in record.consent_text
    assert record.authentication == record.consent_authentication == Authentication(IN_PROCESS, "", MORNING)
    assert shown.consent_text("en") != shown.consent_text()


def test_unsigned_requests_have_no_record(desk: Desk) -> None:
    head = desk.open()[0]
    assert desk.records("doc") == []
    with pytest.raises(NotFoundError, match=r"signing_record\.not_found"):
        desk.records.of_request(head.id)
    with pytest.raises(NotFoundError, match=r"document\.not_found"):
        desk.records("nothing")


def test_a_record_is_made_once_and_never_changed(desk: Desk) -> None:
    head = desk.open()[0]
    desk.sign(head.id)
    (record,) = desk.records("doc")
    with desk.units() as unit, pytest.raises(ConflictError, match=r"signing_record\.exists"):
        unit.signing.add_record(replace(record, way="other"))
    for statement in ("UPDATE signing_records SET body = '{}'", "DELETE FROM signing_records"):
        with pytest.raises(DomainError, match="append_only"), desk.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert desk.records("doc") == [record]

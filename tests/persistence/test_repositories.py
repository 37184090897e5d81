"""The contract of every repository port, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.documents import DocumentAction, DocumentState, Registration
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.signatures import (
    PreparedSigning,
    RequestAction,
    RequestState,
    SignatureRequest,
    SigningLease,
)
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa, VisaAction
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from tests.persistence import samples

Units = SqlUnitOfWorkFactory


def commit(units: Units, *steps: Callable[[SqlUnitOfWork], object]) -> None:
    with units() as unit:
        for step in steps:
            step(unit)
        unit.commit()


def refused(code: str, kind: type[DomainError], step: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as caught:
        step()
    assert type(caught.value) is kind
    assert caught.value.code == code


ORPHANS: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "meeting of no body": lambda u: u.meetings.add(samples.meeting("m2", "x")),
    "document of no body": lambda u: u.documents.add(replace(samples.document("d2"), body_id="x")),
    "document of no meeting": lambda u: u.documents.add(replace(samples.document("d2"), meeting_id="x")),
    "revision of no document": lambda u: u.documents.add_revision(samples.revision(0, "x")),
    "visa of no document": lambda u: u.visas.add(Visa("v1", "x", 1, "Hüquq şöbəsi")),
    "request of no document": lambda u: u.signatures.add(samples.request(document_id="x")),
    "lease of no document": lambda u: u.signatures.take_lease(SigningLease("x", 1, "r1", samples.NOW)),
    "registration of no document": lambda u: u.journals.register(samples.JOURNAL, "x", samples.NOW),
}


@pytest.mark.parametrize("step", ORPHANS.values(), ids=ORPHANS)
def test_a_reference_to_nothing_is_refused(units: Units, step: Callable[[SqlUnitOfWork], object]) -> None:
    with units() as unit:
        refused("persistence.unknown_reference", DomainError, lambda: step(unit))


# Bodies and meetings


def test_bodies(units: Units) -> None:
    with units() as unit:
        assert unit.bodies.get("kq") == samples.body()
        assert unit.bodies.find("x") is None
        refused("body.not_found", NotFoundError, lambda: unit.bodies.get("x"))
        refused("body.exists", ConflictError, lambda: unit.bodies.add(samples.body()))
        unit.bodies.add(samples.body("another"))
        unit.commit()
    with units() as unit:
        assert unit.bodies.get("another") == samples.body("another")


def test_meetings(units: Units) -> None:
    later = replace(samples.meeting("m0"), opens_at=samples.meeting().opens_at + timedelta(days=90))
    commit(units, lambda u: u.meetings.add(later), lambda u: u.meetings.add(samples.meeting()))
    with units() as unit:
        assert unit.meetings.get("m1") == samples.meeting()
        assert unit.meetings.get("m1").opens_at.isoformat() == "2026-03-04T10:30:00+04:00"
        assert [m.id for m in unit.meetings.of_body("kq")] == ["m1", "m0"]
        assert unit.meetings.of_body("x") == []
        assert unit.meetings.find("x") is None
        refused("meeting.not_found", NotFoundError, lambda: unit.meetings.get("x"))
        refused("meeting.exists", ConflictError, lambda: unit.meetings.add(samples.meeting()))


def test_a_meeting_saved_on_a_stale_version_is_refused(units: Units) -> None:
    commit(units, lambda u: u.meetings.add(samples.meeting()))
    with units() as unit:
        saved = unit.meetings.save(replace(samples.meeting(), place="Gəncə"))
        assert saved.version == 1
        assert unit.meetings.get("m1") == saved
        refused("state.stale", ConflictError, lambda: unit.meetings.save(samples.meeting()))
        refused("meeting.not_found", NotFoundError, lambda: unit.meetings.save(samples.meeting("x")))


# Documents


def test_documents(units: Units) -> None:
    with units() as unit:
        assert unit.documents.get("d1") == samples.document()
        assert unit.documents.find("x") is None
        refused("document.not_found", NotFoundError, lambda: unit.documents.get("x"))
        refused("document.exists", ConflictError, lambda: unit.documents.add(samples.document()))


def test_a_document_is_saved_optimistically(units: Units) -> None:
    with units() as unit:
        moved = unit.documents.get("d1").moved(
            DocumentAction.SUBMIT, registration=Registration("KQ", "3-21-5/KQ-1/2026", date(2026, 3, 4))
        )
        saved = unit.documents.save(replace(moved, head=samples.revision()))
        unit.commit()
    with units() as unit:
        assert saved.version == 1
        assert unit.documents.get("d1") == saved
        assert unit.documents.save(saved).version == 2
        refused("state.stale", ConflictError, lambda: unit.documents.save(saved))
        refused("document.not_found", NotFoundError, lambda: unit.documents.save(samples.document("x")))


def test_search_finds_by_number_title_state_and_instrument_newest_first(units: Units) -> None:
    titles = {"d2": "İşçi qrupunun İCLASI", "d3": "Sığorta haqqında 100%_düz"}
    commit(
        units,
        *(
            lambda u, n=n, i=i, t=t: u.documents.add(  # type: ignore[misc]
                samples.document(i, title=t, created_at=samples.NOW + timedelta(days=n))
            )
            for n, (i, t) in enumerate(titles.items(), 1)
        ),
    )
    with units() as unit:
        numbered = replace(
            unit.documents.get("d1"), registration=Registration("KQ", "3-21-5/KQ-1/2026", date(2026, 3, 4))
        )
        unit.documents.save(replace(numbered, state=DocumentState.IN_FORCE, instrument="kq-qerar"))

        def found(**query: object) -> list[str]:
            return [d.id for d in unit.documents.search(**query)]  # type: ignore[arg-type]

        assert found() == ["d3", "d2", "d1"]
        assert found(limit=2) == ["d3", "d2"]
        assert found(limit=0) == []
        assert found(text="kq-1/2026") == ["d1"]
        assert found(text=" işçi ") == found(text="İŞÇİ") == found(text="IŞÇI") == ["d2"]
        assert found(text="SIĞORTA") == ["d3"]
        assert found(text="100%_") == ["d3"]
        assert found(text="1%0") == []
        assert found(state=DocumentState.IN_FORCE) == ["d1"]
        assert found(instrument="kq-protokol") == ["d3", "d2"]
        assert found(instrument="kq-protokol", text="iclas", state=DocumentState.DRAFT) == ["d2"]


def test_revisions(units: Units) -> None:
    commit(
        units,
        lambda u: u.documents.add_revision(samples.revision(1)),
        lambda u: u.documents.add_revision(samples.revision(0)),
    )
    with units() as unit:
        assert unit.documents.revisions("d1") == [samples.revision(0), samples.revision(1)]
        assert unit.documents.revisions("x") == []
        refused("revision.exists", ConflictError, lambda: unit.documents.add_revision(samples.revision(1)))


# Visas and substitutions


def test_visas(units: Units) -> None:
    first, second = Visa("v2", "d1", 1, "Hüquq şöbəsi"), Visa("v1", "d1", 1, "Maliyyə şöbəsi")
    again = Visa("v0", "d1", 2, "Hüquq şöbəsi")
    commit(units, *(lambda u, v=v: u.visas.add(v) for v in (again, first, second)))  # type: ignore[misc]
    with units() as unit:
        assert unit.visas.of_document("d1") == [first, second, again]
        returned = first.decide(VisaAction.RETURN, "p1", samples.NOW, "əsas göstərilməyib")
        unit.visas.save(returned)
        unit.visas.save(returned)
        assert unit.visas.of_document("d1")[0] == returned
        granted = first.decide(VisaAction.GRANT, "p2", samples.NOW)
        refused("state.stale", ConflictError, lambda: unit.visas.save(granted))
        refused("visa.not_found", NotFoundError, lambda: unit.visas.save(replace(first, id="x")))
        refused("visa.exists", ConflictError, lambda: unit.visas.add(first))


def test_substitutions(units: Units) -> None:
    def absence(name: str, since: date) -> Substitution:
        return Substitution(name, "p1", samples.person(2), "12-K", date(2026, 1, 5), since, date(2026, 12, 31))

    early, late = absence("s2", date(2026, 2, 1)), absence("s1", date(2026, 3, 1))
    commit(units, lambda u: u.substitutions.add(late), lambda u: u.substitutions.add(early))
    with units() as unit:
        assert unit.substitutions.of_person("p1") == [early, late]
        assert unit.substitutions.of_person("p2") == []
        refused("substitution.exists", ConflictError, lambda: unit.substitutions.add(early))


# Signatures


def test_signature_requests(units: Units) -> None:
    ordered = [samples.request("r9", 1), samples.request("r1", 1), samples.request("r0", 2)]
    commit(units, *(lambda u, r=r: u.signatures.add(r) for r in (ordered[2], ordered[0], ordered[1])))  # type: ignore[misc]
    with units() as unit:
        assert unit.signatures.of_document("d1") == ordered
        assert unit.signatures.get("r1") == ordered[1]
        opened = unit.signatures.save(ordered[1].moved(RequestAction.OPEN))
        assert (opened.version, unit.signatures.get("r1")) == (1, opened)
        refused("state.stale", ConflictError, lambda: unit.signatures.save(ordered[1]))
        refused("signature_request.not_found", NotFoundError, lambda: unit.signatures.get("x"))
        refused("signature_request.not_found", NotFoundError, lambda: unit.signatures.save(samples.request("x")))
        refused("signature_request.exists", ConflictError, lambda: unit.signatures.add(ordered[0]))


def test_who_waits_and_for_how_long(units: Units) -> None:
    """Open or consented, of documents in signing, by signer and then by how long."""
    hour = timedelta(hours=1)

    def asked(name: str, document: str, signer: str, since: datetime | None, **changes: Any) -> SignatureRequest:
        person = replace(samples.person(), id=signer)
        opened = replace(samples.request(name, document_id=document), signer=person, state=RequestState.OPEN)
        return replace(opened, opened_at=since, **changes)

    signing = replace(samples.document("signing"), state=DocumentState.SIGNING)
    refused_ = replace(samples.document("refused"), state=DocumentState.REFUSED)
    noon = samples.NOW + 5 * hour
    requests = [
        asked("late", "signing", "p2", noon),
        asked("early", "signing", "p2", noon - hour, state=RequestState.CONSENTED),
        asked("local", "signing", "p1", noon.astimezone(samples.BAKU)),
        asked("old record", "signing", "p3", None),
        asked("too young", "signing", "p1", noon + timedelta(microseconds=1)),
        asked("signed", "signing", "p1", noon, state=RequestState.SIGNED),
        asked("not yet", "signing", "p1", None, state=RequestState.WAITING),
        asked("refused", "refused", "p1", noon),
        asked("draft", "d1", "p1", noon),
    ]
    with units() as unit:
        for document in (signing, refused_):
            unit.documents.add(document)
        for number, at in enumerate((samples.NOW, samples.NOW + hour)):
            unit.documents.add_revision(replace(samples.revision(number, "signing"), created_at=at))
        for request in requests:
            unit.signatures.add(request)
        unit.commit()
    with units.reading() as unit:
        names = [r.id for r in unit.signatures.waiting(noon)]
        assert names == ["local", "early", "late", "old record"]
        assert unit.signatures.waiting(noon)[0] == requests[2]
        assert [r.id for r in unit.signatures.waiting(noon, signer_id="p2")] == ["early", "late"]
        assert not unit.signatures.waiting(noon, signer_id="x")
        assert [r.id for r in unit.signatures.waiting(samples.NOW + hour)] == ["old record"]
        assert not unit.signatures.waiting(samples.NOW + hour - timedelta(microseconds=1))


def test_lease_tokens_only_grow(units: Units) -> None:
    lease = SigningLease("d1", 3, "r1", samples.NOW + timedelta(minutes=2))
    commit(units, lambda u: u.signatures.add(samples.request()))
    with units() as unit:
        assert unit.signatures.lease("d1") is None
        unit.signatures.take_lease(lease)
        for token in (1, 2, 3):
            stale = replace(lease, token=token, expires_at=samples.NOW + timedelta(days=1))
            refused("lease.lost", ConflictError, lambda s=stale: unit.signatures.take_lease(s))  # type: ignore[misc]
        assert unit.signatures.lease("d1") == lease
        unit.signatures.take_lease(replace(lease, token=7))
        assert unit.signatures.lease("d1") == replace(lease, token=7)


def test_a_lease_is_released_by_its_token_only(units: Units) -> None:
    lease = SigningLease("d1", 3, "r1", samples.NOW + timedelta(minutes=2))
    commit(units, lambda u: u.signatures.add(samples.request()), lambda u: u.signatures.take_lease(lease))
    with units() as unit:
        unit.signatures.release_lease("d1", 2, samples.NOW)
        unit.signatures.release_lease("x", 3, samples.NOW)
        assert unit.signatures.lease("d1") == lease
        unit.signatures.release_lease("d1", 3, samples.NOW + timedelta(days=1))
        assert unit.signatures.lease("d1") == lease
        unit.signatures.release_lease("d1", 3, samples.NOW)
        released = unit.signatures.lease("d1")
        assert released == replace(lease, expires_at=samples.NOW)
        assert not released.holds(samples.NOW)


def test_a_preparation_replaces_the_earlier_one(units: Units) -> None:
    prepared = PreparedSigning(
        "r1", "d1", 1, 0, "ab" * 32, b"\x31\x00", "sha256_ecdsa", b"\x30\xff", b"{}", samples.NOW
    )
    commit(units, lambda u: u.signatures.add(samples.request()), lambda u: u.signatures.put_prepared(prepared))
    with units() as unit:
        assert unit.signatures.prepared("r1") == prepared
        assert unit.signatures.prepared("x") is None
        unit.signatures.put_prepared(replace(prepared, base_revision=4))
        assert unit.signatures.prepared("r1") == replace(prepared, base_revision=4)


# Audit trail


def event(event_id: str = "e1", **details: object) -> AuditEvent:
    return AuditEvent(event_id, samples.NOW, "p1", Action.DOCUMENT_DRAFTED, "document", "d1", details)


def test_events_of_a_subject_in_the_order_of_recording(units: Units) -> None:
    recorded = [event("e2", number="№ 1", count=3, ratio=0.5, nested={"ə": [None, True]}), event("e1")]
    commit(units, *(lambda u, e=e: u.audit.append(e) for e in recorded))  # type: ignore[misc]
    with units() as unit:
        assert unit.audit.of_subject("document", "d1") == recorded
        assert unit.audit.of_subject("meeting", "d1") == []
        refused("audit.event_exists", ConflictError, lambda: unit.audit.append(event("e1", other=1)))


@pytest.mark.parametrize("value", [float("nan"), 2**60, "\ud800", samples.NOW, {1: "x"}])
def test_details_that_are_not_canonical_are_refused(units: Units, value: object) -> None:
    with units() as unit:
        refused("persistence.not_storable", DomainError, lambda: unit.audit.append(event(value=value)))

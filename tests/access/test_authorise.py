"""Who may do what to which object: the table by properties, the gathered facts on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.authorisation import GRANTS, INCOMPATIBLE, SCOPED, Facts, Permission, Reach, allowed
from doc_service.domain.bodies import Membership, Role
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.people import Person
from doc_service.domain.principals import AccountRole, Means, Principal, Scope
from doc_service.domain.registration import Journal
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa, VisaAction
from tests.access.conftest import START, Access
from tests.persistence import samples

P, R = Permission, AccountRole
NOW = datetime(2026, 3, 4, tzinfo=UTC)
ALL_ROLES = st.frozensets(st.sampled_from(AccountRole), min_size=1)
HELD_TOGETHER = ALL_ROLES.filter(lambda roles: not any(pair <= roles for pair in INCOMPATIBLE))
PERMISSIONS = st.sampled_from(Permission)
OBJECTS = st.builds(
    Facts,
    concerned=st.frozensets(st.sampled_from(["me", "account", "somebody"])),
    owner=st.sampled_from(["", "me", "account:account", "somebody"]),
    unit=st.sampled_from(["", "Hüquq", "Maliyyə"]),
    document_id=st.sampled_from(["", "d1", "d2"]),
    restricted=st.booleans(),
)


def caller(*roles: AccountRole, **values: object) -> Principal:
    made = Principal("account", "s1", frozenset(roles), Means.PASSWORD, NOW, "me", frozenset({"Hüquq"}))
    return replace(made, **values)  # type: ignore[arg-type]


@given(ALL_ROLES, PERMISSIONS, st.none() | OBJECTS, st.frozensets(st.sampled_from(Scope)))
def test_a_token_never_allows_more_than_its_account(
    roles: frozenset[AccountRole], permission: Permission, facts: Facts | None, scopes: frozenset[Scope]
) -> None:
    whole, narrow = caller(*roles), caller(*roles, scopes=scopes)
    if allowed(narrow, permission, facts):
        assert allowed(whole, permission, facts)
        assert any(permission in SCOPED[scope] for scope in scopes)


@given(ALL_ROLES, PERMISSIONS, OBJECTS)
def test_an_administrator_has_no_part_in_restricted_content(
    roles: frozenset[AccountRole], permission: Permission, facts: Facts
) -> None:
    assert not allowed(caller(*roles, R.ADMINISTRATOR), permission, replace(facts, restricted=True))


@given(HELD_TOGETHER, PERMISSIONS, OBJECTS)
def test_an_auditor_changes_nothing_and_an_administrator_neither_reads_nor_signs(
    roles: frozenset[AccountRole], permission: Permission, facts: Facts
) -> None:
    """002 §7.1.5."""
    may = allowed(caller(*roles), permission, facts)
    if R.AUDITOR in roles and may:
        assert permission.value.endswith(".read")
    if R.ADMINISTRATOR in roles and may:
        assert permission in {P.ACCOUNT_READ, P.ACCOUNT_MANAGE, P.WEBHOOK_MANAGE}


@given(ALL_ROLES, st.sampled_from([P.REQUEST_SIGN, P.VISA_DECIDE]), OBJECTS)
def test_nobody_signs_or_grants_for_another(
    roles: frozenset[AccountRole], permission: Permission, facts: Facts
) -> None:
    """002 §7.1.5, §6.1.9: division of duties; nobody acts for another."""
    foreign = replace(facts, concerned=facts.concerned - {"me", "account"}, owner="somebody", unit="Maliyyə")
    assert not allowed(caller(*roles), permission, foreign)
    assert all(GRANTS[role].get(permission) is not Reach.ANY for role in AccountRole)
    assert all(P.REQUEST_SIGN not in permissions for permissions in SCOPED.values())


@given(PERMISSIONS, OBJECTS)
def test_an_external_party_has_one_document(permission: Permission, facts: Facts) -> None:
    if allowed(caller(R.EXTERNAL, document_id="d1"), permission, facts):
        assert facts.document_id == "d1" or permission is P.ACCOUNT_READ
    assert not allowed(caller(R.EXTERNAL, document_id="d1"), permission, replace(facts, document_id="d2"))


@dataclass
class House:
    """A body of p1 (head; p2 is its secretary), a document d that p3 signs and two units visa, and its relatives."""

    access: Access
    key: str

    def id(self, name: str) -> str:
        return f"{name}-{self.key}"

    def as_(self, *roles: AccountRole, **values: object) -> Principal:
        return replace(
            Principal(self.id("account"), "s", frozenset(roles), Means.PASSWORD, START),
            **values,  # type: ignore[arg-type]
        )

    def person(self, name: str, *roles: AccountRole, **values: object) -> Principal:
        return self.as_(*(roles or (R.MEMBER,)), person_id=self.id(name), **values)

    def refusals(self, subject: tuple[str, str]) -> list[tuple[str, dict[str, object]]]:
        events = self.access.events(subject[1], subject[0])
        return [(e.actor, dict(e.details)) for e in events if e.action is Action.ACCESS_REFUSED]


@pytest.fixture
def house(access: Access) -> House:
    return build(access, restricted=False)


def build(access: Access, *, restricted: bool) -> House:
    made = House(access, uuid.uuid4().hex[:8])
    body = replace(samples.body(made.id("body")), secretary=person(made.id("p2")))
    body = replace(body, members=(Membership(person(made.id("p1")), Role.HEAD, date(2026, 1, 1)),))
    meeting = samples.meeting(made.id("meeting"), body.id)
    meeting = replace(meeting, agenda=tuple(replace(item, restricted=restricted) for item in meeting.agenda))
    document = replace(samples.document(made.id("d")), body_id=body.id, meeting_id=meeting.id, data={})
    request = SignatureRequest(made.id("r"), document.id, 1, "imza_1", "üzv", person(made.id("p3")))
    days = (date(2026, 1, 1),) * 3
    with access.units() as uow:
        uow.bodies.add(body)
        uow.meetings.add(meeting)
        uow.documents.add(document)
        uow.signatures.add(request)
        for number, unit in enumerate(("Hüquq", "Maliyyə")):
            uow.visas.add(Visa(made.id(f"v{number}"), document.id, 1, made.id(unit)))
        uow.journals.add(Journal(made.id("J"), "Jurnal", "3-21-5"))
        uow.substitutions.add(Substitution(made.id("s"), made.id("p1"), person(made.id("p4")), "12", *days))
        job = Job(made.id("j"), JobKind.RENDER, made.id("render"), START, {"document_id": document.id})
        uow.jobs.enqueue(job)
        drafted = AuditEvent(made.id("e"), START, made.id("author"), Action.DOCUMENT_DRAFTED, "document", document.id)
        uow.audit.append(drafted)
        uow.commit()
    return made


def person(person_id: str) -> Person:
    return replace(samples.person(), id=person_id)


def outcome(step: Callable[[], None]) -> str:
    try:
        step()
    except NotFoundError as error:
        return error.code
    except DomainError as error:
        return error.code
    return "allowed"


READS = [
    ("body", P.BODY_READ, "body.not_found"),
    ("meeting", P.MEETING_READ, "meeting.not_found"),
    ("d", P.DOCUMENT_READ, "document.not_found"),
    ("r", P.REQUEST_READ, "signature_request.not_found"),
    ("s", P.SUBSTITUTION_READ, "substitution.not_found"),
    ("j", P.JOB_READ, "job.not_found"),
]
METHODS = {"d": "document", "r": "request", "s": "substitution", "j": "job", "J": "journal"}
OF_BODY = {"body", "meeting", "d", "j"}


@pytest.mark.parametrize(("name", "permission", "missing"), READS)
def test_reading(house: House, name: str, permission: Permission, missing: str) -> None:
    """Whom an object concerns may read it; to all others it is not there, as if it were none."""
    method = getattr(house.access.authorise, METHODS.get(name, name))

    def read(principal: Principal, thing: str = "") -> str:
        return outcome(lambda: method(principal, permission, thing or house.id(name)))

    for role in (R.SECRETARIAT, R.AUDITOR):
        assert read(house.as_(role)) == "allowed"
    assert read(house.as_(R.ADMINISTRATOR)) == missing
    concerned = {"r": {"p3"}, "s": {"p1", "p4"}, "d": {"p1", "p2", "p3"}, "j": {"p1", "p2", "p3"}}.get(
        name, {"p1", "p2"}
    )
    found = {p for p in ("p1", "p2", "p3", "p4", "stranger") if read(house.person(p)) == "allowed"}
    assert found == concerned
    assert read(house.person("stranger")) == missing
    assert read(house.as_(R.SECRETARIAT), "none-such") == missing
    assert read(house.person("p1", scopes=frozenset({Scope.DRAFT}))) in (missing, "access.scope")


def test_a_journal_is_the_secretariat_s(house: House) -> None:
    journal = house.access.authorise.journal
    assert outcome(lambda: journal(house.as_(R.SECRETARIAT), P.JOURNAL_WRITE, house.id("J"))) == "allowed"
    assert outcome(lambda: journal(house.as_(R.AUDITOR), P.JOURNAL_WRITE, house.id("J"))) == "access.denied"
    assert outcome(lambda: journal(house.person("p1"), P.JOURNAL_READ, house.id("J"))) == "journal.not_found"
    assert outcome(lambda: journal(house.as_(R.SECRETARIAT), P.JOURNAL_READ, "none")) == "journal.not_found"


def test_a_refused_change_is_recorded_and_a_refused_look_is_not(house: House) -> None:
    document = house.access.authorise.document
    subject = ("document", house.id("d"))
    assert outcome(lambda: document(house.person("p1"), P.DOCUMENT_WRITE, house.id("d"))) == "access.denied"
    assert outcome(lambda: document(house.person("x"), P.DOCUMENT_REGISTER, house.id("d"))) == "document.not_found"
    assert outcome(lambda: document(house.person("x"), P.DOCUMENT_READ, house.id("d"))) == "document.not_found"
    assert house.refusals(subject) == [
        (house.id("p1"), {"permission": "document.write", "reason": "access.denied"}),
        (house.id("x"), {"permission": "document.register", "reason": "access.not_readable"}),
    ]


def test_a_token_that_is_too_narrow_is_told_so(house: House) -> None:
    document = house.access.authorise.document
    narrow = house.as_(R.SECRETARIAT, scopes=frozenset({Scope.READ}))
    assert outcome(lambda: document(narrow, P.DOCUMENT_READ, house.id("d"))) == "allowed"
    assert outcome(lambda: document(narrow, P.DOCUMENT_WRITE, house.id("d"))) == "access.scope"
    foreign = house.person("stranger", scopes=frozenset({Scope.READ}))
    assert outcome(lambda: document(foreign, P.DOCUMENT_WRITE, house.id("d"))) == "document.not_found"


def test_areas(house: House) -> None:
    authorise = house.access.authorise
    assert outcome(lambda: authorise.area(house.as_(R.SECRETARIAT), P.BODY_WRITE)) == "allowed"
    assert outcome(lambda: authorise.area(house.person("p1"), P.DOCUMENT_READ)) == "access.denied"
    assert outcome(lambda: authorise.area(house.as_(R.SECRETARIAT), P.ACCOUNT_MANAGE)) == "access.denied"
    assert authorise.may(house.as_(R.AUDITOR), P.DOCUMENT_READ)
    assert not authorise.may(house.person("p1"), P.DOCUMENT_READ)


def test_a_visa_is_decided_by_its_unit_and_not_by_the_author(house: House) -> None:
    def visa(principal: Principal, unit: str = "Hüquq", action: VisaAction = VisaAction.GRANT) -> str:
        return outcome(lambda: house.access.authorise.visa(principal, house.id("d"), house.id(unit), action))

    unit = frozenset({house.id("Hüquq")})
    for role in (R.SECRETARIAT, R.MEMBER):
        assert visa(house.person("lawyer", role, units=unit)) == "allowed"
    assert visa(house.person("lawyer", units=unit), "Maliyyə") == "access.denied"
    assert visa(house.person("lawyer", units=unit), "Kadrlar") == "access.denied"
    assert visa(house.person("p1")) == "access.denied"
    assert visa(house.person("stranger")) == "document.not_found"
    assert visa(house.as_(R.SECRETARIAT)) == "access.denied"
    assert visa(house.as_(R.AUDITOR, units=unit)) == "access.denied"
    author = house.person("author", R.SECRETARIAT, units=unit)
    assert visa(author) == "access.own_draft"
    assert visa(author, action=VisaAction.RETURN) == "allowed"
    reasons = [details["reason"] for _, details in house.refusals(("document", house.id("d")))]
    assert reasons.count("access.own_draft") == 1


def test_whoever_revised_a_draft_under_the_account_s_name_is_its_author(house: House) -> None:
    author = house.as_(R.SECRETARIAT, units=frozenset({house.id("Hüquq")}), person_id=house.id("later"))
    event = AuditEvent(
        house.id("e2"), START, f"account:{author.account_id}", Action.DOCUMENT_REVISED, "document", house.id("d")
    )
    with house.access.units() as uow:
        uow.audit.append(event)
        uow.commit()
    step = house.access.authorise.visa
    assert outcome(lambda: step(author, house.id("d"), house.id("Hüquq"), VisaAction.GRANT)) == "access.own_draft"


def test_a_request_is_signed_by_its_signer_alone(house: House) -> None:
    def request(principal: Principal, permission: Permission = P.REQUEST_SIGN) -> str:
        return outcome(lambda: house.access.authorise.request(principal, permission, house.id("r")))

    for role in (R.MEMBER, R.SIGNATORY, R.SECRETARIAT):
        assert request(house.person("p3", role)) == "allowed"
    assert request(house.as_(R.SECRETARIAT)) == "access.denied"
    assert request(house.as_(R.AUDITOR)) == "access.denied"
    assert request(house.as_(R.ADMINISTRATOR)) == "signature_request.not_found"
    assert request(house.person("p1")) == "signature_request.not_found"
    assert request(house.person("p3"), P.REQUEST_MANAGE) == "access.denied"
    assert request(house.person("p3", scopes=frozenset(Scope))) == "access.scope"


def test_an_external_party_has_its_document_and_request(house: House) -> None:
    access, mine, other = house.access, house.id("d"), build(house.access, restricted=False)
    account = access.account(R.EXTERNAL, person_id=house.id("p3"), document_id=mine)
    reader = access.account(R.EXTERNAL, person_id=house.id("reader"), document_id=mine)
    signer, reader_ = access.principal(account), access.principal(reader)
    authorise = access.authorise
    for principal in (signer, reader_):
        assert outcome(lambda p=principal: authorise.document(p, P.DOCUMENT_READ, mine)) == "allowed"  # type: ignore[misc]
        for step in (
            lambda p=principal: authorise.document(p, P.DOCUMENT_READ, other.id("d")),
            lambda p=principal: authorise.body(p, P.BODY_READ, house.id("body")),
        ):
            assert outcome(step).endswith(".not_found")  # type: ignore[arg-type]
    assert outcome(lambda: authorise.request(signer, P.REQUEST_SIGN, house.id("r"))) == "allowed"
    missing = outcome(lambda: authorise.request(reader_, P.REQUEST_READ, house.id("r")))
    assert missing == "signature_request.not_found"


def test_an_account_is_its_owner_s_and_the_administrator_s(access: Access, house: House) -> None:
    mine, other = access.account(), access.account()
    principal = access.principal(mine)
    account = access.authorise.account
    assert outcome(lambda: account(principal, P.ACCOUNT_READ, mine.id)) == "allowed"
    assert outcome(lambda: account(principal, P.ACCOUNT_MANAGE, mine.id)) == "access.denied"
    assert outcome(lambda: account(principal, P.ACCOUNT_READ, other.id)) == "account.not_found"
    assert outcome(lambda: account(principal, P.ACCOUNT_MANAGE, other.id)) == "account.not_found"
    administrator = house.as_(R.ADMINISTRATOR)
    assert outcome(lambda: account(administrator, P.ACCOUNT_MANAGE, other.id)) == "allowed"
    assert outcome(lambda: account(administrator, P.ACCOUNT_MANAGE, "none")) == "account.not_found"
    assert outcome(lambda: account(house.as_(R.AUDITOR), P.ACCOUNT_READ, other.id)) == "account.not_found"


@pytest.mark.parametrize("where", ["meeting", "data", "nowhere"])
def test_restricted_is_what_an_agenda_marks_so(access: Access, where: str) -> None:
    house = build(access, restricted=where == "meeting")
    if where == "data":
        with access.units() as uow:
            document = uow.documents.get(house.id("d"))
            uow.documents.save(replace(document, data={"agenda": [{"number": 1}, {"restricted": True}]}))
            uow.commit()
    both = house.person("p3", R.SECRETARIAT, R.ADMINISTRATOR)
    authorise, expected = access.authorise, "allowed" if where == "nowhere" else "document.not_found"
    assert outcome(lambda: authorise.document(both, P.DOCUMENT_READ, house.id("d"))) == expected
    for role in (R.SECRETARIAT, R.AUDITOR, R.MEMBER):
        one = house.person("p3", role)
        assert outcome(lambda p=one: authorise.document(p, P.DOCUMENT_READ, house.id("d"))) == "allowed"  # type: ignore[misc]

"""E-mail addresses of persons: what is one (RFC 5321), where it may stand, and that no instrument prints it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.attendance_check import attendance_faults
from doc_service.domain.body_kinds import BODY_KINDS, rules_for
from doc_service.domain.errors import DomainError
from doc_service.domain.identifiers import check_email, is_email
from doc_service.domain.meetings import Presence
from doc_service.domain.people import Person
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution, check_substitution
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.instruments.people_data import person_dict
from doc_service.persistence.codec import Codec
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.register_body import RegisterBody
from doc_service.system import RandomIds, SystemClock
from tests.domain.domain_builders import DAY, attends_as, body_of
from tests.persistence import samples

ATOM = "abcXYZ019!#$%&'*+/=?^_`{|}~-"
atoms = st.text(ATOM, min_size=1, max_size=15)
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(st.lists(atoms, min_size=1, max_size=4).map(".".join), st.lists(labels, min_size=2, max_size=4).map(".".join))
def test_a_dot_string_at_a_domain_is_an_address(local: str, domain: str) -> None:
    assert is_email(f"{local}@{domain}")
    assert check_email(f"{local}@{domain}") == ()


@given(atoms, labels, st.characters().filter(lambda c: c not in ATOM + "." and not (c.isascii() and c.isalnum())))
def test_one_wrong_character_spoils_an_address(local: str, label: str, wrong: str) -> None:
    """Spaces, line breaks, commas, quotes, brackets, letters of other scripts."""
    assert not is_email(f"{local}{wrong}@{label}.example")
    assert not is_email(f"{local}@{label}{wrong}.example")
    assert not is_email(f"{local}@{label}.example{wrong}")


WRONG = (
    "a", "@b.az", "a@", "a@b", "a@@b.az", ".a@b.az", "a.@b.az", "a..b@c.az", "a@.az", "a@b.", "a@-b.az", "a@b-.az",
    "a@[192.0.2.1]", '"a b"@c.az', "ə@b.az", "a@bakı.az", "a@b.az\n", " a@b.az", f"{'a' * 65}@b.az",
    f"a@{'b' * 64}.az", f"a@{'.'.join(['b' * 60] * 5)}.az",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_address_is_named_without_its_value(text: str) -> None:
    (fault,) = check_email(text, "secretary.email")
    assert (fault.code, fault.field, dict(fault.params)) == ("person.bad_email", "secretary.email", {})


def test_lengths_at_their_limits() -> None:
    assert is_email(f"{'a' * 64}@{'b' * 63}.az")
    assert is_email("a@" + ".".join(["b" * 50] * 4) + "." + "c" * 48)
    assert not is_email("a@" + ".".join(["b" * 50] * 4) + "." + "c" * 49)


def addressed(person: Person, address: str) -> Person:
    return replace(person, email=address)


def test_a_body_with_a_wrong_address_is_not_registered(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'main.db'}")
    migrate(engine)
    register = RegisterBody(Workspace(SqlUnitOfWorkFactory(engine), SystemClock(), RandomIds()))
    body = samples.body()
    members = (replace(body.members[0], person=addressed(samples.person(1), "a b@c.az")),)
    with pytest.raises(DomainError) as caught:
        register(replace(body, members=members, secretary=addressed(samples.person(2), "x")), "katib")
    assert [(f.code, f.field) for f in caught.value.faults] == [
        ("person.bad_email", "members[0].person.email"), ("person.bad_email", "secretary.email"),
    ]  # fmt: skip
    right = replace(body, secretary=addressed(samples.person(2), "x@kobia.example"))
    assert register(right, "katib") == register(right, "katib") == right
    engine.dispose()


def test_a_substitute_and_a_delegate_with_a_wrong_address() -> None:
    day = date(2026, 3, 4)
    substitution = Substitution("s1", "p1", addressed(samples.person(2), "x"), "7", day, day, day)
    assert [(f.code, f.field) for f in check_substitution(substitution)] == [("person.bad_email", "substitute.email")]
    attends = attends_as("m0", Presence.DELEGATED)
    assert attends.delegate is not None
    wrong = replace(attends, delegate=replace(attends.delegate, person=addressed(attends.delegate.person, "x")))
    faults = [(f.code, f.field) for f in attendance_faults(body_of(1), [wrong], [], DAY)]
    assert faults == [("person.bad_email", "attendance[0].delegate.person.email")]


def test_records_older_than_the_address_load() -> None:
    codec = Codec(SignatureRequest)
    old = json.loads(codec.encode(samples.request()))
    del old["signer"]["email"], old["opened_at"]
    assert codec.decode(json.dumps(old)) == samples.request()


def test_no_instrument_prints_an_address() -> None:
    person = addressed(samples.person(), "aygun@kobia.example")
    assert "aygun" not in json.dumps(person_dict(person))
    protocol = kq_protokol(BODY_KINDS)
    data = protocol.validate(protocol.sample())
    body = replace(
        samples.body(data.body.id),
        rules=rules_for(data.body.kind),
        members=tuple(replace(m, person=addressed(m.person, "a@kobia.example")) for m in data.memberships()),
        secretary=addressed(data.secretary.to_domain(), "b@kobia.example"),
    )
    raw = protocol.from_meeting(body, data.to_meeting())
    printed = json.dumps([raw, protocol.context(protocol.validate(raw))], default=str, ensure_ascii=False)
    assert "kobia.example" not in printed
    assert data.secretary.name.surname in printed

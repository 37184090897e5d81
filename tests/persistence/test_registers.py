"""The registers of persons and organisations, on every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.organisations import Organisation, changed_fields, check_organisation
from doc_service.domain.people import Person, PersonName, PersonRecord
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports_queries import Slice


def person(number: int) -> PersonRecord:
    name = PersonName("İsmayılov", f"Rəşad {number}", "Əli oğlu")
    return PersonRecord(Person(f"ş{number}", name, "5ZK7A1B", "“Kür-İnşaat” MMC", "direktor"), "+994501234567")


def organisation(number: int = 1, **changes: str) -> Organisation:
    plain = Organisation(
        id=f"t{number}", name=f"“Kür-İnşaat {number}” MMC", voen=f"140234567{number}"[:9] + "1",
        state_registration="1402-K14-2761, 12.03.2014", legal_address="Sumqayıt ş.", actual_address="Sumqayıt ş.",
        phone="+994501234567", email="info@kur.example", web="https://kur.example", head_id="ş1",
    )  # fmt: skip
    return replace(plain, **changes)


@pytest.fixture
def units(engine: Engine) -> SqlUnitOfWorkFactory:
    factory = SqlUnitOfWorkFactory(engine)
    with factory() as unit:
        for number in (1, 2):
            unit.people.add(person(number))
        unit.organisations.add(organisation())
        unit.commit()
    return factory


def test_people(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        assert unit.people.get("ş1") == person(1)
        assert unit.people.of_ids({"ş1", "yox"}) == {"ş1": person(1).person}
        saved = unit.people.save(replace(person(2), phone=""))
        assert saved == replace(person(2), phone="", version=1)
        unit.commit()
    with units() as unit:
        assert unit.people.get("ş2") == saved
        assert [r.id for r in unit.people.page(Slice(limit=1)).rows] == ["ş1"]
        assert [r.id for r in unit.people.page(Slice(("ş1",))).rows] == ["ş2"]
        assert [r.id for r in unit.people.page(Slice(), text="RƏŞAD 2").rows] == ["ş2"]
        for step, code in (
            (lambda: unit.people.add(person(1)), "person.exists"),
            (lambda: unit.people.save(person(2)), "state.stale"),
        ):
            with pytest.raises(ConflictError, match=code):
                step()
        with pytest.raises(NotFoundError, match=r"person\.not_registered"):
            unit.people.get("yox")


def test_organisations(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        assert unit.organisations.get("t1") == organisation() == unit.organisations.of_voen(organisation().voen)
        other = organisation(2, voen="9903456781", head_id="ş2", seal_keeper_id="ş1")
        unit.organisations.add(other)
        assert [o.id for o in unit.organisations.of_person("ş1")] == ["t1", "t2"]
        assert [o.id for o in unit.organisations.of_person("ş2")] == ["t2"]
        assert unit.organisations.of_ids({"t2"}) == {"t2": other}
        assert [o.id for o in unit.organisations.page(Slice(), text="kür-inşaat 2").rows] == ["t2"]
        saved = unit.organisations.save(replace(other, head_id="ş1"))
        assert (saved.version, [o.id for o in unit.organisations.of_person("ş2")]) == (1, [])
        for wrong, code in (
            (lambda: unit.organisations.add(organisation()), "organisation.exists"),
            (lambda: unit.organisations.add(organisation(3, voen=other.voen)), "organisation.voen_taken"),
            (lambda: unit.organisations.save(replace(saved, voen=organisation().voen)), "organisation.voen_taken"),
            (lambda: unit.organisations.save(other), "state.stale"),
        ):
            with pytest.raises(ConflictError, match=code):
                wrong()


def test_a_head_whom_nobody_knows(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit, pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        unit.organisations.add(organisation(2, voen="9903456781", head_id="yox"))


def test_rules_of_an_organisation() -> None:
    assert check_organisation(organisation()) == ()
    wrong = organisation(voen="12", email="a b", name=" ", head_id="")
    assert [f.code for f in check_organisation(wrong)] == [
        "organisation.bad_voen", "person.bad_email", "organisation.name_missing", "organisation.head_missing",
    ]  # fmt: skip
    assert organisation(voen="1402345672").natural
    assert changed_fields(organisation(), replace(organisation(), web="", version=7)) == ("web",)
    kept = organisation(seal_keeper_id="ş2")
    assert [kept.may_seal(p) for p in ("ş1", "ş2", "ş3")] == [True, True, False]

"""Schemas, samples, and faults of the data: all at once, by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.retention import DEFAULT_NOMENCLATURE
from doc_service.instruments.faults import path
from doc_service.instruments.registry import Registry, default_registry
from doc_service.messages.catalog import LANGUAGES, Catalog, placeholders

REGISTRY = default_registry()
IDS = tuple(i.id for i in REGISTRY.all())


def leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Places of everything inside some JSON, the containers included."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*at, key)
        yield from leaves(child, (*at, key))


def put(data: Any, at: tuple[str | int, ...], value: Any) -> Any:
    changed = json.loads(json.dumps(data))
    spot = changed
    for key in at[:-1]:
        spot = spot[key]
    spot[at[-1]] = value
    return changed


def in_python(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its ECMAScript ends of text as Python writes them."""
    return json.loads(json.dumps(schema), object_hook=_ending)


def _ending(part: dict[str, Any]) -> dict[str, Any]:
    pattern = part.get("pattern")
    return part | {"pattern": pattern.removesuffix("$") + r"\Z"} if isinstance(pattern, str) else part


def test_the_catalogue_begins_with_the_instruments_of_a_meeting(registry: Registry) -> None:
    assert IDS[:6] == ("kq-bildiris", "kq-gundelik", "kq-protokol", "kq-qerar", "kq-teklif", "kq-tovsiye")


def test_an_unknown_instrument_is_named_with_the_known_ones(registry: Registry) -> None:
    with pytest.raises(NotFoundError) as caught:
        registry.get("kq-protokoll")
    fault = caught.value.faults[0]
    assert fault.code == "instrument.unknown"
    assert fault.params == {"id": "kq-protokoll", "known": ", ".join(IDS)}


def test_two_instruments_with_one_id_make_no_registry(registry: Registry) -> None:
    with pytest.raises(ValueError, match="one id"):
        Registry([registry.get("kq-qerar"), registry.get("kq-qerar")])


@pytest.mark.parametrize("name", IDS)
def test_journals_and_cases_are_those_of_the_nomenclature(registry: Registry, name: str) -> None:
    instrument = registry.get(name)
    assert instrument.case_index in DEFAULT_NOMENCLATURE
    assert instrument.retention == DEFAULT_NOMENCLATURE[instrument.case_index].retention.code
    assert len({i.journal for i in registry.all()}) == len(IDS)


@pytest.mark.parametrize("name", IDS)
def test_samples_pass_their_schema_and_their_rules_and_come_back_unchanged(registry: Registry, name: str) -> None:
    instrument = registry.get(name)
    raw = instrument.sample()
    model = instrument.validate(raw)
    assert instrument.check(model) == ()
    assert model.model_dump(mode="json") == raw
    assert instrument.validate(MappingProxyType(raw)) == model


@pytest.mark.parametrize("name", IDS)
def test_the_published_schema_is_valid_and_accepts_the_sample(registry: Registry, name: str) -> None:
    schema = registry.schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == registry.get(name).title_az
    Draft202012Validator(schema).validate(registry.get(name).sample())


@pytest.mark.parametrize("name", IDS)
def test_every_field_of_the_schema_has_an_azerbaijani_title(registry: Registry, name: str) -> None:
    schema = registry.schema(name)
    for part in (schema, *schema["$defs"].values()):
        for field, described in part.get("properties", {}).items():
            assert described.get("title"), (part["title"], field)
            assert described["title"].lower() != field.replace("_", " "), (part["title"], field)


@pytest.mark.parametrize("name", IDS)
def test_no_fin_is_among_the_data(registry: Registry, name: str) -> None:
    assert '"fin"' not in json.dumps(registry.schema(name))


@given(data=st.data())
def test_validate_and_the_published_schema_agree_on_any_one_changed_field(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(IDS))
    instrument = REGISTRY.get(name)
    raw = instrument.sample()
    at = data.draw(st.sampled_from(list(leaves(raw))))
    wrong = data.draw(
        st.one_of(
            st.none(), st.booleans(), st.integers(-5, 20_000), st.text(max_size=5), st.just([]), st.just({}),
            st.sampled_from(["", "  ", "a\x07", "a\nb", "x" * 401, "head", "for", "2026-11-20", "2026-02-30"]),
        )
    )  # fmt: skip
    changed = put(raw, at, wrong)
    accepted = Draft202012Validator(in_python(REGISTRY.schema(name))).is_valid(changed)
    try:
        instrument.validate(changed)
    except DomainError as error:
        faults = {f.field: f.code for f in error.faults}
        assert not accepted or set(faults.values()) <= {"data.date", "data.datetime", "data.timezone"}
        assert all(field.startswith(path(at)) or path(at).startswith(field) for field in faults)
    else:
        assert accepted


def test_all_faults_of_the_data_come_at_once_by_field(sample: Callable[[str], Any], judge: Any) -> None:
    data = sample("kq-protokol")
    del data["secretary"]
    data["body"]["colour"] = "blue"
    data["meeting"] |= {"number": "2", "kind": "daily", "opens_at": "2026-11-20T15:00:00", "closes_at": "soon"}
    data["meeting"]["documents_delivered_on"] = "2026-13-01"
    data["agenda"][0] |= {"number": 0, "title": "  ", "restricted": "no", "reporter_id": "kq 01"}
    data["items"][2]["votes"][0]["choice"] = "maybe"
    data["items"][1]["discussion"] = "a\x00b"
    data["items"][0]["speakers"] = {}
    data["members"][3]["person"] = []
    data["annexes"] = ["x" * 401]
    data["invited"][0]["name"]["surname"] = 7
    assert {field: f.code for field, f in judge("kq-protokol", data).items()} == {
        "secretary": "data.missing",
        "body.colour": "data.unknown_field",
        "meeting.number": "data.not_integer",
        "meeting.kind": "data.not_allowed",
        "meeting.opens_at": "data.timezone",
        "meeting.closes_at": "data.datetime",
        "meeting.documents_delivered_on": "data.date",
        "agenda[0].number": "data.out_of_range",
        "agenda[0].title": "data.line",
        "agenda[0].restricted": "data.not_boolean",
        "agenda[0].reporter_id": "data.identifier",
        "items[2].votes[0].choice": "data.not_allowed",
        "items[1].discussion": "data.prose",
        "items[0].speakers": "data.not_list",
        "members[3].person": "data.not_object",
        "annexes[0]": "data.too_long",
        "invited[0].name.surname": "data.not_text",
    }


def test_limits_and_choices_are_told(sample: Callable[[str], Any], judge: Any) -> None:
    data = sample("kq-protokol")
    data["members"] = []
    data["items"] = data["items"] * 51
    data["items"][0]["votes"][0]["choice"] = "maybe"
    faults = judge("kq-protokol", data)
    assert faults["members"].params == {"limit": 1}
    assert faults["items[0].votes[0].choice"].params == {"allowed": "for, against, abstain"}


@pytest.mark.parametrize("raw", [{"a": float("nan")}, {"a": b"x"}, {1: {2}}, {"annexes": ["\ud800"]}])
def test_what_is_no_json_is_refused_as_such(registry: Registry, raw: Any) -> None:
    with pytest.raises(DomainError) as caught:
        registry.get("kq-protokol").validate(raw)
    assert caught.value.code == "data.not_json"


def test_a_list_in_place_of_the_data_is_refused(registry: Registry) -> None:
    with pytest.raises(DomainError) as caught:
        registry.get("kq-protokol").validate([])  # type: ignore[arg-type]
    assert [(f.code, f.field) for f in caught.value.faults] == [("data.not_object", "")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_data_fault_has_a_text_that_its_parameters_fill(
    sample: Callable[[str], Any], judge: Any, language: str
) -> None:
    catalog = Catalog(language)
    data = sample("kq-qerar")
    data["text"], data["item"]["number"], data["meeting"]["kind"] = "x" * 20_001, 0, "daily"
    data["protocol"]["sha256"], data["addressees"], data["signatory"]["role"] = "AB", ["a"] * 101, 1
    faults = judge("kq-qerar", data)
    assert {f.code for f in faults.values()} == {
        "data.too_long", "data.out_of_range", "data.not_allowed", "data.sha256", "data.too_many",
    }  # fmt: skip
    for fault in faults.values():
        assert not placeholders(catalog.fault_text(fault))

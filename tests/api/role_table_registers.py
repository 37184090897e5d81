"""Rows of the role walk: the registers. ``{head}`` is the member's own record, and heads ``{organisation}``."""

from __future__ import annotations

from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonName, PersonRecord
from tests.api.role_table import Row
from tests.api.world import World

_PERSON = {
    "id": "{head}", "name": {"surname": "Başqa", "given": "Anar"}, "fin": "5AB1C2D", "organisation": "X", "post": "x",
}  # fmt: skip
_ORGANISATION = {
    "id": "{organisation}", "name": "Başqa", "voen": "1402345671", "legal_address": "Bakı", "head_id": "{head}",
}  # fmt: skip
_LIST = "401 200 403 403 403 403 403 403 200 403 403 403 200 403 403"
_NEW = "401 409 403 403 403 403 403 403 403 403 403 403 403 403 403"
_ONE = "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403"
_PUT = "401 428 403 404 404 404 404 404 403 404 404 404 403 403 404"


def places(world: World, member: str) -> dict[str, str]:
    """The member in the register of persons, and the organisation that this person heads."""
    use = world.service.container.use_cases
    name = PersonName("Quliyev", "Anar", "Rəşid oğlu")
    use.record_person(PersonRecord(Person(member, name, "5AB1C2D", "“Kür” MMC", "direktor")), "system")
    headed = Organisation("t-walk", "“Kür”", "1402345671", "", "Bakı", "", "", "", "", member, legal_form="MMC")
    use.record_organisation(headed, "system")
    return {"head": member, "organisation": headed.id}


def _without_id(record: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in record.items() if name != "id"}


ROWS: tuple[Row, ...] = (
    Row("GET /v1/people", "/v1/people", _LIST),
    Row("POST /v1/people", "/v1/people", _NEW, _PERSON),
    Row("GET /v1/people/{person_id}", "/v1/people/{head}", _ONE),
    Row("PUT /v1/people/{person_id}", "/v1/people/{head}", _PUT, _without_id(_PERSON)),
    Row("GET /v1/organisations", "/v1/organisations", _LIST),
    Row("POST /v1/organisations", "/v1/organisations", _NEW, _ORGANISATION),
    Row("GET /v1/organisations/{organisation_id}", "/v1/organisations/{organisation}", _ONE),
    Row(
        "PUT /v1/organisations/{organisation_id}",
        "/v1/organisations/{organisation}",
        _PUT,
        _without_id(_ORGANISATION),
    ),
)

"""The registry's spreadsheet over HTTP: downloaded, read, and put into a returned draft (003 §4.16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from doc_service.domain.documents import DocumentAction
from doc_service.domain.principals import AccountRole
from doc_service.instruments.samples.registry import registry_sample
from doc_service.ports_spreadsheets import Sheet
from doc_service.services.draft_document import DraftRequest
from doc_service.services.registry_sheets.columns import COLUMNS
from doc_service.spreadsheets.workbooks import Workbooks
from tests.api.world import World, opened_world

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened_world(tmp_path_factory.mktemp("sheets") / "data")


@pytest.fixture(scope="module")
def place(world: World) -> str:
    """A returned draft of the registry."""
    world.account("secretariat", AccountRole.SECRETARIAT)
    service = world.service
    service.container.use_cases.register_body(service.scenario.body, "system")
    body = service.scenario.body.id
    request = DraftRequest("d-registry", "klaster-reyestr", body, None, registry_sample(12))
    document = service.container.use_cases.draft_document(request, "system")
    with service.container.work.uow() as uow:
        sent = uow.documents.save(document.moved(DocumentAction.SUBMIT))
        uow.documents.save(sent.moved(DocumentAction.RETURN))
        uow.commit()
    return f"/v1/registry-sheets/{document.id}"


def test_downloaded_read_and_put_back(world: World, place: str) -> None:
    sheet = world.ask("GET", place, "secretariat")
    assert sheet.status_code == 200, sheet.text
    assert sheet.headers["content-type"].endswith("spreadsheetml.sheet")
    assert ".xlsx" in sheet.headers["content-disposition"]
    again = world.ask("GET", place, "secretariat", headers={"if-none-match": sheet.headers["etag"]})
    assert again.status_code == 304
    assert world.ask("GET", f"{place}?format=csv", "secretariat").content.startswith(b"\xef\xbb\xbf")
    read = world.ask("POST", "/v1/registry-sheets/reading", "secretariat", content=sheet.content)
    assert read.status_code == 200, read.text
    assert len(read.json()["rows"]) == 12
    broken = spoilt(read.json()["rows"])
    told = put(world, place, broken)
    assert told.status_code == 422
    assert [(e["field"], e["code"]) for e in told.json()["errors"]] == [("B3", "data.missing"), ("D5", BAD_VOEN)]
    assert world.ask("GET", "/v1/documents/d-registry", "secretariat").json()["state"]["code"] == "returned"
    done = put(world, place, sheet.content)
    assert done.status_code == 200, done.text
    assert done.json()["state"]["code"] == "draft"
    assert len(done.json()["data"]["rows"]) == 12


BAD_VOEN = "organisation.bad_voen"


def put(world: World, place: str, content: bytes) -> Any:
    return world.changed("PUT", place, "secretariat", "/v1/documents/d-registry", content=content)


def spoilt(rows: list[dict[str, Any]]) -> bytes:
    """The sheet of these rows with an empty name and a wrong VÖEN."""
    cells: list[list[Any]] = [
        [{True: "bəli", False: "", None: ""}.get(row[c.name], row[c.name]) for c in COLUMNS] for row in rows
    ]
    cells[1][1], cells[3][3] = "", "12"
    return Workbooks().xlsx(Sheet("S", tuple(c.column for c in COLUMNS), cells, date(2026, 11, 20)))

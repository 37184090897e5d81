"""The role walk: every route × every kind of caller × own and foreign objects has the answer that the table says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from doc_service.domain.principals import AccountRole, Scope
from doc_service.domain.substitution import Substitution
from tests.api import (
    role_table,
    role_table_access,
    role_table_clusters,
    role_table_copies,
    role_table_dispatch,
    role_table_group,
    role_table_proofs,
    role_table_registers,
    role_table_sheets,
)
from tests.api.role_table import ACTORS, Row
from tests.api.world import LEGAL, World, opened_world

ROWS = (
    *role_table.ROWS,
    *role_table.HEADS,
    *role_table_access.ROWS,
    *role_table_registers.ROWS,
    *role_table_clusters.ROWS,
    *role_table_proofs.ROWS,
    *role_table_copies.ROWS,
    *role_table_dispatch.ROWS,
    *role_table_group.ROWS,
    *role_table_sheets.ROWS,
)
pytestmark = [pytest.mark.xdist_group("api"), pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened_world(tmp_path_factory.mktemp("walk") / "data")


@pytest.fixture(scope="module")
def places(world: World) -> dict[str, str]:
    """A finished document and one in signing, by the same persons; an account of every kind."""
    service = world.service
    finished = service.signing()
    service.sign_all(finished)
    world.work()
    signing = service.signing()
    requests = service.requests(signing)
    member, cosigner, signatory = (r.signer.id for r in requests)
    account, role = world.account, AccountRole
    account("secretariat", role.SECRETARIAT)
    account("member", role.MEMBER, person_id=member)
    account("cosigner", role.MEMBER, person_id=cosigner)
    account("stranger", role.MEMBER, person_id="p-nowhere")
    account("signatory", role.SIGNATORY, person_id=signatory)
    account("outsider", role.SIGNATORY, person_id="p-elsewhere")
    account("legal", role.MEMBER, person_id="p-legal", units=frozenset({LEGAL}))
    account("auditor", role.AUDITOR)
    account("administrator", role.ADMINISTRATOR)
    account("party", role.EXTERNAL, person_id="p-party", document_id=signing)
    account("other_party", role.EXTERNAL, person_id="p-other", document_id=finished)
    account("spare", role.MEMBER, person_id="p-spare")
    world.token("reader", "secretariat", Scope.READ)
    world.token("drafter", "secretariat", Scope.DRAFT)
    world.token("audit", "auditor", Scope.AUDIT)
    day = service.scenario.convened.documents_delivered_on
    someone = replace(requests[1].signer, id="p-substitute")
    substitution = Substitution("substitution-1", member, someone, "27-K", day, day, day)
    service.container.use_cases.record_substitution(substitution, "system")
    service.container.use_cases.set_deadline(signing, datetime.now(UTC) + timedelta(days=3), "", "system")
    with service.container.work.uow.reading() as uow:
        document = uow.documents.get(signing)
        job = uow.jobs.find(f"render:{signing}")
    assert job is not None
    return {
        "signing": signing, "finished": finished, "body": document.body_id, "meeting": document.meeting_id or "",
        "journal": service.scenario.journal.code, "request": requests[0].id,
        "signed": service.requests(finished)[0].id,
        "certificate": service.requests(finished)[0].certificate_sha256 or "",
        "substitution": substitution.id, "job": job.id,
        "account": world.accounts["member"].id, "spare": world.accounts["spare"].id,
        **role_table_registers.places(world, member),
        **role_table_clusters.places(world, member),
        **role_table_copies.places(world, finished, signing),
        **role_table_dispatch.places(world, finished),
    }  # fmt: skip


def placed(value: Any, places: dict[str, str]) -> Any:
    """``value`` with its places put in."""
    if isinstance(value, dict):
        return {name: placed(part, places) for name, part in value.items()}
    if isinstance(value, list):
        return [placed(part, places) for part in value]
    return value.format_map(places) if isinstance(value, str) else value


def routes(holder: Any) -> set[str]:
    """As the application has them, included routers within, whatever the description shows."""
    found = set()
    for route in holder.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            found |= routes(inner)
        else:
            found |= {f"{method} {route.path}" for method in route.methods}
    return found


def test_no_route_is_outside_the_table(world: World) -> None:
    assert routes(world.app) == {row.route for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_walk(world: World, places: dict[str, str], row: Row) -> None:
    before = state_of(world, places)
    found = {}
    for actor in ACTORS:
        who = "" if actor == "nobody" else actor
        body: dict[str, Any] = {} if row.json is None else {"json": placed(row.json, {**places, "actor": actor})}
        if row.content is not None:
            body = {"content": row.content}
        if row.stream:
            found[actor] = world.begun(row.url.format_map(places), who)
            continue
        if row.fresh:
            world.renew()
        answer = world.ask(row.method, row.url.format_map(places), who, **body)
        found[actor] = answer.status_code
        if answer.status_code >= 400 and row.url.startswith("/v1/"):
            assert answer.headers["content-type"] == "application/problem+json"
    if row.fresh:
        world.renew()
    assert found == row.answers()
    assert state_of(world, places) == before


def state_of(world: World, places: dict[str, str]) -> str:
    """What the walk must leave as it was."""
    with world.service.container.work.uow.reading() as uow:
        documents = [uow.documents.get(places[name]).version for name in ("signing", "finished")]
        requests = [r.version for name in ("signing", "finished") for r in uow.signatures.of_document(places[name])]
        meeting = uow.meetings.get(places["meeting"]).version
    return json.dumps([documents, requests, meeting])


def test_lists_are_narrowed_to_what_concerns_the_caller(world: World, places: dict[str, str]) -> None:
    def ids(path: str, who: str) -> set[str]:
        return {item["id"] for item in world.ask("GET", path, who).json()["items"]}

    both = {places["signing"], places["finished"]}
    assert ids("/v1/documents", "auditor") == ids("/v1/documents", "member") == ids("/v1/documents", "legal") == both
    assert ids("/v1/documents", "stranger") == set()
    assert ids("/v1/documents", "party") == {places["signing"]}
    assert ids("/v1/documents", "other_party") == {places["finished"]}
    assert (len(ids("/v1/bodies", "secretariat")), len(ids("/v1/bodies", "cosigner"))) == (3, 2)
    assert ids("/v1/bodies", "stranger") == ids("/v1/meetings", "stranger") == set()
    assert ids("/v1/signature-requests", "member") == {places["request"], places["signed"]}
    assert ids("/v1/signature-requests", "party") == ids("/v1/signature-requests", "stranger") == set()
    assert len(ids("/v1/signature-requests", "auditor")) == 6
    own = f"/v1/documents/{places['signing']}/signature-requests"
    assert ids(own, "member") == {places["request"]}
    assert len(ids(own, "secretariat")) == 3
    assert ids("/v1/substitutions", "member") == {places["substitution"]}
    assert ids("/v1/substitutions", "cosigner") == set()
    assert len(ids("/v1/visas", "legal")) == 2
    assert ids("/v1/visas", "member") == set()

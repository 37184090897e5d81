"""Rows of the role walk: certified copies. ``{copy}`` is a copy for paper of the finished document."""

from __future__ import annotations

from doc_service.bootstrap.seals import DEVELOPMENT_VOEN
from doc_service.domain.copies import CopyForm, CopyIssue, IssueKind, Recipient
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonName, PersonRecord
from doc_service.domain.registration import Journal
from tests.api.role_table import Row
from tests.api.world import World

_WANTED = {"original_id": "{signing}", "recipient": {"name": "Aygün Quliyeva"}, "purpose": "Məhkəmə üçün"}
_BY = {"by": "{signing}", "reason": "səhv"}
_READ = "401 200 403 403 403 403 403 403 200 403 403 403 403 403 403"
_PRINT = "401 409 403 403 403 403 403 403 409 403 403 403 403 403 403"


def places(world: World, finished: str, signing: str) -> dict[str, str]:
    """An issue whose own document is the one in signing: enough for the register."""
    work = world.service.container.work
    issue = CopyIssue(
        signing, finished, "0" * 64, IssueKind.COPY, CopyForm.ELECTRONIC, "7K3Q-9M2Z-1BCD-GH4J-K5MN",
        Recipient("Aygün Quliyeva"), "Məhkəmə üçün", "katiblik", work.clock.now(),
    )  # fmt: skip
    with work.uow() as uow:
        uow.copies.add(issue)
        uow.commit()
    use = world.service.container.use_cases
    name = PersonName("Əliyeva", "Könül", "Sabir qızı")
    use.record_person(PersonRecord(Person("p-kobia", name, "5AB1C2E", "KOBİA", "şöbə müdiri")), "system")
    use.record_organisation(
        Organisation("t-kobia", "KOBİA", DEVELOPMENT_VOEN, "", "Bakı", "Bakı", "", "", "", "p-kobia"), "system"
    )
    use.open_journal(Journal("SR", "Surətlər", "3-21-5"), "system")
    return {"copy": signing, "code": issue.code}


_PACKAGE = {"addressee": "Nazirliyə"}
_WRITE = "401 {} 403 404 404 404 404 404 403 404 404 404 403 403 404"
_FILE = "401 409 403 403 404 403 404 403 403 404 404 403 403 409 404"

ROWS: tuple[Row, ...] = (
    Row("GET /v1/clusters/{cluster_id}/package", "/v1/clusters/{cluster}/package",
        "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403"),
    Row("POST /v1/clusters/{cluster_id}/package/copies", "/v1/clusters/{cluster}/package/copies",
        _WRITE.format(200), _PACKAGE),
    Row("POST /v1/clusters/{cluster_id}/package", "/v1/clusters/{cluster}/package", _WRITE.format(422), _PACKAGE),
    Row("GET /v1/documents/{document_id}/package/container", "/v1/documents/{finished}/package/container", _FILE),
    Row("GET /v1/documents/{document_id}/package/folder", "/v1/documents/{finished}/package/folder", _FILE),
    Row("GET /v1/copies", "/v1/copies", _READ),
    Row("POST /v1/copies", "/v1/copies", "401 409 403 403 403 403 403 403 403 403 403 403 403 403 403", _WANTED),
    Row("GET /v1/copies/{copy_id}", "/v1/copies/{copy}", _READ),
    Row("GET /v1/copies/{copy_id}/print", "/v1/copies/{copy}/print", _PRINT),
    Row(
        "POST /v1/documents/{document_id}/annulment", "/v1/documents/{finished}/annulment",
        "401 428 403 403 404 403 404 403 403 404 404 403 403 403 404", _BY,
    ),
    *(Row(f"GET {path}", path, " ".join(["200"] * 15)) for path in ("/yoxla", "/yoxla/", "/yoxla/{code}")),
    Row("GET /v1/checks/{code}", "/v1/checks/{code}", " ".join(["200"] * 15)),
    Row(
        "POST /v1/checks/{code}/comparison", "/v1/checks/{code}/comparison", " ".join(["200"] * 15),
        {"sha256": "0" * 64},
    ),
)  # fmt: skip

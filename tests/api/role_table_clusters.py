"""Rows of the role walk: clusters and accessions. The member heads the organisation and the members' meeting of
``{cluster}``; ``{accession}`` is of another organisation of the same head."""

from __future__ import annotations

from datetime import date

from doc_service.domain.bodies import Body, Membership, Role
from doc_service.domain.body_kinds import MEMBERS_MEETING, rules_for
from doc_service.domain.clusters.clusters import Cluster, ClusterAction
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonName
from tests.api.role_table import Row
from tests.api.world import World

_LIST = "401 200 200 200 200 200 200 200 200 403 403 403 200 403 403"
_ONE = "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403"
_NONE = _ONE.replace("200", "404")
_CLUSTER = {
    "id": "{cluster}", "name": "Başqa", "territory": "x", "product": "x", "started_on": "2026-01-01",
    "members_body_id": "kl-body",
}  # fmt: skip
_DETAILS = {name: value for name, value in _CLUSTER.items() if name != "id"}
_PART = {"organisation_id": "{organisation}", "kind": "small", "products": "x", "joined_on": "2026-01-01"}
_FIGURES = {"volume": "1", "export": "2", "added": "1", "jobs": 1}
_BASIS = {"basis_id": "none"}
_C, _CT = "/v1/clusters/{cluster}", "/v1/clusters/{cluster_id}"
_A, _AT = "/v1/accessions/{accession}", "/v1/accessions/{accession_id}"
_F, _FT = "/v1/case-files", "/v1/case-files"


def _write(status: int) -> str:
    return f"401 {status} 403 404 404 404 404 404 403 404 404 404 403 403 404"


def places(world: World, member: str) -> dict[str, str]:
    """After those of the registers."""
    use = world.service.container.use_cases
    person = Person(member, PersonName("Quliyev", "Anar", "Rəşid oğlu"), "5AB1C2D", "“Kür” MMC", "direktor")
    seat = Membership(person, Role.HEAD, date(2024, 1, 1))
    rules = rules_for(MEMBERS_MEETING)
    body = Body("kl-body", "Yığıncaq", "Yığıncaq", "Klaster", "KL", "Sumqayıt", rules, (seat,), person)
    use.register_body(body, "system")
    other = Organisation("t-walk-2", "“Araz”", "9903456781", "", "Bakı", "", "", "", "", member, legal_form="MMC")
    use.record_organisation(other, "system")
    cluster = Cluster("kl-walk", "Klaster", "Sumqayıt", "boru", date(2026, 1, 5), body.id)
    use.clusters.record(cluster, "system")
    use.clusters.move("kl-walk", ClusterAction.ESTABLISH, "system", specialised_id="t-walk", version=0)
    use.clusters.open_accession("q-walk", "kl-walk", other.id, ParticipantKind.FINANCE, "system")
    file = use.clusters.keep_file("accession", "q-walk", "1", "nizamname.pdf", b"%PDF-1.7 x", "system")
    return {"cluster": "kl-walk", "accession": "q-walk", "file": file.id}


ROWS: tuple[Row, ...] = (
    Row("GET /v1/clusters", "/v1/clusters", _LIST),
    Row(
        "POST /v1/clusters", "/v1/clusters",
        "401 409 403 403 403 403 403 403 403 403 403 403 403 403 403", _CLUSTER,
    ),
    Row(f"GET {_CT}", _C, _ONE),
    Row(f"PUT {_CT}", _C, _write(428), _DETAILS),
    Row(f"POST {_CT}/moves", f"{_C}/moves", _write(428), {"action": "admit"}),
    Row(f"GET {_CT}/participations", f"{_C}/participations", _ONE),
    Row(f"POST {_CT}/participations", f"{_C}/participations", _write(422), _PART),
    Row(f"GET {_CT}/participations/{{participation_id}}", f"{_C}/participations/none", _NONE),
    Row(f"GET {_CT}/projects/{{project_id}}", f"{_C}/projects/none", _NONE),
    Row(f"PUT {_CT}/participations/{{participation_id}}", f"{_C}/participations/none", _write(404), _PART),
    Row(
        f"POST {_CT}/participations/{{participation_id}}/leaving", f"{_C}/participations/none/leaving", _write(404),
        _BASIS,
    ),
    Row(
        f"POST {_CT}/participations/{{participation_id}}/exclusion", f"{_C}/participations/none/exclusion",
        _write(404), _BASIS,
    ),
    Row(f"GET {_CT}/road-map", f"{_C}/road-map", _ONE),
    Row(f"GET {_CT}/compliance", f"{_C}/compliance", _ONE),
    Row(f"GET {_CT}/registry", f"{_C}/registry", _ONE),
    Row(f"POST {_CT}/registry", f"{_C}/registry", _write(422), {"basis": "x"}),
    Row(f"GET {_CT}/registry/{{number}}", f"{_C}/registry/1", _NONE),
    Row(f"GET {_CT}/projects", f"{_C}/projects", _ONE),
    Row(f"POST {_CT}/projects", f"{_C}/projects", _write(422), {"title": "x", "initiators": ["none"]}),
    Row(
        f"POST {_CT}/projects/{{project_id}}/moves", f"{_C}/projects/none/moves", _write(404),
        {"action": "drop", "basis_id": "none"},
    ),
    Row(f"GET {_CT}/figures", f"{_C}/figures", _ONE),
    Row(f"POST {_CT}/figures", f"{_C}/figures", _write(404), {"questionnaire_id": "none"}),
    Row(
        f"PUT {_CT}/figures/{{year}}/{{organisation_id}}", f"{_C}/figures/2025/{{organisation}}", _write(422), _FIGURES
    ),
    Row(f"GET {_FT}/clusters/{{cluster_id}}", f"{_F}/clusters/{{cluster}}", _ONE),
    Row(
        f"POST {_FT}/clusters/{{cluster_id}}/{{item}}", f"{_F}/clusters/{{cluster}}/cixis-erizesi?name=x.txt",
        _write(415), content=b"x",
    ),
    Row(
        f"POST {_FT}/accessions/{{accession_id}}/{{number}}", f"{_F}/accessions/{{accession}}/2?name=x.txt",
        _write(415), content=b"x",
    ),
    Row(f"GET {_FT}/{{file_id}}/content", f"{_F}/{{file}}/content", _ONE),
    Row("GET /v1/accessions", "/v1/accessions?cluster_id={cluster}", _ONE),
    Row(
        "POST /v1/accessions", "/v1/accessions", _write(409),
        {"cluster_id": "{cluster}", "organisation_id": "t-walk-2", "kind": "finance"},
    ),
    Row(f"GET {_AT}", _A, _ONE),
    Row(
        f"POST {_AT}/application", f"{_A}/application", _write(428),
        {"questionnaire_id": "none", "application_id": "none"},
    ),
    Row(f"POST {_AT}/decision", f"{_A}/decision", _write(428), {"protocol_id": "none", "item": 1}),
    Row(f"GET {_AT}/sheet-data", f"{_A}/sheet-data?place=Sumqayıt", _write(409)),
    Row(f"POST {_AT}/sheet", f"{_A}/sheet", _write(428), {"sheet_id": "none"}),
    Row(f"POST {_AT}/registry-entry", f"{_A}/registry-entry", _write(428)),
    Row(f"POST {_AT}/withdrawal", f"{_A}/withdrawal", _write(428), {"reason": "x"}),
)  # fmt: skip

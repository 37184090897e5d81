"""An organisation joins a cluster: questionnaire, application with its enclosures, the meeting's decision, the sheet
signed by both sides, a new edition of the registry; another leaves, a third is excluded (003 Əlavə 4; §4.4; §4.16)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from doc_service.domain.clusters.accession import AccessionState
from doc_service.domain.clusters.clusters import ParticipationState
from doc_service.domain.clusters.compliance import Requirement, Verdict
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.clusters.registry import apply
from doc_service.domain.clusters.road_map import ItemState
from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.organisations import Organisation
from doc_service.instruments.samples.application import application_sample
from doc_service.instruments.samples.cluster import head, organisation
from doc_service.instruments.samples.participation import party
from doc_service.instruments.samples.questionnaire import questionnaire_sample
from signing.devpki import DevelopmentPki
from tests.fixtures_postgres import session_databases
from tests.fixtures_s3 import S3Server
from tests.pki_fixtures import SystemClock
from tests.services.cluster_house import CLUSTER, ClusterHouse, today
from tests.services.conftest import SECRETARIAT, running_service
from tests.ways.players import Keys

PARK, COLLEGE, REFUSED = 9, 11, 12
pytestmark = pytest.mark.slow


def embedded(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {}


def in_production(request: pytest.FixtureRequest) -> dict[str, Any]:
    """PostgreSQL, and MinIO with object lock."""
    server: S3Server = request.getfixturevalue("minio")
    bucket = f"t-{secrets.token_hex(8)}"
    server.client().make_bucket(bucket_name=bucket, object_lock=True)
    return {
        "database_url": session_databases().create(keep=True), "archive_url": server.bucket_url(bucket),
        "archive_access_key": server.access_key, "archive_secret_key": server.secret_key,
    }  # fmt: skip


PARTS = {"SQLite and files": embedded, "PostgreSQL and MinIO": in_production}


@pytest.fixture(scope="module", params=PARTS)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterHouse]:
    """Founded, with a signed agreement, two participants and the first edition of the registry."""
    data = tmp_path_factory.mktemp("cluster")
    keys = Keys(data, DevelopmentPki(data / "development-pki", SystemClock()))
    opened = running_service(data, signature_level="B-B", final_level="B-B", **PARTS[request.param](request))
    built = ClusterHouse(next(opened), keys)
    built.founded(PARK, COLLEGE, REFUSED)
    built.agreement()
    built.use.renew_registry(CLUSTER, "ilk nəşr", SECRETARIAT)
    yield built
    next(opened, None)


def enclosure(place: int, number: int) -> bytes:
    return f"%PDF-1.7\n% {place}/{number}".encode()


def codes(error: pytest.ExceptionInfo[DomainError]) -> list[tuple[str, object]]:
    return [(f.code, f.params.get("number")) for f in error.value.faults]


def applied(house: ClusterHouse, place: int) -> str:
    """The accession of the organisation at ``place``, with its application lodged; refusals on the way are looked at
    for the first one."""
    use, name = house.use, f"qosulma-{place}"
    use.open_accession(name, CLUSTER, organisation(place)["id"], ParticipantKind.MEDIUM, SECRETARIAT, 182)
    for number in range(1, 7):
        use.keep_file("accession", name, str(number), f"{number}.pdf", enclosure(place, number), SECRETARIAT)
    questionnaire = house.signed(f"anket-{place}", "klaster-anket", questions(organisation(place), place))
    application = house.signed(f"erize-{place}", "klaster-qosulma-erizesi", form(place, questionnaire))
    use.lodge(name, questionnaire.id, application.id, SECRETARIAT)
    return name


def questions(asked: dict[str, Any], place: int) -> dict[str, Any]:
    return {**questionnaire_sample(), "organisation": asked, "head": head(place)}


def form(place: int, questionnaire: Document) -> dict[str, Any]:
    """The application with the digests of what is enclosed."""
    assert questionnaire.head is not None
    digests = [hashlib.sha256(enclosure(place, n)).hexdigest() for n in range(1, 7)] + [questionnaire.head.sha256]
    sample = application_sample()
    rows = [
        {**row, "file": {**row["file"], "sha256": digest}}
        for row, digest in zip(sample["enclosures"], digests, strict=True)
    ]
    return {**sample, "applicant": party(place), "enclosures": rows}


def test_from_application_to_exclusion(house: ClusterHouse) -> None:
    use = house.use
    agreement = house.content("istirak-1")

    # The application comes with its enclosures, or not at all.
    park, college, refused = (applied(house, place) for place in (PARK, COLLEGE, REFUSED))

    # One meeting decides on three applicants; the votes say who is admitted.
    record = house.meeting(("admission", PARK, True), ("admission", COLLEGE, True), ("admission", REFUSED, False))
    protocol = house.signed("protokol-1", "klaster-umumi-yigincaq-protokolu", record)
    with pytest.raises(DomainError, match=r"accession\.no_such_item"):
        use.decide(park, protocol.id, 2, SECRETARIAT)
    decided = [use.decide(a, protocol.id, n, SECRETARIAT) for n, a in enumerate((park, college, refused), 1)]
    assert [a.state for a in decided] == [AccessionState.ADMITTED, AccessionState.ADMITTED, AccessionState.REFUSED]

    # The first sheet is bound to the agreement, the second also to the first.
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        use.enter(park, SECRETARIAT)
    first = sheet(house, park, "vereqe-1")
    assert (first.data["sheet_number"], first.data["previous"]) == (1, None)
    with pytest.raises(DomainError, match=r"accession\.other_organisation"):
        use.accede(college, first.id, SECRETARIAT)
    acceded = use.accede(park, first.id, SECRETARIAT)
    entered, change = use.enter(park, SECRETARIAT)
    assert (acceded.state, entered.state, entered.edition) == (AccessionState.ACCEDED, AccessionState.ENTERED, 2)
    assert [r.voen for r in change.added] == [organisation(PARK)["voen"]]
    assert change.added[0].agreement_number == house.service.document("istirak-1").registration.number  # type: ignore[union-attr]
    first_bytes = house.content(first.id)

    second = sheet(house, college, "vereqe-2")
    assert first.head is not None
    assert second.data["previous"]["sha256"] == first.head.sha256
    unbound(house, college, second)
    use.accede(college, second.id, SECRETARIAT)
    use.enter(college, SECRETARIAT)

    # The agreement and the earlier sheet are what they were, byte for byte, and validate.
    assert house.content("istirak-1") == agreement
    assert house.content(first.id) == first_bytes
    assert all(house.valid(house.service.document(d)) for d in ("istirak-1", first.id, second.id))

    # The registry's document says what changed, and stands in place of the last one.
    published(house)
    leaving_and_exclusion(house)
    shown(house)

    # 002 §7.1.6: the archive is read with all that was handed in.
    check = house.service.container.use_cases.verify_archive(lambda stage, done, total: None)
    assert (check.faults, check.files) == ((), 3 * 6 + 1)


def sheet(house: ClusterHouse, accession: str, name: str) -> Document:
    return house.signed(name, "klaster-qosulma-vereqesi", house.use.sheet_data(accession, "Sumqayıt şəhəri"))


def unbound(house: ClusterHouse, accession: str, signed: Document) -> None:
    """As if it had been signed over other files: number or digest that is not that of the signed document."""
    for part, changes in (
        ("agreement", {"sha256": "0" * 64}),
        ("previous", {"number": "x"}),
        ("decision", {"number": "x"}),
    ):
        with house.service.container.work.uow() as uow:
            document = uow.documents.get(signed.id)
            data = {**document.data, part: {**document.data[part], **changes}}
            changed = uow.documents.save(replace(document, data=data))
            uow.commit()
        with pytest.raises(DomainError, match=r"accession\.sheet_unbound"):
            house.use.accede(accession, signed.id, SECRETARIAT)
        with house.service.container.work.uow() as uow:
            uow.documents.save(replace(changed, data=signed.data))
            uow.commit()


def published(house: ClusterHouse) -> None:
    use = house.use
    first = house.signed("reyestr-1", "klaster-reyestr", use.registry_draft(CLUSTER, 1, "Sumqayıt şəhəri"))
    assert use.publish_edition(CLUSTER, first.id, SECRETARIAT) is None
    with pytest.raises(ConflictError, match=r"registry\.previous_unsigned"):
        use.registry_draft(CLUSTER, 3, "Sumqayıt şəhəri")
    second = use.registry_draft(CLUSTER, 2, "Sumqayıt şəhəri")
    assert second["changes"]["added"] == [organisation(PARK)["voen"]]
    signed = house.signed("reyestr-2", "klaster-reyestr", second)
    superseded = use.publish_edition(CLUSTER, signed.id, SECRETARIAT)
    assert superseded is not None
    assert superseded.id == first.id


def leaving_and_exclusion(house: ClusterHouse) -> None:
    """§3.6: a participant leaves by its own statement; §4.4 ə): the meeting excludes another by its decision."""
    use = house.use
    statement = use.keep_file("cluster", CLUSTER, "cixis-erizesi", "çıxış.pdf", b"%PDF-1.7 2", SECRETARIAT)
    left, change = use.leave("i-2", statement.id, SECRETARIAT)
    assert (left.state, left.ended_by, left.ended_on) == (ParticipationState.LEFT, statement.id, today())
    assert change is not None
    assert [r.voen for r in change.removed] == [organisation(2)["voen"]]
    record = house.meeting(("exclusion", PARK, True))
    record["meeting"]["number"] = 3
    protocol = house.signed("protokol-2", "klaster-umumi-yigincaq-protokolu", record)
    assert protocol.registration is not None
    assert protocol.head is not None
    data = house.service.container.parts.registry.get("klaster-terkib-qerari").from_protocol(  # type: ignore[attr-defined]
        protocol.data, protocol.registration, protocol.head.sha256, 1,
        capacity="participant", registry_term=today(), reason="Sazişin şərtlərinin pozulması",
    )  # fmt: skip
    decision = house.signed("qerar-1", "klaster-terkib-qerari", data)
    with pytest.raises(DomainError, match=r"cluster\.other_decision"):
        use.exclude("i-1", decision.id, SECRETARIAT)
    excluded, _ = use.exclude(f"qosulma-{PARK}", decision.id, SECRETARIAT)
    assert (excluded.state, excluded.ended_by) == (ParticipationState.EXCLUDED, decision.id)
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        use.exclude(f"qosulma-{PARK}", decision.id, SECRETARIAT)
    with house.service.container.work.uow.reading() as uow:
        editions = [uow.editions.get(CLUSTER, n) for n in uow.editions.numbers(CLUSTER)]
    assert len(editions) == 5
    before = None
    for edition, difference in editions:
        assert apply(before, difference) == edition
        before = edition


def shown(house: ClusterHouse) -> None:
    """What is there and what is missing, from the documents that exist."""
    stages = house.use.road_map(CLUSTER).stages
    found = {i.item.id: i for stage in stages for i in stage.items}
    assert found["istirak-sazisi"].state is found["reyestr"].state is ItemState.DONE
    assert found["anketler"].lacking == (organisation(1)["id"],)
    assert found["nizamname"].state is ItemState.MISSING
    taken = house.use.take_figures(CLUSTER, f"anket-{COLLEGE}", SECRETARIAT)
    assert [(f.year, str(f.export), f.jobs) for f in taken] == [
        (2023, "2.2", 168),
        (2024, "2.6", 174),
        (2025, "3.05", 182),
    ]
    lines = {line.requirement: line for line in house.use.compliance(CLUSTER)}
    assert lines[Requirement.EXTERNAL_MARKETS].figures[:2] == (("year", "2025"), ("percent", "13.5"))
    assert lines[Requirement.EXTERNAL_MARKETS].lacking == (organisation(1)["id"],)
    assert lines[Requirement.MEMBERS_AGREEMENTS].verdict is Verdict.MET
    assert lines[Requirement.MEMBERS].figures[0] == ("members", "2")
    assert lines[Requirement.COLLEGIAL_ORGAN].verdict is Verdict.NOT_MET


def test_an_application_without_its_enclosures(house: ClusterHouse) -> None:
    """Əlavə 4, annex 1: all seven, each with the digest of its file; every gap is named at once. A file is kept once,
    as it came, and nothing but PDF, PNG and JPEG is taken."""
    use, place, name = house.use, 1, "qosulma-x"
    house.service.container.use_cases.record_organisation(_another(), SECRETARIAT)
    use.open_accession(name, CLUSTER, "kl-x", ParticipantKind.MEDIUM, SECRETARIAT)
    with pytest.raises(ConflictError, match=r"accession\.in_progress"):
        use.open_accession("qosulma-y", CLUSTER, "kl-x", ParticipantKind.MEDIUM, SECRETARIAT)
    for number in range(1, 5):
        use.keep_file("accession", name, str(number), f"{number}.pdf", enclosure(place, number), SECRETARIAT)
    kept = use.keep_file("accession", name, "4", "başqa ad.pdf", enclosure(place, 4), SECRETARIAT)
    assert kept.name == "4.pdf"
    replaced = use.keep_file("accession", name, "4", "4.png", b"\x89PNG\r\n\x1a\n4", SECRETARIAT)
    assert house.service.container.store.stat(replaced.key).retain_until is not None
    for item, file_name, content, code in (
        ("5", "5.exe", b"MZ", "file.bad_type"), ("5", "../5.pdf", b"%PDF-", "file.bad_name"),
        ("5", "5.pdf", b"", "file.empty"), ("7", "7.pdf", b"%PDF-", "file.unknown_item"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as caught:
            use.keep_file("accession", name, item, file_name, content, SECRETARIAT)
        assert caught.value.code == code
    asked = questions(_data(), place)
    questionnaire = house.signed("anket-x", "klaster-anket", asked)
    data = form(place, questionnaire)
    data["applicant"] = {**data["applicant"], "organisation": _data()}
    application = house.signed("erize-x", "klaster-qosulma-erizesi", data)
    with pytest.raises(DomainError) as error:
        use.lodge(name, questionnaire.id, application.id, SECRETARIAT)
    assert codes(error) == [
        ("accession.enclosure_differs", 4), ("accession.enclosure_missing", 5), ("accession.enclosure_missing", 6),
    ]  # fmt: skip
    with pytest.raises(ConflictError, match=r"cluster\.not_signed"):
        use.lodge(name, house.drafted("anket-y", "klaster-anket", asked), application.id, SECRETARIAT)
    with pytest.raises(DomainError, match=r"cluster\.other_instrument"):
        use.lodge(name, application.id, application.id, SECRETARIAT)
    ended = use.withdraw(name, "Ərizəçi fikrindən daşınıb", SECRETARIAT, 0)
    assert ended.state is AccessionState.WITHDRAWN


def _data() -> dict[str, Any]:
    return {**organisation(1), "id": "kl-x", "name": "“Yeni”", "voen": "1409999991"}


def _another() -> Organisation:
    data, head_id = _data(), party(1)["representative"]["person"]["id"]
    return Organisation(
        data["id"], data["name"], data["voen"], "", data["legal_address"], "", "", "", "", head_id,
        legal_form=data["legal_form"],
    )  # fmt: skip

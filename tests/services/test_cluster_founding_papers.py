"""Papers of founding a cluster in a real service, from draft to archive: founders by power of attorney, plan with seal,
portal materials with images (003 Əlavə 2, Əlavə 3, §6.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from doc_service.domain.people import PersonRecord
from doc_service.domain.signatures import SignerKind
from doc_service.instruments.registry import default_registry
from doc_service.instruments.samples.cluster import head, representative
from doc_service.rendering.embedded import embedded_files
from signing.devpki import DevelopmentPki
from tests.pki_fixtures import SystemClock
from tests.services.cluster_house import ClusterHouse
from tests.services.conftest import SECRETARIAT, running_service
from tests.ways.players import Keys

FOUNDERS, BY_POWER = (1, 2, 4), 4
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterHouse]:
    """A founded cluster whose register also knows the founders' delegate and the secretary of their meeting."""
    data = tmp_path_factory.mktemp("founding")
    keys = Keys(data, DevelopmentPki(data / "development-pki", SystemClock()))
    opened = running_service(data, signature_level="B-B", final_level="B-B")
    built = ClusterHouse(next(opened), keys)
    built.founded(BY_POWER)
    record = built.service.container.use_cases.record_person
    others = (representative(BY_POWER)["person"], sample("klaster-tesis-protokolu")["secretary"])
    for number, person in enumerate(others, 50):
        record(PersonRecord(built._person(person, number)), SECRETARIAT)
    yield built
    next(opened, None)


def sample(instrument: str) -> dict[str, Any]:
    return default_registry().get(instrument).sample()


def founding() -> dict[str, Any]:
    """The sample's meeting with three founders, one of them by power of attorney."""
    raw = sample("klaster-tesis-protokolu")
    voters = [representative(place)["person"]["id"] for place in FOUNDERS]
    raw["founders"] = [raw["founders"][place - 1] for place in FOUNDERS]
    raw["participants"] = raw["participants"][:5]
    raw["items"] = [{"votes": [{"voter_id": v, "choice": "for"} for v in voters]}] * 4
    return raw


def test_founders_sign_their_protocol_decision_after_the_chair_and_the_secretary(house: ClusterHouse) -> None:
    """003 Əlavə 2: chair, secretary, every founder present; the power of attorney is printed."""
    document = house.signed("tesis-1", "klaster-tesis-protokolu", founding())
    assert house.valid(document)
    requests = sorted(house.service.requests(document.id), key=lambda r: r.field)
    assert [(r.signer.id, r.order) for r in requests] == [
        (head(1)["id"], 1),
        ("kl-katib", 2),
        (head(2)["id"], 3),
        (representative(BY_POWER)["person"]["id"], 3),
    ]
    assert requests[3].basis == "2026-cı il 2 mart tarixli 17 nömrəli etibarnamə"


def test_the_plan_of_measures_is_signed_and_sealed(house: ClusterHouse) -> None:
    """Əlavə 3: the head's signature, then "MY" of the specialised organisation."""
    document = house.signed("plan-1", "klaster-tedbirler-plani", sample("klaster-tedbirler-plani"))
    assert house.valid(document)
    kinds = [(r.kind, r.voen) for r in sorted(house.service.requests(document.id), key=lambda r: r.order)]
    assert kinds == [(SignerKind.PERSON, ""), (SignerKind.SEAL, "1401299871")]


def test_portal_materials_carry_their_images_to_the_archive(house: ClusterHouse) -> None:
    """003 §6.6: the screen images stand on the signed pages, and the data inside the file hold them too."""
    raw = sample("portal-istinad-materiallari")
    document = house.signed("portal-1", "portal-istinad-materiallari", raw)
    assert house.valid(document)
    content = house.content(document.id)
    assert raw["sections"][0]["image"]["content"].encode() in embedded_files(content)["data.json"]
    assert content.count(b"/Subtype /Image") + content.count(b"/Subtype/Image") >= 8

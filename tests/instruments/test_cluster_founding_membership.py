"""Decisions on membership, made from the members' protocol (003 §4.4 e), ə), §4.16, Əlavə 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError
from doc_service.instruments.cluster.klaster_terkib_qerari import Capacity
from doc_service.instruments.cluster.members_topics import OF_MEMBERSHIP
from doc_service.instruments.registry import default_registry

MEMBERSHIP: Any = default_registry().get("klaster-terkib-qerari")
PROTOCOL = Registration("KL-UP", "KL-UP-2/2026", date(2026, 12, 18))
Sample = Callable[[str], dict[str, Any]]


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


def made(raw: dict[str, Any], item: int = 5, **other: Any) -> dict[str, Any]:
    given_ = {"capacity": Capacity.INFRASTRUCTURE, "registry_term": date(2027, 1, 15)} | other
    result: dict[str, Any] = MEMBERSHIP.from_protocol(raw, PROTOCOL, "0" * 64, item, **given_)
    return result


def test_a_decision_on_membership_comes_from_the_adopted_item(sample: Sample) -> None:
    """003 §4.4 e): the admission as the meeting decided it, citing its protocol."""
    application = sample("klaster-terkib-qerari")["application"]
    raw = made(sample("klaster-umumi-yigincaq-protokolu"), application=application)
    expected = sample("klaster-terkib-qerari")
    assert raw == expected | {"protocol": expected["protocol"] | {"sha256": "0" * 64}}
    data = MEMBERSHIP.validate(raw)
    assert MEMBERSHIP.check(data) == ()
    context = MEMBERSHIP.context(data)
    assert "4.4-cü bəndinin e) yarımbəndini" in context["preamble"]
    assert context["text"][0].startswith("1. “Sənaye Lizinq” Açıq Səhmdar Cəmiyyəti (VÖEN 1702329011")
    assert "Metodologiyanın 4.16-cı bəndi" in context["text"][2]
    (chair,) = MEMBERSHIP.signatories(data)
    assert (chair.person_id, chair.role_label) == ("kl-p01", "Üzvlərin ümumi yığıncağının sədri")


@pytest.mark.parametrize(("item", "code"), [(4, "membership.other_topic"), (9, "act.no_such_item")])
def test_no_decision_on_membership_comes_from_another_item(sample: Sample, item: int, code: str) -> None:
    """003 §4.4 e), ə): only these two decide on membership."""
    with pytest.raises(DomainError) as caught:
        made(sample("klaster-umumi-yigincaq-protokolu"), item)
    assert caught.value.code == code


def test_a_refused_admission_makes_no_decision(sample: Sample) -> None:
    """As in 001 §5.9.4: an item is adopted when for > against."""
    raw = sample("klaster-umumi-yigincaq-protokolu")
    for vote in raw["items"][4]["votes"]:
        vote["choice"] = "against"
    with pytest.raises(DomainError) as caught:
        made(raw)
    assert caught.value.code == "act.not_adopted"


def test_an_exclusion_gives_its_reason_and_an_admission_its_application(sample: Sample, judge: Any) -> None:
    """003 §4.4 ə); 003 Əlavə 4 §3.5: the application to accede; 003 §4.16: the registry is renewed afterwards."""
    data = sample("klaster-terkib-qerari")
    data |= {"application": None, "reason": "Öhdəliklərin pozulması", "registry_term": "2026-12-17"}
    data["protocol"]["registered_on"] = "2026-12-17"
    assert codes(judge("klaster-terkib-qerari", data)) == {
        "application": "membership.application_missing",
        "reason": "membership.reason_unexpected",
        "registry_term": "act.term_before_meeting",
        "protocol.registered_on": "act.protocol_before_meeting",
    }
    data = sample("klaster-terkib-qerari") | {"change": "exclusion"}
    data["application"]["registered_on"] = "2026-12-19"
    assert codes(judge("klaster-terkib-qerari", data)) == {
        "application.registered_on": "membership.application_late",
        "reason": "membership.reason_missing",
    }
    data |= {"reason": "Öhdəliklərin mütəmadi pozulması.", "application": None}
    assert judge("klaster-terkib-qerari", data) == {}
    text = MEMBERSHIP.context(MEMBERSHIP.validate(data))
    assert "ə) yarımbəndini" in text["preamble"]
    assert "tərkibindən xaric edilsin" in text["text"][0]


def test_the_kinds_of_change_are_the_topics_of_membership() -> None:
    assert {str(t) for t in OF_MEMBERSHIP} == {"admission", "exclusion"}

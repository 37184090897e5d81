"""``sened-siyahisi``: the list of documents and the dispatch register (004 §5.1.8–5.1.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doc_service.instruments.registry import Registry

NAME = "sened-siyahisi"
Change = Callable[[dict[str, Any]], Any]


def sent(data: dict[str, Any]) -> dict[str, Any]:
    return data["documents"][0]["dispatched"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (lambda d: d.update(until="2026-10-01"), "until", "list.time_reversed"),
        (lambda d: sent(d).update(sent_on="2026-12-01"), "documents[0].dispatched.sent_on", "list.outside_time"),
        (
            lambda d: sent(d).update(sent_on="2026-11-01"),
            "documents[0].dispatched.sent_on",
            "list.sent_before_document",
        ),
        (
            lambda d: sent(d).update(delivered_on="2026-11-02"),
            "documents[0].dispatched.delivered_on",
            "dispatch.proof_before_sending",
        ),
        (lambda d: d["documents"][0].update(dispatched=None), "documents[0].dispatched", "list.dispatch_missing"),
        (lambda d: d.update(kind="documents"), "documents[0].dispatched", "list.dispatch_unexpected"),
    ],
)
def test_what_a_register_may_not_say(sample: Any, judge: Any, change: Change, field: str, code: str) -> None:
    """004 §5.1.8–5.1.9: each document with its dispatch, inside the time, in the order in which things can happen."""
    data = sample(NAME)
    change(data)
    assert judge(NAME, data)[field].code == code


def test_a_plain_list_names_documents_and_digests(registry: Registry, sample: Any, judge: Any) -> None:
    data = sample(NAME)
    data["kind"] = "documents"
    for listed in data["documents"]:
        listed["dispatched"] = None
    assert judge(NAME, data) == {}
    instrument = registry.get(NAME)
    context = instrument.context(instrument.validate(data))
    assert (context["caption"], context["dispatch"], context["total"]) == ("SƏNƏDLƏRİN SİYAHISI", False, "10 (on)")


def test_the_secretary_signs(registry: Registry, sample: Any) -> None:
    """004 §5.1.8: the secretary signs the register."""
    instrument = registry.get(NAME)
    data = instrument.validate(sample(NAME))
    assert [(s.person_id, s.field) for s in instrument.signatories(data)] == [(data.secretary.id, "sig_01")]

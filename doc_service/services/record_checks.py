"""Whether a draft of the Coordination Group agrees with the records that it cites (001 §3.1.1, §5.9.5, §5.6.3).

Data can be entered by hand; what they say of a protocol or of a recommendation is held against the register before the
draft goes any further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.recommendations import appeal_fault, state_of
from doc_service.ports import Clock, UnitOfWork
from doc_service.ports_queries import DocumentFilter
from doc_service.services.make_act import INSTRUMENT_OF, PROTOCOL, SIGNED_STATES, signed_digests
from doc_service.services.recommendations.all_documents import all_documents
from doc_service.services.recommendations.make_appeal import cited_recommendation
from doc_service.services.recommendations.record_outcome import recommendation, term_of

_ACTS: Final = frozenset(INSTRUMENT_OF.values())


@dataclass(frozen=True, slots=True)
class RecordChecks:
    """Faults of one draft against the register; none for instruments that cite nothing."""

    clock: Clock

    def __call__(self, uow: UnitOfWork, document: Document) -> tuple[Fault, ...]:
        data = document.data
        if document.instrument == "kq-mektub" and data["recommendation"] is not None:
            return tuple(self._appeal(uow, data["recommendation"]))
        if document.instrument in _ACTS | {"kq-cixaris", "kq-derc"}:
            return tuple(_against_protocol(uow, document))
        return ()

    def _appeal(self, uow: UnitOfWork, cited: Mapping[str, Any]) -> Iterator[Fault]:
        try:
            found = recommendation(uow, cited["document_id"])
        except DomainError:
            yield Fault("appeal.other_record", "recommendation.document_id")
            return
        outcomes = uow.recommendations.of_document(found.id)
        fault = appeal_fault(state_of(outcomes), term_of(found), baku_date(self.clock.now()))
        if fault is not None:
            yield fault
            return
        last = outcomes[-1]
        answer = last.answer and {"number": last.answer.number, "dated": last.answer.dated.isoformat()}
        recorded = {"recorded_on": last.on.isoformat(), "reason": last.reason, "answer": answer}
        for name, value in {**cited_recommendation(found), **recorded}.items():
            if cited[name] != value:
                yield Fault("appeal.other_record", f"recommendation.{name}")


def _against_protocol(uow: UnitOfWork, document: Document) -> Iterator[Fault]:
    protocol = _protocol(uow, document)
    if protocol is None:
        yield Fault("protocol.cited_unknown", "protocol")
        return
    points = {a["number"]: a for a in protocol.data["agenda"]}
    items = {i["number"]: i for i in protocol.data["items"]}
    if document.instrument in _ACTS:
        yield from _act_faults(document.data, points, items)
    elif document.instrument == "kq-cixaris":
        for index, item in enumerate(document.data["items"]):
            point = points.get(item["number"])
            if point is None or (point["title"], point["restricted"]) != (item["title"], item["restricted"]):
                yield Fault("protocol.item_differs", f"items[{index}]", {"number": item["number"]})
    else:
        restricted = {p["title"]: p["number"] for p in points.values() if p["restricted"]}
        for index, item in enumerate(document.data["items"]):
            if item["title"] in restricted:
                yield Fault("summary.restricted_item", f"items[{index}].title", {"number": restricted[item["title"]]})


def _act_faults(
    data: Mapping[str, Any], points: Mapping[int, Mapping[str, Any]], items: Mapping[int, Mapping[str, Any]]
) -> Iterator[Fault]:
    number = data["item"]["number"]
    point, item = points.get(number), items.get(number)
    same = (
        point is not None
        and item is not None
        and (point["title"], point["matter"]) == (data["item"]["title"], data["item"]["matter"])
        and item["act_text"] == data["text"]
    )
    if not same:
        yield Fault("protocol.item_differs", "text", {"number": number})


def _protocol(uow: UnitOfWork, document: Document) -> Document | None:
    """The signed protocol of the same body with the number, day and digest that the draft cites."""
    cited = document.data["protocol"]
    wanted = DocumentFilter(number=cited["number"], instrument=PROTOCOL, body_id=document.body_id, states=SIGNED_STATES)
    for found in all_documents(uow, wanted):
        assert found.registration is not None
        day = found.registration.registered_on.isoformat()
        if day == cited["registered_on"] and cited["sha256"] in signed_digests(uow, found.id):
            return found
    return None

"""The data of an extract, from a signed protocol (004 §5.1.3); who issues it and seals it is another use case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from doc_service.domain.people import Person
from doc_service.instruments.group.kq_cixaris import KqCixaris, SealOwner
from doc_service.instruments.registry import Registry
from doc_service.ports import UnitOfWork
from doc_service.services.make_act import signed_protocol


@dataclass(frozen=True, slots=True)
class ExtractWanted:
    """Which items, for whom and why; ``certifier`` keeps the ``seal``. ``address``, ``code``: of the public check.
    ``restricted``: whoever asks may have restricted items."""

    protocol_id: str
    items: Sequence[int]
    certifier: Person
    seal: SealOwner
    recipient: str = ""
    purpose: str = ""
    address: str = ""
    code: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class ExtractOf:
    """Raises what ``signed_protocol`` raises; "extract.no_items", "extract.restricted", "act.no_such_item"."""

    registry: Registry

    def __call__(self, uow: UnitOfWork, wanted: ExtractWanted) -> dict[str, Any]:
        source = signed_protocol(uow, wanted.protocol_id)
        instrument = cast(KqCixaris, self.registry.get("kq-cixaris"))
        return instrument.from_protocol(
            source.document.data,
            source.registration,
            source.sha256,
            wanted.items,
            certifier=wanted.certifier,
            seal=wanted.seal,
            signatures=source.signatures,
            recipient=wanted.recipient,
            purpose=wanted.purpose,
            address=wanted.address,
            code=wanted.code,
            restricted=wanted.restricted,
        )

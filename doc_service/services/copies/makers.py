"""The data of a certified copy and of an extract, from the original that was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from doc_service.domain.copies import CopyForm
from doc_service.domain.errors import ConflictError
from doc_service.instruments.group.kq_cixaris import KqCixaris, SealOwner, SignedBy
from doc_service.instruments.people_data import person_dict
from doc_service.instruments.registry import Registry
from doc_service.services.copies.issue import Making

PROTOCOL = "kq-protokol"


@dataclass(frozen=True, slots=True)
class WholeCopy:
    """``suret``: of the whole original."""

    instrument: str = "suret"

    def __call__(self, registry: Registry, making: Making) -> Mapping[str, Any]:
        original, organisation = making.original, making.organisation
        electronic = making.wanted.form is CopyForm.ELECTRONIC
        return {
            "form": str(making.wanted.form),
            "issuer": {"parent": "", "name": organisation.full_name, "place": making.place, "contact": ""},
            "original": {
                "document_id": original.document.id,
                "title": original.document.title,
                "number": original.registration.number,
                "registered_on": original.registration.registered_on.isoformat(),
                "sha256": original.revision.sha256,
                "size": original.revision.size,
                "pages": original.pages,
                "level": str(original.report.level or ""),
                "case": f"{making.case.index} «{making.case.title}»",
                "restricted": original.restricted,
            },
            "signatories": [
                {"name": s.name, "role": s.role, "basis": s.basis, "signed_at": s.signed_at.isoformat()}
                for s in original.signatories
            ],
            "checked_at": original.checked_at.isoformat(),
            "certifier": person_dict(making.certifier),
            "seal": {"organisation": organisation.full_name, "voen": organisation.voen} if electronic else None,
            "verification": {"code": making.code, "address": making.address},
        }


@dataclass(frozen=True, slots=True)
class Extract:
    """``kq-cixaris``: chosen items of a protocol. Restricted items only for somebody whom the protocol concerns
    ("extract.restricted"); "extract.no_protocol" for any other original."""

    instrument: str = "kq-cixaris"

    def __call__(self, registry: Registry, making: Making) -> Mapping[str, Any]:
        original, wanted = making.original, making.wanted
        if original.document.instrument != PROTOCOL:
            raise ConflictError("extract.no_protocol", "original_id")
        extract = cast(KqCixaris, registry.get(self.instrument))
        return extract.from_protocol(
            original.document.data,
            original.registration,
            original.revision.sha256,
            wanted.items,
            certifier=making.certifier,
            seal=SealOwner(making.organisation.full_name, making.organisation.voen),
            signatures=[SignedBy(s.name, s.role, s.signed_at) for s in original.signatories],
            recipient=wanted.recipient.name,
            purpose=wanted.purpose,
            address=making.address,
            code=making.code,
            restricted=original.concerned,
            form=wanted.form,
        )

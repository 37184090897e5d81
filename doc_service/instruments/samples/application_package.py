"""Sample of the application package's inventory: the papers of the samples' cluster."""

from __future__ import annotations

import hashlib
from typing import Any

from doc_service.domain.clusters.stages import STAGE_TABLE, Form, StageItem
from doc_service.instruments.samples.cluster import PARTICIPANTS, cluster, full_name, specialised


def package_sample() -> dict[str, Any]:
    """The data of ``erize-paketi``."""
    papers = [
        (item, owner)
        for item in STAGE_TABLE
        if item.in_package
        for owner in ([full_name(n) for n in range(1, PARTICIPANTS + 1)] if item.each_member else [""])
    ]
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "addressee": "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə",
        "members": PARTICIPANTS,
        "entries": [_entry(place, item, owner) for place, (item, owner) in enumerate(papers, 1)],
    }


def _entry(place: int, item: StageItem, owner: str) -> dict[str, Any]:
    copied = item.form is Form.COPY
    form = "file" if item.uploaded else "copy" if copied else "original"
    number = "" if item.uploaded else f"3-21-5/SR-{place}/2026" if copied else f"KL/{place}/2026"
    return {
        "item": item.id,
        "form": form,
        "document_id": f"kl-s{place:02d}",
        "number": number,
        "registered_on": None if item.uploaded else f"2026-10-{place:02d}",
        "owner": owner,
        "pages": 2 + place * 7 % 11,
        "size": 90_000 + place * 1_713,
        "sha256": hashlib.sha256(f"{item.id}{owner}".encode()).hexdigest(),
        "name": f"{place:03d}_{item.id}.pdf",
    }

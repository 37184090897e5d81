"""Samples of a decision on membership, of the application for the check of compliance and of the letter to it."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import cluster, executive, head, organisation, specialised
from doc_service.instruments.samples.cluster_meeting import meeting_body, members_meeting_sample

MINISTRY_DATIVE: Final = "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə"
_ADMISSION: Final = 5
_PROTOCOL_SHA256: Final = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"
_PASSPORT_SHA256: Final = "dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986"
_MAP_SHA256: Final = "084fed08b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5"


def membership_sample() -> dict[str, Any]:
    """The data of ``klaster-terkib-qerari``: the fifth item of the sample protocol."""
    record = members_meeting_sample()
    point = record["agenda"][_ADMISSION - 1]
    return {
        "body": meeting_body(),
        "protocol": {"number": "KL-UP-2/2026", "registered_on": "2026-12-18", "sha256": _PROTOCOL_SHA256},
        "meeting": {"number": 2, "kind": "ordinary", "held_on": "2026-12-18"},
        "item": {key: point[key] for key in ("number", "title", "matter")},
        "cluster": cluster(),
        "change": "admission",
        "organisation": organisation(12),
        "capacity": "infrastructure",
        "application": {"number": "KL-QE-3/2026", "registered_on": "2026-11-26"},
        "reason": "",
        "registry_term": "2027-01-15",
        "chair": head(1),
    }


def application_sample() -> dict[str, Any]:
    """The data of ``klaster-uygunluq-erizesi``."""
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "addressee": MINISTRY_DATIVE,
        "participants": 8,
        "infrastructure": 4,
        "projects": 3,
        "passport": {"number": "KL-PS-1/2026", "registered_on": "2026-12-21", "sha256": _PASSPORT_SHA256},
        "enclosures": [
            "İcra hakimiyyəti orqanının rəhbərinin imzası ilə məktub",
            "Klasterin informasiya portalı üzrə istinad materialları",
            "Sənədlər paketinin siyahısı",
        ],
    }


def executive_letter_sample() -> dict[str, Any]:
    """The data of ``icra-orqani-mektubu``."""
    return {
        "executive": executive(1),
        "addressee": MINISTRY_DATIVE,
        "cluster": cluster(),
        "organisation": specialised()["organisation"],
        "functional_map": {"number": "KL-FX-1/2026", "registered_on": "2026-12-18", "sha256": _MAP_SHA256},
        "conforms": True,
        "grounds": "",
        "strategy": "“Azərbaycan 2030: sosial-iqtisadi inkişafa dair Milli Prioritetlər”",
        "scheme": "Abşeron-Xızı iqtisadi rayonunun ərazi planlaşdırma sxemi",
        "executor": "İcraçı: Salmanova Günay Rövşən qızı, tel.: (018) 555-03-11",
    }

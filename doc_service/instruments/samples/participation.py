"""Samples of taking part: the agreement of the founding participants, and the accession of the ninth organisation."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import PARTICIPANTS, cluster, head, represented, specialised

NEWCOMER: Final = 9
AGREEMENT: Final = {
    "number": "KL-IS-1/2026",
    "registered_on": "2026-03-16",
    "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
}
APPLICATION: Final = {
    "number": "KL-QE-2/2026",
    "registered_on": "2026-11-03",
    "sha256": "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
}
_PREVIOUS: Final = {
    "number": "KL-QV-1/2026",
    "registered_on": "2026-06-11",
    "sha256": "baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096",
    "sheet_number": 1,
}


def party(place: int) -> dict[str, Any]:
    """The organisation at ``place`` as party; where a deputy acts for it, its head keeps the seal."""
    acts = represented(place)
    own = acts["representative"]["authority"]["kind"] == "charter"
    return {**acts, "seal_keeper": None if own else head(place)}


def agreement_sample() -> dict[str, Any]:
    """The data of ``klaster-istirak-sazisi``."""
    return {
        "cluster": cluster(),
        "specialised": specialised(),
        "purpose": "polimer məhsullarının istehsalında yerli xammaldan istifadəni və son məhsulun rəqabət "
        "qabiliyyətini artırmaq",
        "tasks": [
            "iştirakçılar arasında istehsal-texnoloji kooperasiyanın genişləndirilməsi",
            "birgə layihələrin hazırlanması və həyata keçirilməsi",
            "idxalı əvəz edən və ixracyönümlü məhsul növlərinin mənimsənilməsi",
            "kadr hazırlığının və laboratoriya bazasının birgə inkişaf etdirilməsi",
        ],
        "parties": [party(place) for place in range(1, PARTICIPANTS + 1)],
    }


def accession_sample() -> dict[str, Any]:
    """The data of ``klaster-qosulma-vereqesi``: the second sheet."""
    return {
        "cluster": cluster(),
        "specialised": specialised(),
        "agreement": dict(AGREEMENT),
        "sheet_number": 2,
        "previous": dict(_PREVIOUS),
        "newcomer": party(NEWCOMER),
        "application": dict(APPLICATION),
        "decision": {"number": "KL-UP-3/2026", "held_on": "2026-11-18"},
    }

"""Samples of the agreement on creating the cluster, and of the charter of its specialised organisation."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import PARTICIPANTS, cluster, executive, organisation, specialised

_ALL: Final = 12
_MAP_SHA256: Final = "084fed08b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5"
_GOAL: Final = (
    "Sumqayıt şəhəri və Abşeron rayonu ərazisində polimer materiallarının emalı üzrə tam istehsal-texnoloji zəncirin "
    "formalaşdırılması, Klasterin üzvlərinin rəqabət qabiliyyətinin, ixrac potensialının və əmək məhsuldarlığının "
    "artırılmasıdır"
)


def agreement_sample() -> dict[str, Any]:
    """The data of ``klaster-yaradilmasi-sazisi``."""
    return {
        "cluster": cluster(),
        "place": "Sumqayıt şəhəri",
        "concluded_on": "2026-12-24",
        "organisation": specialised(),
        "executives": [executive(1), executive(2)],
        "approval": {"held_on": "2026-12-18", "protocol": "KL-UP-2/2026"},
        "consent": {"held_on": "2026-12-18", "protocol": "KL-UP-2/2026"},
        "goal": _GOAL,
        "tasks": [
            "Klasterin üzvləri arasında istehsal kooperasiyasının yaradılması və inkişafı",
            "yeni texnologiyaların və avadanlığın tətbiqi, məhsul çeşidinin genişləndirilməsi",
            "kadrların hazırlanması və ixtisasının artırılması",
            "Klasterin məhsulunun daxili və xarici bazarlarda tanıdılması",
            "Klasterin texnoloji və sənaye infrastrukturunun inkişafı",
        ],
        "results": [
            "Klasterin üzvlərinin məhsul buraxılışının 2031-ci ilədək ən azı 1,5 dəfə artması",
            "Klasterin məhsulunun ən azı 30 faizinin xarici bazarlarda satılması",
            "ən azı 250 yeni yüksək məhsuldar iş yerinin yaradılması",
            "üç birgə layihənin həyata keçirilməsi",
        ],
        "members": [
            {
                "organisation": organisation(n),
                "capacity": "participant" if n <= PARTICIPANTS else "infrastructure",
            }
            for n in range(1, _ALL + 1)
        ],
        "organ": "Klasterin İdarə Heyəti",
        "scheme": "Abşeron-Xızı iqtisadi rayonunun ərazi planlaşdırma sxemi",
        "functional_map": {"number": "KL-FX-1/2026", "registered_on": "2026-12-18", "sha256": _MAP_SHA256},
        "valid_until": None,
    }

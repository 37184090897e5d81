"""The sample of the cluster's passport."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from doc_service.instruments.samples.cluster import cluster, specialised
from doc_service.instruments.samples.cluster_facts import PRODUCERS
from doc_service.instruments.samples.joint_projects import compounds, large_pipes, recycling


def _paper(title: str, number: str, on: str) -> dict[str, str]:
    return {"title": title, "number": number, "on": on}


def _sum(column: int) -> str:
    """The questionnaires' figure of 2025 over all producers."""
    return str(sum(Decimal(str(f.figures[column])) for f in PRODUCERS if f.figures))


def passport_sample() -> dict[str, Any]:
    """The data of ``klaster-pasport``."""
    projects = (recycling(), large_pipes(), compounds())
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "founded": _paper("Təsisçilərin ümumi yığıncağının protokol qərarı", "KL-TP-1/2026", "2026-02-12"),
        "portal": "https://polimer.klaster.example",
        "contact_person": {"surname": "Sadıqova", "given": "Leyla", "patronymic": "Emin qızı"},
        "contact_phone": "+994 18 555 02 07",
        "contact_email": "l.sadiqova@klaster.example",
        "kinds": [
            {"kind": "large", "count": 1},
            {"kind": "medium", "count": 3},
            {"kind": "small", "count": 4},
            {"kind": "college", "count": 1},
            {"kind": "research", "count": 1},
            {"kind": "technology", "count": 1},
            {"kind": "finance", "count": 1},
        ],
        "participation_agreements": 12,
        "organ": {
            "name": "Abşeron polimer sənaye klasterinin kollegial idarəetmə orqanı",
            "seats": 9,
            "participant_seats": 6,
            "participants_sitting": 6,
        },
        "documents": [
            _paper("Sənaye klasterinin funksional xəritəsi", "KL-FX-1/2026", "2026-11-06"),
            _paper("Sənaye klasterinin inkişaf proqramı", "KL-IP-1/2026", "2026-11-06"),
            _paper("İxtisaslaşdırılmış təşkilatın nizamnaməsi", "KL-NZ-1/2026", "2026-02-12"),
            _paper("İştirakçıların və infrastrukturun reyestri", "KL-RY-2/2026", "2026-10-02"),
        ],
        "state_agreements": [
            _paper("Sənaye klasterinin yaradılması haqqında saziş", "KL-YS-1/2026", "2026-11-13"),
        ],
        "projects": [
            {
                "name": p["name"],
                "initiators": "; ".join(p["initiators"]),
                "term": p["term"],
                "cost": p["total_cost"],
            }
            for p in projects
        ],
        "figures": {
            "first_year": 2023,
            "volume": ["121.6", "133.9", _sum(0)],
            "used": ["26.4", "29.8", _sum(1)],
            "export": ["33.8", "39.1", _sum(2)],
            "added_value": ["36.2", "40.7", _sum(3)],
            "jobs": ["1402", "1456", _sum(6)],
            "productive_jobs": ["371", "409", _sum(7)],
            "taxes": ["9.7", "10.9", "12.1"],
            "investments": ["5.1", "6.3", "6.8"],
        },
        "efficiency": {
            "above": 5,
            "measure": "bir işçiyə düşən əlavə dəyər, emal sənayesi üzrə 2025-ci ilin orta göstəricisi ilə müqayisədə",
        },
    }

"""Sample of the yearly report: three meetings of 2026, one of them extraordinary."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.people import CUSTOMS, FOOD, body, members, secretary

_MEETINGS: Final = (
    (1, "ordinary", "2026-03-12", 14, 5),
    (2, "extraordinary", "2026-07-09", 11, 2),
    (3, "ordinary", "2026-11-20", 12, 4),
)
_ABSENT: Final = {4: (0, 1), 6: (1, 0), 9: (0, 2), 11: (1, 1), 13: (0, 2), 15: (0, 2)}
"""By place in the body: times represented, times absent."""


def _member(place: int, member: dict[str, Any]) -> dict[str, Any]:
    delegated, absent = _ABSENT.get(place, (0, 0))
    return {
        "name": member["person"]["name"],
        "organisation": member["person"]["organisation"],
        "meetings": len(_MEETINGS),
        "in_person": len(_MEETINGS) - delegated - absent,
        "delegated": delegated,
        "absent": absent,
    }


def report_sample() -> dict[str, Any]:
    """The data of ``kq-illik-hesabat``."""
    return {
        "body": body(),
        "signatory": members()[0],
        "absent_head": None,
        "year": 2026,
        "secretary": secretary(),
        "meetings": [
            {
                "number": number,
                "kind": kind,
                "held_on": day,
                "members": 15,
                "attending": attending,
                "quorum_met": True,
                "items": items,
            }
            for number, kind, day, attending, items in _MEETINGS
        ],
        "members": [_member(n, m) for n, m in enumerate(members(), 1)],
        "acts": [
            {"kind": "decision", "put_to_vote": 3, "adopted": 3, "not_adopted": 0, "issued": 3},
            {"kind": "proposal", "put_to_vote": 2, "adopted": 2, "not_adopted": 0, "issued": 2},
            {"kind": "recommendation", "put_to_vote": 4, "adopted": 3, "not_adopted": 1, "issued": 3},
        ],
        "heard_only": 2,
        "recommendations": [
            {
                "number": "3-21-5/KQ-TV-1/2026",
                "registered_on": "2026-03-16",
                "addressee": CUSTOMS,
                "term": "2026-06-01",
                "state": "heeded",
                "appeals": [],
            },
            {
                "number": "3-21-5/KQ-TV-2/2026",
                "registered_on": "2026-07-13",
                "addressee": FOOD,
                "term": "2026-10-01",
                "state": "not_heeded",
                "appeals": ["3-21-5/KQ-M-9/2026"],
            },
            {
                "number": "3-21-5/KQ-TV-3/2026",
                "registered_on": "2026-11-24",
                "addressee": FOOD,
                "term": "2027-02-01",
                "state": "open",
                "appeals": [],
            },
        ],
        "overview": (
            "Hesabat ilində Koordinasiya Qrupu KOB evlərində göstərilən xidmətlərin elektronlaşdırılması, sahibkarlıq "
            "subyektlərindən daxil olmuş şikayətlərin həlli və inzibati maneələrin aradan qaldırılması istiqamətində "
            "fəaliyyət göstərmişdir.\n"
            "Xidmətlərin elektronlaşdırılması üzrə müvəqqəti işçi qrupu yaradılmış, onun tərkibi təsdiq edilmişdir."
        ),
        "problems": (
            "Dövlət orqanlarının (qurumlarının) informasiya sistemləri arasında məlumat mübadiləsinin tam təmin "
            "edilməməsi səbəbindən sahibkarlardan eyni sənədlər təkrar tələb olunur."
        ),
        "proposals": (
            "Növbəti ildə sənədlərin elektron mübadiləsinin genişləndirilməsi və tövsiyələrin icrasına nəzarətin "
            "gücləndirilməsi təklif olunur."
        ),
    }

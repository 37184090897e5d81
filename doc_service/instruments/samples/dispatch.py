"""Sample of a dispatch register: one month of the invented Coordination Group."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from doc_service.instruments.samples.people import AGENCY, CUSTOMS, FOOD, LABOUR, MINISTRY, body, secretary

_CABINET: Final = "Azərbaycan Respublikasının Nazirlər Kabineti"
_ROWS: Final = (
    ("3-21-5/KQ-TV-7/2026", "2026-11-02", "Tövsiyə", CUSTOMS, "post", "RR104523871AZ", "2026-11-03",
     "poçt bildirişi: RR104523871AZ, Dəftərxana", "2026-11-05"),
    ("3-21-5/KQ-TK-3/2026", "2026-11-04", "Təklif", MINISTRY, "courier", "K-2026/418", "2026-11-04",
     "daxilolma nömrəsi: 14-2/9921, Ümumi şöbə", "2026-11-04"),
    ("3-21-5/KQ-B-31/2026", "2026-11-10", "İclas barədə bildiriş", LABOUR, "mail", "", "2026-11-10",
     "daxilolma nömrəsi: 5-11/20381, Sənədlərlə iş şöbəsi", "2026-11-11"),
    ("3-21-5/KQ-B-32/2026", "2026-11-10", "İclas barədə bildiriş", FOOD, "mail", "", "2026-11-10", "", None),
    ("3-21-5/KQ-B-33/2026", "2026-11-10", "İclas barədə bildiriş", CUSTOMS, "mail", "", "2026-11-10",
     "daxilolma nömrəsi: 17-08/3340, Dəftərxana", "2026-11-10"),
    ("3-21-5/KQ-B-34/2026", "2026-11-10", "İclas barədə bildiriş", MINISTRY, "mail", "", "2026-11-10",
     "daxilolma nömrəsi: 14-2/10117, Ümumi şöbə", "2026-11-11"),
    ("3-21-5/KQ-G-12/2026", "2026-11-11", "İclasın gündəliyi", LABOUR, "mail", "", "2026-11-11",
     "daxilolma nömrəsi: 5-11/20412, Sənədlərlə iş şöbəsi", "2026-11-12"),
    ("3-21-5/KQ-M-17/2026", "2026-11-13", "Məktub", FOOD, "post", "RR104523902AZ", "2026-11-13",
     "poçt bildirişi: RR104523902AZ, Ümumi şöbə", "2026-11-17"),
    ("3-21-5/KQ-M-18/2026", "2026-11-16", "Məktub", _CABINET, "courier", "K-2026/431", "2026-11-17",
     "imza ilə qəbul: 1204, Sənədlər və müraciətlərlə iş şöbəsi", "2026-11-17"),
    ("3-21-5/KQ-P-12/2026", "2026-11-20", "İclasın protokolu", AGENCY, "hand", "", "2026-11-20",
     "imza ilə qəbul: 1207, Aparat", "2026-11-20"),
)  # fmt: skip


def dispatch_sample() -> dict[str, Any]:
    """Ten documents; one of them is under way."""
    return {
        "body": body(),
        "secretary": secretary(),
        "kind": "dispatch",
        "since": "2026-11-01",
        "until": "2026-11-30",
        "documents": [
            {
                "number": number,
                "dated": dated,
                "title": title,
                "sha256": hashlib.sha256(number.encode()).hexdigest(),
                "dispatched": {
                    "addressee": addressee,
                    "channel": channel,
                    "reference": reference,
                    "sent_on": sent_on,
                    "proof": proof,
                    "delivered_on": delivered_on,
                },
            }
            for number, dated, title, addressee, channel, reference, sent_on, proof, delivered_on in _ROWS
        ],
    }

"""Sample of the charter of the cluster's specialised organisation."""

from __future__ import annotations

from typing import Any

from doc_service.instruments.samples.cluster import PARTICIPANTS, SUMQAYIT, cluster, represented


def charter_sample() -> dict[str, Any]:
    """The data of ``klaster-nizamname``: as the founders' meeting of the samples approved it."""
    return {
        "cluster": cluster(),
        "name": "“Abşeron Polimer Klasteri” Assosiasiyası",
        "address": "AZ5023, Sumqayıt şəhəri, Mühəndislər prospekti 1",
        "place": SUMQAYIT,
        "approval": {"held_on": "2026-03-12", "protocol": "KL-TP-1/2026"},
        "services": [
            "texnoloji, idarəetmə, maliyyə, hüquqi və marketinq məsələləri üzrə məsləhət xidmətləri",
            "layihələrin idarə edilməsi və investisiyaların cəlb edilməsi üzrə xidmətlər",
            "məhsulların və xidmətlərin sertifikatlaşdırılmasına hazırlıq üzrə xidmətlər",
            "sərgi, konqres və kommunikasiya tədbirlərinin təşkili",
            "məlumat bazalarının yaradılması və yenilənməsi üzrə xidmətlər",
        ],
        "notice_days": 10,
        "board_members": 7,
        "board_participants": 5,
        "head_years": 3,
        "fee": 500,
        "founders": [represented(n) for n in range(1, PARTICIPANTS + 1)],
    }

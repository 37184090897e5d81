"""Sample of the founders' meeting: eight founders, seven of them present, of the cluster's twelve organisations."""

from __future__ import annotations

from typing import Any, Final

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.instruments.samples.cluster import (
    PARTICIPANTS,
    cluster,
    full_name,
    organisation,
    representative,
    represented,
)
from doc_service.instruments.samples.people import person

_ABSENT: Final = 6
_AGAINST: Final = {3: (5,)}
_ABSTAINED: Final = {2: (1,), 3: (3,)}


def founding_sample() -> dict[str, Any]:
    """The data of ``klaster-tesis-protokolu``."""
    founders = range(1, PARTICIPANTS + 1)
    return {
        "cluster": cluster(),
        "sector": "polimer materiallarının istehsalı",
        "place": "Sumqayıt şəhəri",
        "held_on": "2026-03-12",
        "participants": [{"name": full_name(n), "voen": organisation(n)["voen"]} for n in founders],
        "founders": [
            represented(n)
            | {"present": n != _ABSENT, "founding_document": f"Nizamnamə, {ordinal(2011 + n)} il, surəti"}
            for n in founders
        ],
        "chair_id": representative(1)["person"]["id"],
        "secretary": person("kl-katib", ("Bayramova", "Aytac", "Elman qızı"), full_name(9), "hüquq şöbəsinin müdiri"),
        "organisation": {
            "name": "“Abşeron Polimer Klasteri”",
            "address": "AZ5023, Sumqayıt şəhəri, Mühəndislər prospekti 1",
            "organs": ["İdarə Heyəti", "Ekspertlər Şurası"],
            "head": person(
                "kl-rehber", ("Allahverdiyev", "Nicat", "Rasim oğlu"), "“Abşeron Polimer Klasteri”", "icraçı direktor"
            ),
            "head_document": "şəxsiyyət vəsiqəsi AA 0000000",
            "fee": 500,
            "registration_months": 1,
            "documents_months": 3,
        },
        "items": [{"votes": _votes(item)} for item in range(1, 5)],
    }


def _votes(item: int) -> list[dict[str, str]]:
    return [
        {
            "voter_id": representative(n)["person"]["id"],
            "choice": "against"
            if n in _AGAINST.get(item, ())
            else "abstain"
            if n in _ABSTAINED.get(item, ())
            else "for",
        }
        for n in range(1, PARTICIPANTS + 1)
        if n != _ABSENT
    ]

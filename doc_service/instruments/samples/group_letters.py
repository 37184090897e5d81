"""Sample of the letter: the appeal that follows the sample recommendation."""

from __future__ import annotations

from typing import Any, Final

from doc_service.domain.bodies import ActKind
from doc_service.instruments.samples.acts import act_sample
from doc_service.instruments.samples.people import body, members

RECOMMENDATION_NUMBER: Final = "3-21-5/KQ-TV-4/2026"
RECOMMENDATION_DAY: Final = "2026-11-24"
RECOMMENDATION_SHA256: Final = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"


def letter_sample() -> dict[str, Any]:
    """The data of ``kq-mektub``: an appeal to the Cabinet of Ministers (001 §3.1.1)."""
    act = act_sample(ActKind.RECOMMENDATION)
    return {
        "body": body(),
        "signatory": members()[0],
        "absent_head": None,
        "kind": "appeal",
        "addressee": {"organisation": "Azərbaycan Respublikasının Nazirlər Kabineti", "post": "", "name": None},
        "reply_to": None,
        "subject": "Koordinasiya Qrupunun tövsiyəsinə əməl edilməməsi barədə",
        "text": (
            "Tövsiyədə nəzərdə tutulmuş tədbirlərin həyata keçirilməməsi nəticəsində qida məhsullarının kiçik "
            "istehsalçıları qeydiyyat zamanı digər dövlət orqanlarının informasiya sistemlərində olan sənədləri "
            "yenidən təqdim etməyə məcbur qalırlar.\n"
            "Göstərilənləri nəzərə alaraq, məsələyə baxılmasını və tövsiyənin icrasının təmin edilməsi barədə müvafiq "
            "tapşırıq verilməsini xahiş edirik."
        ),
        "recommendation": {
            "document_id": "tovsiye-2026-4",
            "number": RECOMMENDATION_NUMBER,
            "registered_on": RECOMMENDATION_DAY,
            "sha256": RECOMMENDATION_SHA256,
            "addressee": act["addressees"][0],
            "subject": act["item"]["title"],
            "term": act["term"],
            "state": "not_heeded",
            "recorded_on": "2027-02-08",
            "reason": (
                "Dövlət orqanı sənədlərin elektron mübadiləsi üçün texniki imkanların olmadığını bildirmiş, "
                "tövsiyənin icrası üçün müddət göstərməmişdir."
            ),
            "answer": {"number": "12-04/318", "dated": "2027-02-03"},
        },
        "annexes": [
            {"title": "Tövsiyənin təsdiq edilmiş surəti", "sheets": 2},
            {"title": "Dövlət orqanının cavab məktubunun surəti", "sheets": 1},
        ],
        "executor": {"name": "Əliyeva Aynurə Natiq qızı", "phone": "(012) 555-01-07"},
    }

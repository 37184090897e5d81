"""Sample of the questionnaire: the second organisation of the sample cluster, a medium producer of pipes."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import cluster, head, organisation

_PLACE: Final = 2
_FIRST_YEAR: Final = 2023
_VALUES: Final = (
    ("18.4", "20.1", "22.65", "24", "26.5", "29.2"),
    ("3.1", "3.8", "4.4", "5.2", "6.1", "7"),
    ("2.2", "2.6", "3.05", "3.6", "4.2", "5"),
    ("6.9", "7.4", "8.2", "8.9", "9.8", "10.9"),
    ("168", "174", "182", "190", "198", "210"),
    ("54", "58", "63", "70", "78", "88"),
    ("1.9", "2.05", "2.3", "2.5", "2.7", "3"),
    ("1.2", "0.9", "2.4", "3.1", "2", "1.5"),
    ("1.2", "0.9", "2.4", "2.6", "2", "1.5"),
    ("0.12", "0.15", "0.18", "0.25", "0.3", "0.35"),
    ("9.8", "10.6", "11.9", "12.4", "13.5", "14.6"),
    ("5.6", "5.9", "6.1", "5.8", "5.5", "5.2"),
    ("2", "2", "3", "4", "4", "5"),
)


def questionnaire_sample() -> dict[str, Any]:
    """The data of ``klaster-anket``."""
    return {
        "cluster": cluster(),
        "organisation": organisation(_PLACE),
        "abbreviation": "MMC",
        "kind": "medium",
        "site": "https://boru.example",
        "phone": "+994 12 555 01 02",
        "fax": "+994 12 555 01 03",
        "email": "info@boru.example",
        "contact": {
            "name": {"surname": "Nuriyev", "given": "Elnur", "patronymic": "Zaur oğlu"},
            "post": "kommersiya direktoru",
            "work_phone": "+994 12 555 01 04",
            "mobile": "+994 50 555 01 05",
            "email": "e.nuriyev@boru.example",
        },
        "agreement": "2026-cı il 16 mart tarixli KL-IS-1/2026 nömrəli saziş",
        "founding_documents": "Nizamnamə, 2009-cu il 4 iyun tarixli 1 nömrəli qərarla təsdiq edilmişdir",
        "registration_certificate": "2009-cu il 11 iyun tarixli, № 1703510218",
        "tax_certificate": "2009-cu il 15 iyun tarixli Şəhadətnamə",
        "register_extract": "2026-cı il 20 fevral tarixli 55-0318 nömrəli çıxarış",
        "extract_requested_on": "2026-02-17",
        "volume_year": 2025,
        "products": [
            {"name": "Polietilen borular (diametri 20–630 mm)", "quantity": "6240", "unit": "ton", "value": "15.8"},
            {"name": "Elektrofuziya fitinqləri", "quantity": "412000", "unit": "ədəd", "value": "5.35"},
            {"name": "Boru xətlərinin quraşdırılması", "quantity": "38", "unit": "obyekt", "value": "1.5"},
        ],
        "projects": [
            {
                "name": "Böyük diametrli boru xəttinin yaradılması",
                "participants": "“Xəzər Polimer” ASC, “Polimer Materialları İnstitutu” publik hüquqi şəxs",
                "stages": "2027-ci il: layihələndirmə və avadanlığın sifarişi.\n2028-ci il: quraşdırma və sınaq.",
                "description": "Diametri 1200 mm-dək boruların istehsalı idxalı ildə 4 min ton azaldacaq.\n"
                "Klasterin xammal istehsalçısı üçün əlavə daxili bazar yaranır.",
            }
        ],
        "statistics": {
            "first_year": _FIRST_YEAR,
            "actual_years": 3,
            "values": [list(values) for values in _VALUES],
        },
        "head": head(_PLACE),
        "seal_keeper": None,
        "place": "Xırdalan şəhəri",
    }

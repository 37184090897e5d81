"""Sample of the nomenclature of cases: the Group's own cases of the model list."""

from __future__ import annotations

from typing import Any

from doc_service.domain.retention import DEFAULT_NOMENCLATURE
from doc_service.instruments.samples.people import body, members, secretary


def nomenclature_sample() -> dict[str, Any]:
    """The data of ``isler-nomenklaturu``."""
    return {
        "body": body(),
        "signatory": members()[0],
        "absent_head": None,
        "year": 2027,
        "compiler": secretary(),
        "sections": [
            {
                "title": "Koordinasiya Qrupunun Katibliyi",
                "cases": [
                    {
                        "index": f"KQ-{number:02d}",
                        "title": DEFAULT_NOMENCLATURE[f"KQ-{number:02d}"].title,
                        "years": DEFAULT_NOMENCLATURE[f"KQ-{number:02d}"].retention.years,
                        "legal_basis": DEFAULT_NOMENCLATURE[f"KQ-{number:02d}"].legal_basis,
                        "note": "Elektron formada" if number == 1 else "",
                    }
                    for number in range(1, 12)
                ],
            },
            {
                "title": "Klaster sənədləri",
                "cases": [
                    {
                        "index": index,
                        "title": DEFAULT_NOMENCLATURE[index].title,
                        "years": DEFAULT_NOMENCLATURE[index].retention.years,
                        "legal_basis": DEFAULT_NOMENCLATURE[index].legal_basis,
                        "note": "",
                    }
                    for index in ("KL-01", "KL-02", "KL-04")
                ],
            },
        ],
    }

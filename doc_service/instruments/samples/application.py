"""Sample of the application to accede: the Sumqayıt technology park (organisation 9) joins."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from doc_service.instruments.samples.cluster import SUMQAYIT, cluster, organisation, specialised
from doc_service.instruments.samples.participation import NEWCOMER, party

_DETAILS: Final = (
    ("2014-cü il 12 may tarixli qərarla təsdiq edilmişdir, son dəyişiklik 2023-cü il 7 fevral", "nizamname.pdf"),
    ("Dövlət Vergi Xidməti, 2014-cü il 21 may, № 1401512770", "sehadetname.pdf"),
    ("Dövlət Vergi Xidməti, 2026-cı il 20 oktyabr, № 55-1207", "cixaris.pdf"),
    ("Sumqayıt şəhər Vergilər Baş İdarəsi, 2014-cü il 23 may", "voen.pdf"),
    ("İdarə Heyətinin 2025-ci il 3 mart tarixli 4 nömrəli qərarı", "selahiyyet.pdf"),
    ("2022-ci il 10 yanvar tarixli 2-k nömrəli əmr", "bas-muhasib.pdf"),
    ("2026-cı il 2 noyabr tarixli KL-AN-9/2026 nömrəli anket", "anket.pdf"),
)


def application_sample() -> dict[str, Any]:
    """The data of ``klaster-qosulma-erizesi``."""
    return {
        "cluster": cluster(),
        "specialised": specialised(),
        "applicant": party(NEWCOMER),
        "place": SUMQAYIT,
        "entrusted": {
            "name": {"surname": "Bağırova", "given": "Leyla", "patronymic": "Eldar qızı"},
            "post": "inkişaf şöbəsinin müdiri",
            "work_phone": "+994 18 555 09 01",
            "mobile": "+994 50 555 09 02",
            "fax": "",
            "email": "leyla.bagirova@park.example",
            "postal_code": "AZ5023",
        },
        "address": {
            "postal_code": "AZ5023",
            "settlement": SUMQAYIT,
            "street": "Mühəndislər prospekti",
            "flat": "",
            "building": "1",
            "organisation": organisation(NEWCOMER)["legal_address"],
        },
        "enclosures": [
            {
                "number": number,
                "details": details,
                "file": {
                    "name": name,
                    "size": 180_000 + number * 7_321,
                    "sha256": hashlib.sha256(name.encode()).hexdigest(),
                },
            }
            for number, (details, name) in enumerate(_DETAILS, 1)
        ],
    }

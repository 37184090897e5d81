"""Sample of the certified copy: of the sample protocol, for whoever asks."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.people import AGENCY, members, person

_CODE: Final = "7K3Q-9M2Z-1BCD-GH4J-K5MN"
_TIMES: Final = ("2026-11-20T13:12:04Z", "2026-11-20T13:40:51Z", "2026-11-20T14:02:37Z",
                 "2026-11-21T06:15:09Z", "2026-11-21T07:48:30Z")  # fmt: skip


def copy_sample() -> dict[str, Any]:
    """The data of ``suret`` in its electronic form."""
    people = members()[: len(_TIMES)]
    return {
        "form": "electronic",
        "issuer": {"parent": "", "name": AGENCY, "place": "Bakı şəhəri", "contact": ""},
        "original": {
            "document_id": "kq-protokol-12",
            "title": "İclasın protokolu",
            "number": "3-21-5/KQ-P-12/2026",
            "registered_on": "2026-11-20",
            "sha256": "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92",
            "size": 482113,
            "pages": 6,
            "level": "B-LTA",
            "case": "KQ-01 «Koordinasiya Qrupunun iclaslarının protokolları»",
            "restricted": False,
        },
        "signatories": [
            {"name": _full(m["person"]["name"]), "role": m["person"]["post"], "basis": "", "signed_at": at}
            for m, at in zip(people, _TIMES, strict=True)
        ],
        "checked_at": "2026-11-24T08:30:00Z",
        "certifier": person(
            "kq-katib", ("Əliyeva", "Könül", "Sabir qızı"), AGENCY, "Elektron sənəd dövriyyəsi şöbəsinin müdiri"
        ),
        "seal": {"organisation": AGENCY, "voen": "1500000001"},
        "verification": {"code": _CODE, "address": f"https://senedler.example.az/yoxla/{_CODE}"},
    }


def _full(name: dict[str, str]) -> str:
    return " ".join(part for part in (name["surname"], name["given"], name["patronymic"]) if part)

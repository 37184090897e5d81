"""Sample of the yearly programme: directions of 001 §2.1, four meetings, and measures of the secretariat."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.people import AGENCY, CUSTOMS, FOOD, MINISTRY, body, members, secretary

_SECRETARIAT: Final = "Koordinasiya Qrupunun Katibliyi"
_MEMBERS: Final = "Koordinasiya Qrupunun üzvləri"
_TAX: Final = f"{MINISTRY} yanında Dövlət Vergi Xidməti"


def _measure(title: str, starts_on: str, due_on: str, responsible: list[str], result: str) -> dict[str, Any]:
    return {"title": title, "starts_on": starts_on, "due_on": due_on, "responsible": responsible, "result": result}


def programme_sample() -> dict[str, Any]:
    """The data of ``kq-fealiyyet-proqrami``."""
    return {
        "body": body(),
        "signatory": members()[0],
        "absent_head": None,
        "year": 2027,
        "secretary": secretary(),
        "meetings": ["2027-02-18", "2027-05-20", "2027-09-16", "2027-11-18"],
        "directions": [
            {
                "title": "Dövlət orqanları (qurumları) arasında siyasətin əlaqələndirilməsi",
                "measures": [
                    _measure(
                        "KOB evlərində göstərilən xidmətlərin elektronlaşdırılması üzrə müvəqqəti işçi qrupunun "
                        "hesabatının dinlənilməsi",
                        "2027-01-01", "2027-03-31", ["Müvəqqəti işçi qrupu", _SECRETARIAT],
                        "Elektronlaşdırılacaq xidmətlərin siyahısı və təqvimi müəyyən edilir",
                    ),
                    _measure(
                        "Koordinasiya Qrupunun qəbul etdiyi tövsiyələrin icra vəziyyətinin təhlili",
                        "2027-01-01", "2027-12-31", [_SECRETARIAT],
                        "Əməl edilməmiş tövsiyələr üzrə müraciətlər hazırlanır",
                    ),
                ],
            },
            {
                "title": "Xidmətlərin təkmilləşdirilməsi ilə bağlı müzakirələr",
                "measures": [
                    _measure(
                        "Qida məhsulları istehsalçılarının qeydiyyatı qaydasının sadələşdirilməsinin müzakirəsi",
                        "2027-04-01", "2027-06-30", [FOOD, _TAX],
                        "Sahibkarlardan tələb olunan sənədlərin sayı azaldılır",
                    ),
                    _measure(
                        "Mikro sahibkarlıq subyektləri üçün sadələşdirilmiş gömrük bəyannaməsinin sınaq tətbiqinin "
                        "yekunlarına baxılması",
                        "2027-07-01", "2027-10-15", [CUSTOMS], "",
                    ),
                ],
            },
            {
                "title": "Mikro, kiçik və orta sahibkarlığa dəstək tədbirlərinə dair təşəbbüslər",
                "measures": [
                    _measure(
                        "KOB evlərinə daxil olmuş müraciət və şikayətlərin rüblük təhlili",
                        "2027-01-01", "2027-12-31", [AGENCY, _MEMBERS],
                        "Şikayətlərin səbəbləri aradan qaldırılır",
                    ),
                    _measure(
                        "Koordinasiya Qrupunun fəaliyyəti barədə illik hesabatın hazırlanması",
                        "2027-12-01", "2027-12-20", [_SECRETARIAT],
                        "Hesabat Azərbaycan Respublikasının Nazirlər Kabinetinə təqdim edilir",
                    ),
                ],
            },
        ],
    }  # fmt: skip

"""Samples of joint projects of the invented polymer cluster."""

from __future__ import annotations

from typing import Any

from doc_service.instruments.samples.cluster import cluster, full_name, specialised


def _money(*amounts: int) -> dict[str, Any]:
    return {"amounts": [str(a) for a in amounts], "total": str(sum(amounts))}


def _source(name: str, *amounts: int) -> dict[str, Any]:
    return {**_money(*amounts), "name": name}


def _target(start: int, end: int) -> dict[str, str]:
    return {"start": str(start), "end": str(end)}


def _contact(surname: str, given: str, patronymic: str, post: str, workplace: str, line: int) -> dict[str, Any]:
    return {
        "name": {"surname": surname, "given": given, "patronymic": patronymic},
        "post": post,
        "workplace": workplace,
        "phone": f"+994 12 555 02 {line:02d}",
        "email": f"layihe{line}@polimer.example",
    }


def recycling() -> dict[str, Any]:
    """Recycled granulate as the raw material of pipes, as ``ProjectData``."""
    return {
        "name": "Polimer tullantılarından ikincili qranulat istehsalı və ondan drenaj boruları üçün istifadə",
        "description": "Layihə çərçivəsində Abşeron rayonunda ildə 12 min ton gücündə çeşidləmə, yuma və "
        "qranullaşdırma xətti qurulur. Xammal klaster müəssisələrinin istehsal tullantıları və məişət "
        "tullantılarından ayrılmış polietilendir.\nİkincili qranulat drenaj borularının, kabel qoruyucularının və "
        "geomembranların istehsalında idxal olunan ilkin xammalın bir hissəsini əvəz edir. Qranulatın keyfiyyəti "
        "Polimer Materialları İnstitutunun laboratoriyasında hər partiya üzrə yoxlanılır.\nLayihə idxal xərclərini "
        "azaldır, 86 yeni iş yeri yaradır və klaster müəssisələri arasında əlavə istehsal əlaqəsi qurur.",
        "initiators": [full_name(8), full_name(2)],
        "participants": [full_name(1), full_name(6), full_name(7)],
        "recipient": full_name(8),
        "total_cost": "14700",
        "own_funds": "5800",
        "credit_expected": "6000",
        "credit_kinds": ["investment_credit", "leasing"],
        "credit_other": "",
        "term": "2027–2030-cu illər",
        "stages": [
            {"term": "2027-ci il, mart", "content": "istehsal sahəsinin tikintisi və kommunikasiyalara qoşulması",
             "amount": "4100"},
            {"term": "2028-ci il, fevral", "content": "çeşidləmə, yuma və qranullaşdırma xəttinin quraşdırılması",
             "amount": "7500"},
            {"term": "2029–2030-cu illər", "content": "boru ekstruziyası xəttinin ikincili qranulata uyğunlaşdırılması",
             "amount": "3100"},
        ],
        "payback": "5 il 4 ay",
        "readiness": ["business_plan", "financial_model", "contracts"],
        "readiness_other": "",
        "contact": _contact("İbrahimova", "Nərgiz", "Adil qızı", "direktor", full_name(8), 1),
        "financing": {
            "first_year": 2027,
            "off_budget": _money(3300, 5600, 1500, 1400),
            "initiators": [_source(full_name(8), 1200, 1600, 500, 300), _source(full_name(2), 600, 700, 400, 500)],
            "others": _money(1500, 3300, 600, 600),
            "regional": _money(600, 1500, 200, 0),
            "local": _money(200, 400, 0, 0),
            "all_sources": _money(4100, 7500, 1700, 1400),
        },
        "targets": {
            "workers": _target(214, 300),
            "productive_jobs": _target(58, 131),
            "outside_purchases": _target(9400, 6150),
            "inside_purchases": _target(0, 7800),
            "added_value": _target(6900, 11200),
            "outside_income": _target(15300, 24700),
        },
    }  # fmt: skip


def project_passport_sample() -> dict[str, Any]:
    """The data of ``birge-layihe-pasportu``."""
    return {"cluster": cluster(), "organisation": specialised(), "project": recycling()}

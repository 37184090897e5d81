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


def large_pipes() -> dict[str, Any]:
    """Pipes of large diameter and their fittings, as ``ProjectData``."""
    return {
        "name": "Diametri 800 millimetrədək təzyiqli boruların və fitinqlərin istehsalı",
        "description": "Layihə iri diametrli təzyiqli polietilen boruların və onlara uyğun elektroqaynaq fitinqlərinin "
        "klaster daxilində istehsalını təşkil edir. Boru xətti Xırdalan şəhərində, fitinqlər üçün qəlib sexi Masazır "
        "qəsəbəsində qurulur.\nXammal kimi klasterdə istehsal olunan PE100 markalı qranul istifadə edilir. Layihə su "
        "təchizatı və meliorasiya layihələrində idxal olunan boruların əvəzlənməsinə yönəldilib.",
        "initiators": [full_name(2), full_name(4)],
        "participants": [full_name(1), full_name(5), full_name(10)],
        "recipient": full_name(2),
        "total_cost": "11900",
        "own_funds": "4700",
        "credit_expected": "5200",
        "credit_kinds": ["investment_credit", "guarantee"],
        "credit_other": "",
        "term": "2027–2029-cu illər",
        "stages": [
            {"term": "2027-ci il, iyun", "content": "layihələndirmə və sahənin hazırlanması", "amount": "2600"},
            {"term": "2028-ci il, noyabr", "content": "boru xəttinin və qəlib sexinin quraşdırılması",
             "amount": "5200"},
            {"term": "2029-cu il", "content": "sınaq istehsalı, sertifikatlaşdırma və layihə gücünə çatdırılma",
             "amount": "4100"},
        ],
        "payback": "6 il",
        "readiness": ["business_plan", "estimate", "expertise"],
        "readiness_other": "texniki audit hesabatı",
        "contact": _contact("Mehdiyeva", "Səbinə", "Oqtay qızı", "direktor", full_name(2), 2),
        "financing": {
            "first_year": 2027,
            "off_budget": _money(2100, 4300, 3500),
            "initiators": [_source(full_name(2), 700, 1200, 1100), _source(full_name(4), 400, 700, 600)],
            "others": _money(1000, 2400, 1800),
            "regional": _money(300, 600, 400),
            "local": _money(200, 300, 200),
            "all_sources": _money(2600, 5200, 4100),
        },
        "targets": {
            "workers": _target(302, 371),
            "productive_jobs": _target(83, 149),
            "outside_purchases": _target(5300, 3900),
            "inside_purchases": _target(2100, 6400),
            "added_value": _target(11400, 16900),
            "outside_income": _target(35800, 49200),
        },
    }  # fmt: skip


def compounds() -> dict[str, Any]:
    """Halogen-free compounds for cables, as ``ProjectData``."""
    return {
        "name": "Halogensiz, yanğına davamlı kabel kompaundlarının birgə istehsalı",
        "description": "Layihə metro, xəstəxana və məktəb binaları üçün kabellərdə istifadə olunan halogensiz, "
        "yanğına davamlı kompaundların istehsalını nəzərdə tutur. Resepturalar Polimer Materialları İnstitutunda "
        "hazırlanır, sənaye sınaqları iki müəssisənin xətlərində aparılır.\nNəticədə kabel zavodları idxal olunan "
        "kompaundu yerli məhsulla əvəz edir, əlavələrin birgə alınması isə xərcləri azaldır.",
        "initiators": [full_name(6), full_name(5)],
        "participants": [full_name(1), full_name(10), full_name(12)],
        "recipient": full_name(6),
        "total_cost": "5900",
        "own_funds": "2600",
        "credit_expected": "2000",
        "credit_kinds": ["leasing"],
        "credit_other": "tədqiqat qrantı",
        "term": "2028–2030-cu illər",
        "stages": [
            {"term": "2028-ci il, aprel", "content": "resepturaların hazırlanması və sınağı", "amount": "1800"},
            {"term": "2029-cu il, sentyabr", "content": "kompaundlaşdırma xəttinin quraşdırılması", "amount": "2900"},
            {"term": "2030-cu il", "content": "sertifikatlaşdırma və seriyalı istehsal", "amount": "1200"},
        ],
        "payback": "4 il 6 ay",
        "readiness": ["business_plan", "financial_model"],
        "readiness_other": "",
        "contact": _contact("Qurbanov", "Azad", "Mirzə oğlu", "direktor", full_name(6), 3),
        "financing": {
            "first_year": 2028,
            "off_budget": _money(1500, 2400, 1000),
            "initiators": [_source(full_name(6), 500, 800, 400), _source(full_name(5), 300, 400, 200)],
            "others": _money(700, 1200, 400),
            "regional": _money(200, 300, 100),
            "local": _money(100, 200, 100),
            "all_sources": _money(1800, 2900, 1200),
        },
        "targets": {
            "workers": _target(206, 244),
            "productive_jobs": _target(71, 112),
            "outside_purchases": _target(3900, 2700),
            "inside_purchases": _target(1000, 2900),
            "added_value": _target(4900, 8300),
            "outside_income": _target(11100, 17600),
        },
    }  # fmt: skip

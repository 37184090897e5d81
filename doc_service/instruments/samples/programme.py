"""The sample of the development programme: the polymer cluster in 2027 to 2031."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from doc_service.instruments.samples import cluster_prose as prose
from doc_service.instruments.samples import programme_text as text
from doc_service.instruments.samples.cluster import cluster, specialised
from doc_service.instruments.samples.cluster_facts import DELIVERIES, PRODUCERS
from doc_service.instruments.samples.joint_projects import compounds, large_pipes, recycling
from doc_service.instruments.samples.registry import registry_row

_ORGANS: Final = (
    ("Üzvlərin ümumi yığıncağı", "əsas sənədlərin təsdiqi; tərkibə daxil etmə və xaric etmə; hesabatların qəbulu"),
    ("Kollegial idarəetmə orqanı", "strateji idarəetmə və nəzarət; rəhbər namizədlərinin razılaşdırılması"),
    (
        "İxtisaslaşdırılmış təşkilat",
        "metodiki, təşkilati, ekspert-analitik və informasiya dəstəyi; reyestrin aparılması",
    ),
    ("İcra hakimiyyəti orqanları", "ərazi planlaşdırmasının nəzərə alınması; monitorinq və əlaqələndirmə"),
)
_FUTURE: Final = (
    *_ORGANS,
    ("Elmi-texniki şura", "resepturaların və texniki şərtlərin müzakirəsi; tədqiqat sifarişlərinin seçilməsi"),
    ("İxrac üzrə işçi qrup", "birgə sərgilər, sertifikatlaşdırma və xarici müqavilələrin hazırlanması"),
    ("Layihə ofisi", "birgə layihələrin izlənilməsi, risklərin uçotu və hesabatlılıq"),
)


def programme_sample() -> dict[str, Any]:
    """The data of ``klaster-inkisaf-proqrami``."""
    projects = (recycling(), large_pipes(), compounds())
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "approval": {"held_on": "2026-11-06", "protocol": "3"},
        "first_year": 2027,
        "last_year": 2031,
        "passport": text.passport(),
        "present": {
            "potential": prose.PRESENT_POTENTIAL,
            "infrastructure": prose.PRESENT_INFRASTRUCTURE,
            "products": prose.each(prose.products, PRODUCERS),
            "product_table": _products("1", "1"),
            "markets": prose.each(prose.market, PRODUCERS),
            "organisation": prose.PRESENT_ORGANISATION,
            "organs": [{"name": n, "functions": f} for n, f in _ORGANS],
        },
        "goals": text.goals(),
        "prospects": {
            "potential": prose.PROSPECT_POTENTIAL,
            "infrastructure": prose.PROSPECT_INFRASTRUCTURE,
            "products": prose.each(prose.assortment, PRODUCERS),
            "product_table": _products("1.35", "1.6"),
            "markets": prose.each(prose.outlook, PRODUCERS),
            "organisation": prose.PROSPECT_ORGANISATION,
            "organs": [{"name": n, "functions": f} for n, f in _FUTURE],
        },
        "projects": [text.project(project, place) for place, project in enumerate(projects)],
        "resources": text.resources(),
        "efficiency": text.efficiency(),
        "registry": [registry_row(place) for place in range(1, 13)],
        "financing": _financing(),
        "indicators": _indicators(),
    }


def _plain(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.01")).normalize(), "f")


def _products(growth: str, inside: str) -> list[dict[str, str]]:
    final = {f.place for f in PRODUCERS if f.final}
    rows = []
    for f in PRODUCERS:
        own = [(b, Decimal(v)) for s, b, _, v in DELIVERIES if s == f.place]
        to_final = sum((v for b, v in own if b in final), Decimal(0)) * Decimal(inside)
        others = sum((v for b, v in own if b not in final), Decimal(0)) * Decimal(inside)
        rows.append(
            {
                "participant": f.name,
                "product": f.product,
                "unit": "mln. manat",
                "volume": _plain(Decimal(str(next(iter(f.figures)))) * Decimal(growth)),
                "used_by_others": _plain(others),
                "used_by_final": _plain(to_final),
            }
        )
    return rows


def _line(*amounts: int) -> dict[str, Any]:
    return {"amounts": [str(a) for a in amounts], "total": str(sum(amounts))}


def _financing() -> dict[str, Any]:
    participants, private = (4200, 6100, 5200, 3900, 2600), (1500, 2400, 2000, 1200, 900)
    institutions = (3600, 7200, 5400, 2800, 1500)
    state, regional, local = (900, 1300, 1100, 700, 500), (600, 1500, 700, 300, 200), (200, 400, 200, 100, 100)
    off = tuple(map(sum, zip(participants, private, institutions, strict=True)))
    budget = tuple(map(sum, zip(state, regional, local, strict=True)))
    return {
        "off_budget": _line(*off),
        "participants": _line(*participants),
        "private": _line(*private),
        "institutions": _line(*institutions),
        "budget": _line(*budget),
        "state": _line(*state),
        "regional": _line(*regional),
        "local": _line(*local),
        "all_sources": _line(*map(sum, zip(off, budget, strict=True))),
        "projects": [
            {**_line(4100, 7500, 1700, 1400, 0), "name": recycling()["name"]},
            {**_line(2600, 5200, 4100, 0, 0), "name": large_pipes()["name"]},
            {**_line(0, 1800, 2900, 1200, 0), "name": compounds()["name"]},
        ],
    }


def _indicators() -> list[dict[str, Any]]:
    rows = (
        ("İştirakçılar tərəfindən göndərilən məhsulun həcmi", "mln. manat", 145.3, (152, 163, 175, 187, 196)),
        ("Digər iştirakçılar tərəfindən istifadə edilən həcm", "mln. manat", 33.6, (36, 41, 46, 50, 54)),
        ("İxracın həcmi", "mln. manat", 44.6, (46, 51, 56, 61, 66)),
        ("Yaradılan əlavə dəyər", "mln. manat", 45.2, (48, 53, 58, 63, 68)),
        ("İş yerlərinin sayı", "ədəd", 1504, (1540, 1610, 1690, 1760, 1805)),
        ("Yüksək məhsuldar iş yerlərinin sayı", "ədəd", 454, (490, 560, 650, 740, 817)),
        ("Büdcəyə vergi və gömrük ödənişləri", "mln. manat", 12.4, (13, 14.2, 15.4, 16.6, 17.8)),
        ("Əsas kapitala investisiyalar", "mln. manat", 6.9, (11, 18.9, 14.6, 9, 5.8)),
        ("o cümlədən büdcədənkənar investisiyalar", "mln. manat", 5.8, (9.3, 15.7, 12.6, 7.9, 5)),
        ("Elmi tədqiqatlara və işləmələrə xərclər", "mln. manat", 0.9, (1.1, 1.4, 1.7, 2, 2.3)),
        ("Xammal və materialların alınmasına xərclərdə idxalın payı", "faiz", 28.3, (27, 25.5, 24, 22.5, 21)),
        ("Son istehsalçıların orta kooperativləşdirilmə əmsalı", "əmsal", 0.69, (0.7, 0.72, 0.74, 0.76, 0.78)),
        ("Birgə layihələrdə iştirak edən təşkilatların sayı", "ədəd", 7, (8, 9, 10, 11, 12)),
    )
    return [
        {"name": name, "unit": unit, "base": str(base), "values": [str(v) for v in values]}
        for name, unit, base, values in rows
    ]

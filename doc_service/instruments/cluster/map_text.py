"""Legends, tables and fixed wording of the functional map (003 Əlavə 7–10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from doc_service.domain.azerbaijani import sort_key
from doc_service.domain.clusters.kinds import GROUP_TITLES
from doc_service.domain.figures import figure
from doc_service.instruments.cluster.map_cooperation import (
    ROMAN,
    before_and_after,
    effect_rows,
    figures_of,
    shown,
)
from doc_service.instruments.cluster.map_data import FunctionalMapData

_A: Final = (
    "Müəssisə tərəfindən istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və xidmətlərin "
    "ümumi həcmində müəssisə tərəfindən yaradılan əlavə dəyərin payı, %"
)
_B: Final = (
    "Müəssisə tərəfindən istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və xidmətlərin "
    "ümumi həcmində sənaye klasterinin digər müəssisə-iştirakçıları tərəfindən istifadə edilən müəssisə tərəfindən "
    "istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və xidmətlərin payı, %"
)
_C: Final = (
    "Məhsulların (malların, işlərin, xidmətlərin) istehsalı və satışı üçün xammalın, materialların, satın alınmış "
    "yarımfabrikatların və komplektləşdirici məmulatların alınmasına çəkilən xərclərin ümumi həcmində müəssisənin "
    "idxal edilən xammal, materiallar, satın alınmış məmulatlara çəkilən xərclərinin payı, %"
)
_OUTSIDE: Final = (
    "Klasterin tərkibinə daxil olmayan xarici təşkilatlardan məhsulların, işlərin və xidmətlərin çatdırılması və "
    "idxalı (məhsulların, işlərin və xidmətlərin adı, onların müəssisə tərəfindən istehsal edilərək göndərilən "
    "malların və öz gücünə yerinə yetirilən işlərin və xidmətlərin ümumi həcmində payı)"
)
_KKOOP: Final = (
    "Sənaye məhsulunun son buraxılışını həyata keçirən sənaye klasteri iştirakçılarının kooperativləşdirilmə əmsalı"
)
_STAR: Final = "Azərbaycan Respublikasının ixrac əvəzi üçün sahələr üzrə planlarından məhsullar"
_STAGE: Final = "İstehsalın yenidən bölüşdürülməsi mərhələsi"

Legend = tuple[tuple[str, str], ...]

ORGANISATION: Final[Legend] = (
    ("Qalın xətli ox", "İdarəetmə əlaqəsi"),
    ("Qırıq xətli ox", "İnformasiya mübadiləsi"),
    ("Nazik xətli ox", "Təchizatçı və istehlakçı arasında istehsal əlaqəsi"),
    ("Nöqtəli ox", "İnfrastruktur dəstəyi"),
)
COOPERATION: Final[Legend] = (
    ("I", _STAGE),
    ("Ox", "İstehsal əlaqələri (məhsulun çatdırılması, işlərin görülməsi, xidmətlərin göstərilməsi), mln. manat"),
    ("A.", _A),
    ("Qırıq xətli ox", _OUTSIDE),
    ("B.", _B),
    ("Kkoop", _KKOOP),
    ("C.", _C),
    ("*", _STAR),
    ("Ç.", "Müəssisə tərəfindən yaradılan əlavə dəyərin həcmi, mln. manat"),
    (
        "D.",
        "Müəssisə tərəfindən istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və "
        "xidmətlərin həcmi, mln. manat",
    ),
    (
        "E.",
        "Müəssisənin idxal edilən xammal, materiallar, satın alınmış məmulatlara çəkilən xərclərinin məbləği, "
        "mln. manat",
    ),
    ("Narıncı başlıq", "Sənaye məhsulunun son buraxılışını həyata keçirən müəssisə (MSB)"),
)
PROJECT: Final[Legend] = (
    ("Qalın xətli ox", "Birgə layihənin maliyyələşdirilmə mənbələri"),
    ("Nazik xətli ox", "Sənaye məhsulu; birgə layihə çərçivəsində xərc növləri"),
    ("Qırıq xətli ox", "Hesabatın informasiya mübadiləsi"),
    ("Nöqtəli ox", "İnfrastruktur dəstəyi"),
)
EFFECT: Final[Legend] = (
    ("I", _STAGE),
    ("Ox", "İstehsal-texnoloji əlaqələr (məhsulun çatdırılması, işlərin görülməsi, xidmətlərin göstərilməsi)"),
    ("A.", _A),
    ("Qalın qırmızı ox", "Birgə layihənin yerinə yetirilməsi zamanı yaradılan yeni istehsal və ya "
     "istehsal-texnoloji əlaqələr"),
    ("B.", _B),
    ("Kkoop", _KKOOP),
    ("C.", _C),
    ("Ç.", "Müəssisənin işçilərinin ümumi siyahısında yüksək istehsallı iş yerlərinin payı, %"),
    (
        "D.",
        "Müəssisə tərəfindən istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və "
        "xidmətlərin ümumi həcmində istehsal edilərək ixrac edilən malların və öz gücünə yerinə yetirilən işlərin və "
        "xidmətlərin payı, %",
    ),
    ("1, 2", "Layihənin yerinə yetirilməsindən əvvəl və sonra müvafiq göstəricilər"),
)  # fmt: skip
FORMULAS: Final = (
    "A = anketin 4-cü göstəricisi / anketin 1-ci göstəricisi × 100.",
    "B = anketin 2-ci göstəricisi / anketin 1-ci göstəricisi × 100; sənaye məhsulunun son buraxılışını həyata keçirən "
    "iştirakçılar üçün hesablanmır.",
    "C = anketin 12-ci göstəricisi / anketin 11-ci göstəricisi × 100.",
    "Ç, D və E müvafiq olaraq anketin 4-cü, 1-ci və 12-ci göstəriciləridir.",
    "Kkoop = son məhsulun istehsalçısının klasterin digər iştirakçılarından aldığı məhsulların, işlərin və "
    "xidmətlərin dəyəri / anketin 11-ci göstəricisi.",
)
"""Əlavə 8 gives A to E in words and Kkoop by its name only."""


def legend_rows(legend: Legend) -> list[dict[str, str]]:
    """Two marks a row, as the form has them."""
    pairs = list(legend) + [("", "")] * (len(legend) % 2)
    return [
        {"mark": one[0], "text": one[1], "other_mark": two[0], "other_text": two[1]}
        for one, two in zip(pairs[::2], pairs[1::2], strict=True)
    ]


def places(data: FunctionalMapData) -> list[dict[str, Any]]:
    """Where the organisations are, by settlement in the order of the alphabet (003 §5.3.1)."""
    towns = sorted({o.location for o in data.organisations}, key=sort_key)
    return [
        {
            "title": town,
            "rows": [
                {"name": o.name, "kind": GROUP_TITLES[o.kind].split(" (")[0], "role": o.role}
                for o in data.organisations
                if o.location == town
            ],
        }
        for town in towns
    ]


def calculations(data: FunctionalMapData) -> list[dict[str, str]]:
    """The table of computed figures, an enterprise a row."""
    names, computed = data.names(), figures_of(data)
    rows = []
    for n, producer in enumerate(data.producers, 1):
        found = computed[producer.organisation_id]
        rows.append(
            {
                "no": str(n),
                "name": names[producer.organisation_id],
                "stage": ROMAN[producer.stage - 1],
                "a": shown(found.a),
                "b": shown(found.b),
                "c": shown(found.c),
                "added": shown(found.added, 2),
                "volume": shown(found.volume, 2),
                "imports": shown(found.imports, 2),
                "kkoop": shown(found.cooperation, 2),
            }
        )
    return rows


def deliveries(data: FunctionalMapData) -> list[dict[str, str]]:
    """The links of the scheme as a table."""
    names = data.names()
    return [
        {
            "supplier": names[d.supplier_id],
            "buyer": names[d.buyer_id],
            "goods": d.goods,
            "value": figure(Decimal(d.value)),
        }
        for d in data.deliveries
    ]


def effects(data: FunctionalMapData) -> list[dict[str, Any]]:
    """Each project's effect as a table: enterprise, figure, before, after."""
    names, final = data.names(), {p.organisation_id for p in data.producers if p.final}
    found = []
    for project in data.projects:
        rows = []
        for effect in project.effects:
            one, two = before_and_after(data, project, effect, final=effect.organisation_id in final)
            texts = effect_rows(one, two)
            rows.append(
                {
                    "name": names[effect.organisation_id],
                    "letters": [letter for letter, _, _ in texts],
                    "before": [before for _, before, _ in texts],
                    "after": [after for _, _, after in texts],
                }
            )
        found.append({"title": project.name, "rows": rows})
    return found

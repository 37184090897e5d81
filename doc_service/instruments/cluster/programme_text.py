"""What the development programme prints: blocks of text, and tables numbered through the whole document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from doc_service.domain.errors import Fault
from doc_service.domain.figures import figure
from doc_service.instruments.cluster.financing_data import (
    COLUMNS,
    AmountsData,
    amounts_row,
    financing_faults,
    year_columns,
)
from doc_service.instruments.cluster.programme_data import (
    LevelData,
    ProductData,
    ProgrammeData,
    ProgrammeFinancingData,
    ProgrammeProjectData,
)
from doc_service.instruments.cluster.project_text import project_context, project_faults
from doc_service.instruments.cluster.registry_data import data_rows, rows_faults
from doc_service.instruments.cluster.registry_rows import FOOTNOTES, printed_rows
from doc_service.instruments.wording import paragraphs

_CLAUSE: Final = "003 §5.7.6, Əlavə 12"
_LINES: Final = (
    ("1", "off_budget", "Büdcədənkənar mənbələrin vəsaitləri, o cümlədən:"),
    ("1.1", "participants", "Sənaye klasteri iştirakçılarının və infrastrukturunun vəsaitləri"),
    ("1.2", "private", "Şəxsi investisiyalar"),
    ("1.3", "institutions", "Maliyyə-kredit təşkilatlarının və inkişaf institutlarının vəsaitləri"),
    ("2", "budget", "Büdcə vəsaitləri, o cümlədən:"),
    ("2.1", "state", "Dövlət büdcəsinin vəsaitləri"),
    ("2.2", "regional", "Regional büdcə vəsaitləri"),
    ("2.3", "local", "Yerli büdcə vəsaitləri"),
    ("3", "all_sources", "Bütün maliyyələşdirmə mənbələri üzrə cəm"),
)
_SUMS: Final = {"1": ("1.1", "1.2", "1.3"), "2": ("2.1", "2.2", "2.3"), "3": ("1", "2")}


class TableNumbers:
    """Cədvəl 1, 2, 3 … in the order in which the document has them."""

    def __init__(self) -> None:
        self._last = 0

    def caption(self, title: str) -> str:
        self._last += 1
        return f"Cədvəl {self._last}. {title}"


def programme_faults(data: ProgrammeData) -> Iterator[Fault]:
    """Years, totals of annex 2, values of annex 3, registry rows, and every joint project's passport."""
    years = data.last_year - data.first_year + 1
    if not 1 <= years <= COLUMNS:
        params = {"first": data.first_year, "last": data.last_year, "most": COLUMNS}
        yield Fault("programme.period", "last_year", params)
        return
    yield from _financing_faults(data.financing, data.first_year, years)
    for n, indicator in enumerate(data.indicators):
        if len(indicator.values) != years:
            params = {"years": years, "found": len(indicator.values)}
            yield Fault("programme.indicator_years", f"indicators[{n}].values", params)
    yield from rows_faults(data.registry, "registry")
    for n, project in enumerate(data.projects):
        yield from project_faults(project.passport, f"projects[{n}].passport")
    yield from _projects_within(data)
    for section in ("present", "prospects"):
        yield from _products(getattr(data, section), section)


def _financing_faults(financing: ProgrammeFinancingData, first_year: int, years: int) -> Iterator[Fault]:
    found = len(financing.off_budget.amounts)
    if found != years:
        yield Fault("financing.years", "financing.off_budget.amounts", {"years": years, "found": found})
        return
    lines = {number: (f"financing.{name}", getattr(financing, name)) for number, name, _ in _LINES}
    lines |= {f"4.{n}": (f"financing.projects[{n - 1}]", p) for n, p in enumerate(financing.projects, 1)}
    yield from financing_faults(first_year, lines, _SUMS, _CLAUSE)


def _projects_within(data: ProgrammeData) -> Iterator[Fault]:
    """The joint projects are a part of the programme: together they cost no more (003 §5.7.5, §5.7.6)."""
    cost = sum((Decimal(p.passport.total_cost) for p in data.projects), Decimal(0))
    total = Decimal(data.financing.all_sources.total)
    if cost > total:
        params = {"cost": figure(cost), "total": figure(total)}
        yield Fault("programme.projects_exceed", "financing.all_sources.total", params)


def _products(level: LevelData, section: str) -> Iterator[Fault]:
    """What is used inside the cluster is a part of what is made (003 §5.7.2, §5.7.4)."""
    for n, product in enumerate(level.product_table):
        used = Decimal(product.used_by_others) + Decimal(product.used_by_final)
        if used > Decimal(product.volume):
            params = {"product": product.product, "used": figure(used), "volume": figure(Decimal(product.volume))}
            yield Fault("programme.used_exceeds", f"{section}.product_table[{n}].volume", params)


def programme_context(data: ProgrammeData) -> dict[str, Any]:
    """The variables of the sections and annexes; tables are numbered here, in the order of printing."""
    numbers = TableNumbers()
    years = year_columns(data.first_year, data.last_year - data.first_year + 1)
    return {
        "passport": _passport(data),
        "present": _level(data.present, numbers, "istehsalı (mövcud vəziyyət)", "mövcud"),
        "goals": {
            "swot": numbers.caption("Güclü və zəif tərəflər, inkişaf imkanları və təhlükələr"),
            "strengths": list(data.goals.strengths),
            "weaknesses": list(data.goals.weaknesses),
            "opportunities": list(data.goals.opportunities),
            "threats": list(data.goals.threats),
            "analysis": paragraphs(data.goals.analysis),
            "goals": paragraphs(data.goals.goals),
        },
        "prospects": _level(data.prospects, numbers, "istehsalının perspektivləri", "perspektiv"),
        "projects": [_project(project, numbers) for project in data.projects],
        "resources": {
            "off_budget": paragraphs(data.resources.off_budget),
            "state": paragraphs(data.resources.state),
        },
        "efficiency": {
            "planned": paragraphs(data.efficiency.planned),
            "relation": paragraphs(data.efficiency.relation),
        },
        "registry": {"rows": printed_rows(data_rows(data.registry), "", (), (), ()), "footnotes": list(FOOTNOTES)},
        "financing": {**years, "rows": _financing(data.financing)},
        "indicators": {**years, "base": f"{data.first_year - 1}", "rows": _indicators(data)},
    }


def _passport(data: ProgrammeData) -> list[dict[str, Any]]:
    passport = data.passport
    goals = ["Məqsədlər:", *(f"– {g}" for g in passport.goals), "Vəzifələr:", *(f"– {t}" for t in passport.tasks)]
    return [
        {"title": "Proqramın adı", "lines": [passport.name]},
        {"title": "Proqramın əsas hazırlayanları", "lines": list(passport.developers)},
        {"title": "Proqramın məqsəd və vəzifələri", "lines": goals},
        {
            "title": "Proqramın icra mərhələləri və müddəti",
            "lines": [f"{s.term} – {s.content}" for s in passport.stages],
        },
        {"title": "Proqramın məqsəd göstəriciləri", "lines": [f"– {t}" for t in passport.targets]},
        {"title": "Proqramın gözlənilən nəticələri", "lines": [f"– {r}" for r in passport.results]},
    ]


def _level(level: LevelData, numbers: TableNumbers, made: str, state: str) -> dict[str, Any]:
    return {
        "potential": paragraphs(level.potential),
        "infrastructure": paragraphs(level.infrastructure),
        "products": paragraphs(level.products),
        "product_caption": numbers.caption(f"Əsas növ məhsulların {made} və klasterdaxili istifadəsi"),
        "product_rows": [_product(n, p) for n, p in enumerate(level.product_table, 1)],
        "markets": paragraphs(level.markets),
        "organisation": paragraphs(level.organisation),
        "organ_caption": numbers.caption(f"İdarəetmə qurumlarının {state} əsas funksiyaları"),
        "organs": [{"name": o.name, "functions": o.functions} for o in level.organs],
    }


def _product(number: int, product: ProductData) -> dict[str, str]:
    return {
        "no": f"{number}.",
        "participant": product.participant,
        "product": product.product,
        "unit": product.unit,
        "volume": figure(Decimal(product.volume)),
        "others": figure(Decimal(product.used_by_others)),
        "final": figure(Decimal(product.used_by_final)),
    }


def _project(project: ProgrammeProjectData, numbers: TableNumbers) -> dict[str, Any]:
    passport = project_context(project.passport)
    return {
        **passport,
        "rows_caption": numbers.caption("Birgə layihənin ümumi xarakteristikası"),
        "financing_caption": numbers.caption("Birgə layihənin ehtiyat təminatı, min manat"),
        "targets_caption": numbers.caption("Birgə layihənin icrasının səmərəliliyinin məqsəd göstəriciləri"),
        "effect": paragraphs(project.effect),
        "measures": [
            {
                "name": m.name,
                "content": paragraphs(m.content),
                "responsible": m.responsible,
                "term": m.term,
                "resources": m.resources,
                "result": m.result,
            }
            for m in project.measures
        ],
        "initiators": paragraphs(project.initiators),
        "participants": paragraphs(project.participants),
        "management": paragraphs(project.management),
        "support": paragraphs(project.support),
    }


def _financing(financing: ProgrammeFinancingData) -> list[dict[str, object]]:
    rows = [amounts_row(f"{number}.", title, getattr(financing, name)) for number, name, title in _LINES]
    projects: list[tuple[str, AmountsData]] = [(p.name, p) for p in financing.projects]
    return rows + [
        amounts_row(f"4.{n}.", f"O cümlədən «{name}» birgə layihəsi üzrə", line)
        for n, (name, line) in enumerate(projects, 1)
    ]


def _indicators(data: ProgrammeData) -> list[dict[str, Any]]:
    return [
        {
            "no": f"{n}.",
            "name": indicator.name,
            "unit": indicator.unit,
            "base": figure(Decimal(indicator.base)),
            "values": [figure(Decimal(v)) for v in indicator.values] + [""] * (COLUMNS - len(indicator.values)),
        }
        for n, indicator in enumerate(data.indicators, 1)
    ]

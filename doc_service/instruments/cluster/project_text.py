"""What a joint project's passport prints, and its rules; the development programme holds the same passports (003
§5.7.5 a, Əlavə 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.errors import Fault
from doc_service.domain.figures import figure
from doc_service.instruments.cluster.financing_data import AmountsData, amounts_row, financing_faults, year_columns
from doc_service.instruments.cluster.project_data import (
    COUNTED,
    CREDIT_KINDS,
    MAX_DESCRIPTION,
    READINESS,
    ProjectData,
    TargetsData,
)
from doc_service.instruments.wording import paragraphs

TICKED, UNTICKED = "[×]", "[  ]"
"""The fonts have no boxes; these are read aloud and copied as what they are."""

_CLAUSE: Final = "003 Əlavə 11"
_OFF_BUDGET: Final = "büdcədənkənar mənbələrin vəsaitləri, o cümlədən:"
_OTHERS: Final = (
    "Klaster iştirakçısı olmayan, lakin layihənin həyata keçirilməsində iştirak edən digər təşkilatların vəsaitləri"
)
_PIECES, _MONEY = "Ədəd", "Min manat"


def ticks(choices: Mapping[Any, str], chosen: tuple[StrEnum, ...], other: str) -> list[str]:
    """Every choice of a row with its mark, and "Digər" with its text."""
    lines = [f"{TICKED if key in chosen else UNTICKED} {text}" for key, text in choices.items()]
    last = f"{TICKED} Digər: {other.strip()}" if other.strip() else f"{UNTICKED} Digər:"
    return [*lines, last]


def _lines(project: ProjectData, field: str) -> dict[str, tuple[str, AmountsData]]:
    """The lines of the financing table by number, with their fields: 1, 1.1 …, 2, 3, 4."""
    table, place = project.financing, f"{field}.financing"
    lines: dict[str, tuple[str, AmountsData]] = {"1": (f"{place}.off_budget", table.off_budget)}
    for n, source in enumerate(table.initiators, 1):
        lines[f"1.{n}"] = (f"{place}.initiators[{n - 1}]", source)
    lines[f"1.{len(table.initiators) + 1}"] = (f"{place}.others", table.others)
    rest = {"2": "regional", "3": "local", "4": "all_sources"}
    return lines | {number: (f"{place}.{name}", getattr(table, name)) for number, name in rest.items()}


def project_faults(project: ProjectData, field: str) -> Iterator[Fault]:
    """Every broken rule of the passport in ``field`` (Əlavə 11)."""
    length = len(project.description)
    if length > MAX_DESCRIPTION:
        params = {"length": length, "limit": MAX_DESCRIPTION}
        yield Fault("project.description_long", f"{field}.description", params)
    lines = _lines(project, field)
    sums = {"1": [n for n in lines if n.startswith("1.")], "4": ["1", "2", "3"]}
    yield from financing_faults(project.financing.first_year, lines, sums, _CLAUSE)
    yield from _named_alike(project, field)
    yield from _sums_of_rows(project, field)
    for name in COUNTED:
        target = getattr(project.targets, name)
        for moment in ("start", "end"):
            if Decimal(getattr(target, moment)) % 1:
                yield Fault("project.not_counted", f"{field}.targets.{name}.{moment}")


def _named_alike(project: ProjectData, field: str) -> Iterator[Fault]:
    """Rows 3 and 1.1 … name the same initiators in the same order."""
    stated, financed = project.initiators, tuple(s.name for s in project.financing.initiators)
    if stated != financed:
        params = {"stated": ", ".join(stated)[:300], "financed": ", ".join(financed)[:300]}
        yield Fault("project.initiators_differ", f"{field}.financing.initiators", params)


def _sums_of_rows(project: ProjectData, field: str) -> Iterator[Fault]:
    """Rows 6, 7 and 10 agree with the table."""
    table = project.financing
    own = sum((Decimal(s.total) for s in table.initiators), Decimal(0))
    stages = sum((Decimal(s.amount) for s in project.stages), Decimal(0))
    total = Decimal(table.all_sources.total)
    for row, name, stated, computed in (
        ("6", "total_cost", Decimal(project.total_cost), total),
        ("7", "own_funds", Decimal(project.own_funds), own),
        ("10", "stages", stages, total),
    ):
        if stated != computed:
            params = {"row": row, "stated": figure(stated), "computed": figure(computed)}
            yield Fault("project.row_differs", f"{field}.{name}", params)


def project_context(project: ProjectData) -> dict[str, Any]:
    """The variables of one passport: ``rows`` of the form, ``years``, ``financing``, ``targets``."""
    return {
        "name": project.name,
        "rows": _rows(project),
        **year_columns(project.financing.first_year, len(project.financing.all_sources.amounts)),
        "financing": _financing(project),
        "targets": targets_rows(project.targets),
    }


def _rows(project: ProjectData) -> list[dict[str, Any]]:
    """The 13 rows of the form: ``no title lines``."""
    money = {n: f"{figure(Decimal(getattr(project, n)))} min manat" for n in ("total_cost", "own_funds")}
    stages = [
        f"{ordinal(n)} mərhələ – {s.term} – {s.content} – {figure(Decimal(s.amount))} min manat"
        for n, s in enumerate(project.stages, 1)
    ]
    contact = project.contact
    rows: tuple[tuple[str, list[str]], ...] = (
        ("Layihənin adı", [project.name]),
        ("Layihənin qısa təsviri", paragraphs(project.description)),
        ("Layihənin təşəbbüskarı(ları)", list(project.initiators)),
        ("Layihənin iştirakçıları", list(project.participants)),
        ("Vəsait alan", [project.recipient]),
        ("Layihənin ümumi dəyəri", [money["total_cost"]]),
        ("Layihənin təşəbbüskarlarının şəxsi vəsaitləri", [money["own_funds"]]),
        (
            "Maliyyə-kredit təşkilatlarının gözlənilən iştirakı",
            [f"{figure(Decimal(project.credit_expected))} min manat"],
        ),
        (
            "Maliyyə-kredit təşkilatlarından tələb olunan maliyyələşdirmə növü",
            ticks(CREDIT_KINDS, project.credit_kinds, project.credit_other),
        ),
        ("Layihənin həyata keçirilmə müddəti, məzmunu və maliyyələşdirilmə mərhələləri", [project.term, *stages]),
        ("Layihənin özünü ödəmə müddəti", [project.payback]),
        (
            "Layihənin işlənmə səviyyəsi",
            ["Mövcud olan:", *ticks(READINESS, project.readiness, project.readiness_other)],
        ),
        (
            "Layihənin icrasına məsul olan şəxsin əlaqə məlumatları (SAA, vəzifəsi, iş yeri, telefonu, e-mail)",
            [contact.name.to_domain().full, contact.post, contact.workplace, contact.phone, contact.email],
        ),
    )
    return [{"no": f"{n}.", "title": title, "lines": lines} for n, (title, lines) in enumerate(rows, 1)]


def _financing(project: ProjectData) -> list[dict[str, object]]:
    table = project.financing
    own = [amounts_row(f"1.{n}.", f"{s.name} (təşəbbüskar) vəsaiti", s) for n, s in enumerate(table.initiators, 1)]
    return [
        amounts_row("1.", _OFF_BUDGET, table.off_budget),
        *own,
        amounts_row(f"1.{len(own) + 1}.", _OTHERS, table.others),
        amounts_row("2.", "Regional büdcə vəsaitləri", table.regional),
        amounts_row("3.", "Yerli büdcə vəsaitləri", table.local),
        amounts_row("4.", "Bütün maliyyələşdirmə mənbələri üzrə cəm", table.all_sources),
    ]


def targets_rows(targets: TargetsData) -> list[dict[str, str]]:
    """The six rows of the form; the titles are the schema's own."""
    rows = []
    for n, (name, described) in enumerate(TargetsData.model_fields.items(), 1):
        target = getattr(targets, name)
        rows.append(
            {
                "no": f"{n}.",
                "title": str(described.title),
                "unit": _PIECES if name in COUNTED else _MONEY,
                "start": figure(Decimal(target.start)),
                "end": figure(Decimal(target.end)),
            }
        )
    return rows

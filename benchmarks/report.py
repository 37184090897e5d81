"""What is compared with what, and what each ratio has to reach: figures of the benches in, rows of a table out.

Pure: nothing is measured here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Any]
FLAT_KB = 512.0
"""What the signing engine may still hold after thirty signatures: a fraction of one signed file."""


@dataclass(frozen=True, slots=True)
class Row:
    """``target`` and ``met`` are empty and None where nothing is promised."""

    what: str
    ours: str
    against: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else ("met" if self.met else "MISSED")


def _compared(what: str, ours: float, stock: float, wanted: float) -> Row:
    """Seconds against seconds. The ratio is judged as it is printed, so that the table explains itself."""
    ratio = round(stock / ours, 2)
    return Row(what, _seconds(ours), _seconds(stock), ratio, f">= {wanted:g}x", ratio >= wanted)


def _seconds(value: float) -> str:
    return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.1f} s"


def conversion(figures: Figures) -> list[Row]:
    what = f"DOCX to PDF/A-3b, {figures['pages']} pages | soffice --convert-to"
    return [_compared(what, figures["persistent_s"], figures["one_shot_s"], 6.0)]


def signing(figures: Figures) -> list[Row]:
    grown = figures["memory_growth_kb"]
    return [
        _compared(
            f"{figures['signatures']} visible signatures in series | stock pyHanko",
            figures["seconds_own"],
            figures["seconds_stock"],
            4.0,
        ),
        Row("  memory still held after them", f"{grown:,.1f} KB", target=f"<= {FLAT_KB:g} KB", met=grown <= FLAT_KB),
    ]


def validation(figures: Figures) -> list[Row]:
    same = bool(figures["verdicts_agree"])
    return [
        _compared(
            f"validation of {figures['signatures']} B-T signatures with changes | stock pyHanko",
            figures["our_seconds"],
            figures["stock_seconds"],
            3.0,
        ),
        Row(
            f"  the same verdicts on {figures['files_compared']} files, most of them forged",
            "same" if same else "DIFFERENT",
            target="same",
            met=same,
        ),
    ]


def audit(figures: Figures) -> list[Row]:
    return [
        Row("audit: events appended, one a transaction", _rate(figures["append_per_second_one_a_transaction"])),
        Row("audit: events appended, in hundreds", _rate(figures["append_per_second_in_hundreds"])),
        Row("audit: events given their places", _rate(figures["sequence_per_second"])),
        Row("audit: events verified against the checkpoint", _rate(figures["verify_per_second"])),
        Row("audit: events verified from the export alone", _rate(figures["offline_verify_per_second"])),
        Row("audit: one inclusion proof", f"{figures['proof_ms']:,.1f} ms"),
    ]


def _rate(value: float) -> str:
    return f"{value:,.0f} /s"


def path(figures: Figures) -> list[Row]:
    rows = [Row("whole path, best way on this machine", f"{figures['documents_per_minute']:,.1f} /min")]
    for name, way in figures["ways"].items():
        words = name.replace("_", " ")
        rows.append(Row(f"  {words}, peak {way['peak_rss_mb']} MB", f"{way['documents_per_minute']:,.1f} /min"))
    stages = figures["ways"]["one_worker"]["seconds_per_stage"]
    rows += [Row(f"  one worker, a document: {stage}", _seconds(seconds)) for stage, seconds in stages.items()]
    rows.append(Row("  one worker, a signature", f"{figures['ways']['one_worker']['ms_per_signature']:,.0f} ms"))
    return rows


READERS: Mapping[str, Callable[[Figures], list[Row]]] = {
    "conversion": conversion,
    "signing": signing,
    "validation": validation,
    "audit": audit,
    "path": path,
}
"""By bench: its figures as rows. The order is that of the run."""


def table(rows: Sequence[Row]) -> list[str]:
    """Lines of equal columns; what stands after "|" in a row's text is what it is compared with."""
    head = ("measured | against", "ours", "against", "ratio", "target", "verdict")
    cells = [head] + [
        (r.what, r.ours, r.against, "" if r.ratio is None else f"{r.ratio:.2f}x", r.target, r.verdict) for r in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [_line(row, widths) for row in cells]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = [
        text.ljust(width) if not place else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join((first, *rest)).rstrip()

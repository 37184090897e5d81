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


def registry(figures: Figures) -> list[Row]:
    rows, seconds = figures["rows"], figures["ours_s"]
    whole = rows >= 5_000
    largest = max(figures["service_peak_mb"], figures["converter_peak_mb"])
    return [
        _compared(
            f"registry of {rows:,} rows, data to PDF | one table, soffice --convert-to",
            seconds, figures["stock_s"], 12.0,
        ),
        Row("  seconds", _seconds(seconds), target="<= 15 s" if whole else "", met=seconds <= 15 if whole else None),
        Row(
            f"  memory of the largest process (service {figures['service_peak_mb']} MB)",
            f"{largest} MB", target="<= 600 MB", met=largest <= 600,
        ),
    ]  # fmt: skip


def instruments(figures: Figures) -> list[Row]:
    count, slowest = len(figures["instruments"]), figures["slowest_s"]
    return [
        Row(
            f"samples of {count} instruments, data to PDF | each by soffice --convert-to",
            _seconds(figures["ours_s"]), _seconds(figures["stock_s"]), figures["ratio"],
        ),
        Row(
            f"  the slowest but for programme and map ({figures['slowest']})",
            _seconds(slowest), target="<= 250 ms", met=slowest <= 0.25,
        ),
    ]  # fmt: skip


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


def workers(figures: Figures) -> list[Row]:
    rows = []
    for count, way in figures["workers"].items():
        for kind, signatures in (("protocol", 12), ("notice", 1)):
            found = way[kind]
            what = f"{count} workers, production parts, {signatures} signatures, to both archives"
            rows.append(Row(what, f"{found['documents_per_minute']:,.1f} /min"))
            rows.append(Row("  registered to archived, median and p95", _span(found)))
            rows.append(Row("  processor a document, all parts", _seconds(found["processor_seconds_all"])))
    for name in ("embedded", "naive"):
        rows.append(Row(f"12 signatures, {name}", f"{figures[name]['documents_per_minute']:,.1f} /min"))
    return rows


def _span(found: Figures) -> str:
    return f"{found['registered_to_archived_p50_s']:.1f} s, {found['registered_to_archived_p95_s']:.1f} s"


def ceilings(figures: Figures) -> list[Row]:
    rows = [Row(f"ceiling: {_words(name)}", _rate(value)) for name, value in figures.items() if name.endswith("per_s")]
    rows += [Row(f"ceiling: audit on PostgreSQL, {_words(name)}", _rate(value))
             for name, value in figures["audit"].items() if name.endswith("per_second")]  # fmt: skip
    return rows


def scale(figures: Figures) -> list[Row]:
    rows = []
    for table, found in figures["load"]["sizes"].items():
        size = (found["table_bytes"] + sum(found["indexes"].values())) / 1e6
        rows.append(Row(f"size of {table}, {found['rows']:,} rows", f"{size:,.0f} MB"))
    for name, found in figures["questions"].items():
        if isinstance(found, Mapping) and "warm_ms" in found:
            rows.append(Row(f"asked for: {_words(name)}", f"{found['warm_ms']:,.1f} ms"))
    for size, found in figures["tree"]["proofs"].items():
        rows.append(Row(f"inclusion proof at {int(size):,} events", f"{found['inclusion_ms']:,.1f} ms"))
    rows.append(Row("dump", _seconds(figures["backup"]["dump_s"])))
    rows.append(Row("restore", _seconds(figures["backup"]["restore_s"])))
    return rows


def reserve(figures: Figures) -> list[Row]:
    rows = [Row(f"reserve centre (files): {_words(n)}", _rate(v)) for n, v in figures.items() if n.endswith("per_s")]
    rows += [Row(f"reserve centre (files): {_words(name)}, {figures['objects']:,.0f} objects", _seconds(figures[name]))
             for name in ("compare_s", "compare_deep_s")]  # fmt: skip
    return rows


def remote(figures: Figures) -> list[Row]:
    """The stock way has no certificate check, archive, record or journal; it is what one's own process would do."""
    ours, limit = figures["use_cases"], figures["wanted_p95_ms"]
    stock, http = figures["stock_noto"], figures["http"]
    form = f"{figures['pages']} pages, {figures['fields']} fields"
    held = ours["p95_ms"] <= limit
    rows = [
        Row(f"prepare + complete, {form}, p95", f"{ours['p95_ms']:,.0f} ms", target=f"<= {limit:g} ms", met=held),
        Row(
            "  median | stock pyHanko in its own process, the same text in Noto Sans",
            _milliseconds(ours["p50_ms"]), _milliseconds(stock["p50_ms"]), round(stock["p50_ms"] / ours["p50_ms"], 2),
        ),
        Row(
            "  median | stock pyHanko, its default stamp and font",
            _milliseconds(ours["p50_ms"]), _milliseconds(figures["stock_default"]["p50_ms"]),
            round(figures["stock_default"]["p50_ms"] / ours["p50_ms"], 2),
        ),
        Row("  over HTTP, median and p95", f"{http['p50_ms']:,.0f} ms, {http['p95_ms']:,.0f} ms"),
        Row("  over HTTP, processor of the served process", _milliseconds(http["processor_ms"])),
    ]  # fmt: skip
    told = figures["announce"]
    return [*rows, Row("  the job that announces it, median and p95", _pair(told["whole"]))]


def crowd(figures: Figures) -> list[Row]:
    rows = []
    for name, words in (("at_once", "at once"), ("paced", "five a second")):
        found = figures[name]
        rows.append(
            Row(f"{figures['persons']} persons, a document each, {words}", f"{found['signatures_per_second']:,.1f} /s")
        )
        rows.append(Row("  prepare + complete over HTTP, median and p95", _pair(found)))
    return [
        *rows,
        Row("  processor of the served process, a signature", _milliseconds(figures["processor_ms_per_signature"])),
    ]


def streams(figures: Figures) -> list[Row]:
    heard = figures["listeners"]
    return [
        Row(f"{heard:,} event streams: commit to receipt, ten hear it, median and p95", _pair(figures["spread"])),
        Row("  all of them hear it, median and p95", _pair(figures["one"])),
        Row("  memory of the served process", f"{figures['memory_mb']:,.0f} MB"),
        Row("  memory of one stream", f"{figures['kb_per_listener']:,.0f} KB"),
        Row("  questions to the database", f"{figures['polls_per_second']:,.1f} /s"),
    ]


def _pair(found: Figures) -> str:
    return f"{found['p50_ms']:,.0f} ms, {found['p95_ms']:,.0f} ms"


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms"


def _words(name: str) -> str:
    return name.removesuffix("_per_s").removesuffix("_per_second").removesuffix("_s").replace("_", " ")


READERS: Mapping[str, Callable[[Figures], list[Row]]] = {
    "conversion": conversion,
    "instruments": instruments,
    "registry": registry,
    "signing": signing,
    "validation": validation,
    "audit": audit,
    "path": path,
    "reserve": reserve,
    "remote": remote,
    "crowd": crowd,
    "streams": streams,
    "workers": workers,
    "ceilings": ceilings,
    "scale": scale,
}
"""By bench: its figures as rows. The order is that of the run."""

ONLY_BY_NAME = ("scale",)
"""Half an hour and 15 GB."""


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

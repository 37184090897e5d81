"""Progress of the demonstration: a live line on a terminal, whole lines for a log or another program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Watch = Callable[[str, int, int], None]
STAGE_TITLES = {
    "people": "Heyət, jurnal, açarlar",
    "convene": "Bildiriş",
    "hold": "İclas",
    "draft": "Layihə və yoxlama",
    "visa": "Viza",
    "register": "Qeydiyyat",
    "render": "PDF/A-3b",
    "sign": "İmzalama",
    "extend": "B-LTA",
    "archive": "Arxiv",
    "audit": "Audit nəzarət nöqtəsi",
    "evidence": "Sübut paketi",
    "pages": "Səhifələr",
}


@contextmanager
def progress(console: Console, say: Callable[[str], None]) -> Iterator[Watch]:
    """A function to tell of every step (stage, done, total); total 0: the stage begins. Without a terminal each step
    is a line "stage done/total", written at once."""
    if not console.is_terminal:
        yield lambda stage, done, total: say(f"{stage} {done}/{total or 1}")
        return
    with console.status("") as status:

        def watch(stage: str, done: int, total: int) -> None:
            steps = f" {done}/{total}" if total > 1 else ""
            status.update(f"{STAGE_TITLES[stage]}{steps}")
            if done == total == 1:
                console.print(f"✓ {STAGE_TITLES[stage]}", highlight=False)

        yield watch

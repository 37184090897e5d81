"""Runs the stages with times, then leaves the results in a directory."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doc_service.bootstrap import Container
from doc_service.demo.scenario import DOCUMENT_ID
from doc_service.demo.stages import Stages
from doc_service.services.verification_view import verification_view

Watch = Callable[[str, int, int], None]


@dataclass(slots=True)
class DemoRun:
    """One run into ``out``. ``watch(stage, done, total)`` is told of every step; total 0 means unknown."""

    service: Container
    stages: Stages
    out: Path
    watch: Watch
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self) -> dict[str, Any]:
        """All stages; returns what ``summary.json`` holds."""
        stages = self.stages
        for name in (
            "people", "convene", "hold", "draft", "visa", "register", "render", "sign", "extend", "archive",
        ):  # fmt: skip
            self._timed(name, getattr(stages, name))
        self._timed("audit", lambda tick: self.service.audit.checkpoint())
        evidence = self.out / "evidence"
        self._timed("evidence", lambda tick: self._evidence(evidence))
        pages: list[Path] = []
        self._timed("pages", lambda tick: pages.extend(self._pages()))
        summary = self._summary(evidence, pages)
        write_json(self.out / "summary.json", summary)
        return summary

    def _timed(self, name: str, run: Callable[[Callable[[int, int], None]], object]) -> None:
        self.watch(name, 0, 0)
        start = time.perf_counter()
        run(lambda done, total: self.watch(name, done, total))
        self.seconds[name] = round(time.perf_counter() - start, 3)
        self.watch(name, 1, 1)

    def _evidence(self, evidence: Path) -> None:
        """Makes the package beside its place and moves it there whole."""
        fresh = evidence.with_name(".evidence.new")
        for leftover in (fresh, evidence):
            shutil.rmtree(leftover, ignore_errors=True)
        self.service.use_cases.export_evidence(DOCUMENT_ID, fresh)
        fresh.rename(evidence)
        shutil.copyfile(evidence / "final.pdf", self.out / "protokol.pdf")

    def _pages(self) -> list[Path]:
        paths = []
        for number, png in enumerate(self.service.pages_png((self.out / "protokol.pdf").read_bytes(), 110), 1):
            path = self.out / f"protokol-{number:02d}.png"
            path.write_bytes(png)
            paths.append(path)
        return paths

    def _summary(self, evidence: Path, pages: list[Path]) -> dict[str, Any]:
        final = self.out / "protokol.pdf"
        view = verification_view(self.service.verify(final.read_bytes()))
        document = self.stages.document()
        assert document.registration is not None
        audit = dict(self.service.audit.verify())
        return {
            "instrument": document.instrument,
            "document_id": document.id,
            "number": document.registration.number,
            "registered_on": document.registration.registered_on.isoformat(),
            "state": str(document.state),
            "final_pdf": str(final),
            "sha256": view.sha256,
            "revisions": [str(p) for p in sorted((evidence / "revisions").iterdir())],
            "evidence": str(evidence),
            "pages": [str(p) for p in pages],
            "signatures": {"count": self.stages.signatures(), "level": view.level},
            "verification": {
                "valid": view.valid,
                "findings": [f.code for f in view.findings],
                "development": view.development,
            },
            "audit": audit,
            "stage_seconds": self.seconds,
        }


def write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")

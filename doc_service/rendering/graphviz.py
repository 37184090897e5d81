"""Graphviz as a hostile neighbour (DESIGN 15): one short process a diagram, which may read its program and fonts only.

A DOT text can name image files, style sheets and plug-ins. The source is ours and its labels are escaped; should one
ever get through, the process has no file, no network, little memory and little time.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import doc_service
from doc_service.domain.errors import DomainError

_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from doc_service.rendering.officehost.draw import main; main()"
)
_ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "SERVER_NAME": "doc-service",
}  # fmt: skip
"""``SERVER_NAME`` without ``GV_FILE_PATH``: Graphviz then opens no file that a DOT text names."""
MAX_SOURCE = 4 << 20


@dataclass(frozen=True, slots=True)
class GraphvizSettings:
    """How ``dot`` is run. Seconds and bytes; ``prefix``: command in front of it (see ``isolation.network_prefix``);
    ``confine``: use Landlock where the kernel has it."""

    program: Path = Path("/usr/bin/dot")
    python: Path = Path("/usr/bin/python3")
    prefix: tuple[str, ...] = ()
    confine: bool = True
    timeout: float = 30.0
    memory: int = 1 << 30
    output: int = 32 << 20


class GraphvizDiagrams:
    """``DiagramRenderer`` by the engine ``dot``."""

    def __init__(self, settings: GraphvizSettings) -> None:
        self._settings = settings

    def svg(self, source: str) -> bytes:
        """As ``DiagramRenderer.svg``; what comes out is not yet cleaned (``svg.clean_svg``)."""
        text = source.encode()
        if len(text) > MAX_SOURCE:
            raise DomainError("diagram.failed", reason="the description of the diagram is too large")
        settings = self._settings
        options = {
            "program": str(settings.program),
            "confine": settings.confine,
            "memory": settings.memory,
            "output": settings.output,
            "seconds": int(settings.timeout) + 1,
        }
        root = str(Path(doc_service.__file__).parent.parent)
        command = [*settings.prefix, str(settings.python), "-I", "-B", "-c", _BOOT, root, json.dumps(options)]
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                cwd="/", env=dict(_ENVIRONMENT), start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise DomainError("diagram.failed", reason=f"Graphviz does not run: {error}") from error
        return self._answer(process, text)

    def _answer(self, process: subprocess.Popen[bytes], text: bytes) -> bytes:
        try:
            out, complaints = process.communicate(text, timeout=self._settings.timeout)
        except subprocess.TimeoutExpired as error:
            raise DomainError("diagram.timeout", seconds=int(self._settings.timeout)) from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.communicate()
        if process.returncode != 0 or b"</svg>" not in out:
            reason = complaints.decode(errors="replace").strip()[-300:] or f"it ended with {process.returncode}"
            raise DomainError("diagram.failed", reason=reason)
        return out

"""Asks the person in a small window instead of the terminal.

Each window is a process of its own (``python -m doc_service.agent.window``): Tk wants the main thread, and a window
that is not answered is closed with its process. Question and answer are one line of JSON on the pipes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doc_service.agent.approvals import ANSWER_WITHIN
from doc_service.agent.confirm import Confirmer, ShownDocument, printable
from doc_service.domain.errors import DomainError
from doc_service.messages.catalog import LANGUAGES, Catalog

_LIMIT = 20


@dataclass(frozen=True, slots=True)
class WindowConfirmer:
    """Questions in windows, closed after ``seconds``; messages where ``terminal`` shows them."""

    terminal: Confirmer
    seconds: float = ANSWER_WITHIN

    def show_code(self, origin: str, code: str) -> None:
        self.terminal.show_code(origin, code)
        text = _texts("agent.show_code", origin=origin, code=f"{code[:4]} {code[4:]}")
        self._start({"kind": "tell", "text": text, "details": []})

    def agrees(self, origin: str, documents: Sequence[ShownDocument]) -> bool:
        details = [f"{n}. {printable(d.name)}\n    SHA-256 {d.sha256}" for n, d in enumerate(documents, 1)]
        text = _texts("agent.asks_to_sign", origin=origin, count=len(documents))
        return self._asked({"kind": "agree", "text": text, "details": details}) is True

    def agrees_log_in(self, origin: str) -> bool:
        text = _texts("agent.asks_log_in", origin=origin)
        return self._asked({"kind": "agree", "text": text, "details": []}) is True

    def pin(self, label: str) -> str | None:
        answer = self._asked({"kind": "pin", "text": f"PIN ({printable(label, 60)})", "details": []})
        return answer if isinstance(answer, str) and answer else None

    def tell(self, code: str, /, **params: str | int) -> None:
        self.terminal.tell(code, **params)

    def _asked(self, question: dict[str, Any]) -> object:
        window = self._start(question)
        try:
            out, _ = window.communicate(timeout=self.seconds)
        except subprocess.TimeoutExpired:
            window.kill()
            window.communicate()
            return None
        try:
            return json.loads(out)["answer"]
        except (ValueError, KeyError, TypeError):
            return None

    def _start(self, question: dict[str, Any]) -> subprocess.Popen[str]:
        window = subprocess.Popen(
            [sys.executable, "-m", "doc_service.agent.window"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert window.stdin is not None
        window.stdin.write(json.dumps(question | {"seconds": self.seconds}) + "\n")
        window.stdin.flush()
        return window


def require_display() -> None:
    """Raises ``DomainError`` "agent.no_display" (reason) where no window can be shown."""
    try:
        import tkinter

        tkinter.Tk().destroy()
    except (ImportError, RuntimeError) as error:
        raise DomainError("agent.no_display", "window", reason=str(error)) from None
    except tkinter.TclError as error:
        raise DomainError("agent.no_display", "window", reason=str(error)) from None


def _texts(code: str, /, **params: str | int) -> str:
    return "\n\n".join(Catalog(language).text(code, params) for language in LANGUAGES)


def show(question: dict[str, Any]) -> object:
    """The window itself: True, the PIN, or None when it was closed. Enter alone agrees to nothing."""
    import tkinter

    answer: list[object] = []
    root = tkinter.Tk()
    root.title("doc-service")
    root.attributes("-topmost", True)
    tkinter.Label(root, text=question["text"], justify="left", wraplength=640, padx=16, pady=12).pack(anchor="w")
    details = question["details"]
    if details:
        listed = tkinter.Text(root, height=min(2 * len(details), _LIMIT), width=90, takefocus=False)
        listed.insert("1.0", "\n".join(details))
        listed.configure(state="disabled")
        listed.pack(padx=16)
    entry = tkinter.Entry(root, show="•") if question["kind"] == "pin" else None

    def yes() -> None:
        answer.append(entry.get() if entry is not None else True)
        root.destroy()

    if entry is not None:
        entry.pack(padx=16, pady=4)
        entry.bind("<Return>", lambda _: yes())
        entry.focus_force()
    _buttons(root, question["kind"], yes)
    root.after(int(question["seconds"] * 1000), root.destroy)
    root.mainloop()
    return answer[0] if answer else None


def _buttons(root: Any, kind: str, yes: Any) -> None:
    import tkinter

    row = tkinter.Frame(root)
    row.pack(pady=12)
    if kind != "tell":
        both = " / ".join(Catalog(language).text(f"agent.button_{kind}") for language in LANGUAGES)
        tkinter.Button(row, text=both, name="yes", command=yes).pack(side="left", padx=8)
    both = " / ".join(Catalog(language).text("agent.button_close") for language in LANGUAGES)
    tkinter.Button(row, text=both, name="no", command=root.destroy).pack(side="left", padx=8)


if __name__ == "__main__":
    json.dump({"answer": show(json.loads(sys.stdin.readline()))}, sys.stdout)

"""How the agent speaks with the person in front of it: shows codes and documents, asks for agreement and PIN."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from typing import Protocol, TextIO

from doc_service.messages.catalog import LANGUAGES, Catalog

SHOWN = 200
_AGREED = frozenset({"y", "yes", "b", "bəli", "beli"})


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """``sha256``: of the bytes that the person read; ``request``: the signature request."""

    request: str
    name: str
    sha256: str


class Confirmer(Protocol):
    """Each call may wait for the person as long as it takes; the caller judges whether the answer came in time."""

    def show_code(self, origin: str, code: str) -> None: ...

    def agrees(self, origin: str, documents: Sequence[ShownDocument]) -> bool: ...

    def agrees_log_in(self, origin: str) -> bool: ...

    def pin(self, label: str) -> str | None:
        """None when the person gives none."""
        ...

    def tell(self, code: str, /, **params: str | int) -> None:
        """A message; no answer is awaited."""
        ...


def printable(text: str, limit: int = SHOWN) -> str:
    """``text`` of others made safe to show: no control or direction-changing characters, which could hide or forge
    what stands on the screen, and not longer than ``limit``."""
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


class TerminalConfirmer:
    """The terminal that the agent was started in. What was typed before a question is no answer to it."""

    def __init__(
        self,
        source: TextIO = sys.stdin,
        out: TextIO = sys.stderr,
        ask_pin: Callable[[str], str] | None = None,
    ) -> None:
        self._in = source
        self._out = out
        self._ask_pin = ask_pin or (lambda text: getpass(text, stream=out))

    def show_code(self, origin: str, code: str) -> None:
        self.tell("agent.show_code", origin=origin, code=f"{code[:4]} {code[4:]}")

    def agrees(self, origin: str, documents: Sequence[ShownDocument]) -> bool:
        self.tell("agent.asks_to_sign", origin=origin, count=len(documents))
        for number, document in enumerate(documents, 1):
            self._line(f"  {number}. {printable(document.name)}")
            self._line(f"     SHA-256 {document.sha256}")
        return self._yes("agent.agree")

    def agrees_log_in(self, origin: str) -> bool:
        self.tell("agent.asks_log_in", origin=origin)
        return self._yes("agent.agree_log_in")

    def pin(self, label: str) -> str | None:
        _discard_typed(self._in)
        try:
            return self._ask_pin(f"PIN ({printable(label, 60)}): ") or None
        except (EOFError, KeyboardInterrupt):
            return None

    def tell(self, code: str, /, **params: str | int) -> None:
        for language in LANGUAGES:
            self._line(f"{language}: {Catalog(language).text(code, params)}")

    def _yes(self, question: str) -> bool:
        _discard_typed(self._in)
        self._out.write(" / ".join(Catalog(language).text(question) for language in LANGUAGES) + " ")
        self._out.flush()
        return self._in.readline().strip().casefold() in _AGREED

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()


@contextmanager
def terminal_kept(source: TextIO = sys.stdin) -> Iterator[None]:
    """Leaves the terminal as it was, also when the program ends in the middle of a hidden PIN."""
    try:
        import termios

        before = termios.tcgetattr(source.fileno()) if source.isatty() else None
    except ImportError:
        before = None
    try:
        yield
    finally:
        if before is not None:
            termios.tcsetattr(source.fileno(), termios.TCSADRAIN, before)


def _discard_typed(source: TextIO) -> None:
    """Throws away what waits in the terminal's buffer; elsewhere (a pipe) everything is on purpose."""
    if not source.isatty():
        return
    try:
        import termios

        termios.tcflush(source.fileno(), termios.TCIFLUSH)
    except ImportError:
        import msvcrt

        while msvcrt.kbhit():  # type: ignore[attr-defined]
            msvcrt.getwch()  # type: ignore[attr-defined]

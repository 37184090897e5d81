"""The open key of the localhost service: PIN asked once, the key closed when its time is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from doc_service.agent.confirm import Confirmer
from doc_service.agent.keys import KeySource
from doc_service.domain.errors import ConflictError, DomainError
from signing.api import SigningError, SigningKey

WRONG_PINS = 2
"""Tokens lock after three: the agent never spends the last try for a page."""


class HeldKey:
    """Keeps the key open for at most ``seconds`` after the PIN was given, and the PIN itself not at all."""

    def __init__(self, source: KeySource, confirmer: Confirmer, seconds: float) -> None:
        self._source = source
        self._confirmer = confirmer
        self._seconds = seconds
        self._turn = threading.RLock()
        self._key: SigningKey | None = None
        self._timer: threading.Timer | None = None
        self._wrong = 0

    @property
    def label(self) -> str:
        return self._source.label

    @property
    def is_open(self) -> bool:
        return self._key is not None

    @contextmanager
    def use(self, *, may_ask: bool) -> Iterator[SigningKey]:
        """The open key, for one caller at a time; it is not closed meanwhile.

        Raises ``ConflictError`` "agent.locked" when it is closed and ``may_ask`` is False, "agent.declined" when the
        person gives no PIN, ``DomainError`` "agent.pin_stopped", and what opening a key raises."""
        with self._turn:
            if self._key is None:
                if not may_ask:
                    raise ConflictError("agent.locked", "")
                self._open()
            assert self._key is not None
            yield self._key

    def _open(self) -> None:
        if self._wrong >= WRONG_PINS:
            raise DomainError("agent.pin_stopped", "", count=WRONG_PINS)
        pin = self._confirmer.pin(self._source.label)
        if pin is None:
            raise ConflictError("agent.declined", "")
        try:
            key = self._source.open(pin)
        except SigningError as error:
            self._wrong += error.code == "signing.wrong_pin"
            raise
        self._wrong = 0
        self._key = key
        self._timer = threading.Timer(self._seconds, self.close)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        """Logs out; safe to call at any time. Waits for a signature that is being made."""
        with self._turn:
            self._close()

    def abandon(self, seconds: float = 2.0) -> None:
        """At the end of the program: as ``close``, but a question that nobody answers does not hold it up."""
        if self._turn.acquire(timeout=seconds):
            try:
                self._close()
            finally:
                self._turn.release()

    def _close(self) -> None:
        key, self._key = self._key, None
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if key is not None:
            key.close()

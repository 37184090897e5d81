"""Probes that need nothing but a function or an address; those of single adapters are wired in ``bootstrap``."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from doc_service.observability.health import Probe

_PORTS = {"http": 80, "https": 443}


def answers(ask: Callable[[], bool], reason: str = "no_answer") -> Probe:
    """Well when ``ask`` says True."""
    return lambda: None if ask() else reason


def listens(url: str, seconds: float = 2.0) -> Probe:
    """Well when somebody accepts a connection at the host and port of ``url``: for a time-stamping authority, which
    counts requests, and sometimes bills them."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 443)

    def probe() -> None:
        with socket.create_connection((parts.hostname or "", port), timeout=seconds):
            return

    return probe


def agrees(
    here: Callable[[], datetime], there: Callable[[], datetime], longest: timedelta = timedelta(seconds=5)
) -> Probe:
    """Well when this machine's clock is no further than ``longest`` from another's, e.g. the database's: signing times
    and leases rest on it. What the question took is given as leeway. A clock that nobody could be asked about is not
    wrong: the database has a check of its own."""

    def probe() -> str | None:
        before = here()
        try:
            other = there()
        except OSError:
            return None
        after = here()
        if after < before:
            return "clock.went_back"
        return None if before - longest <= other <= after + longest else "clock.differs"

    return probe


def not_before(here: Callable[[], datetime], built: datetime) -> Probe:
    """Well when the clock is not before ``built``: a machine without a battery comes up in 1970."""
    return lambda: None if here() >= built else "clock.in_the_past"


def kept(probe: Probe, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> Probe:
    """A good answer counts for ``seconds``: for probes that cost, such as starting a program. A bad one is asked
    again."""
    good_until = float("-inf")

    def asked() -> str | None:
        nonlocal good_until
        if monotonic() < good_until:
            return None
        reason = probe()
        if reason is None:
            good_until = monotonic() + seconds
        return reason

    return asked

"""The machine's own clock and identifiers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime


class SystemClock:
    """``Clock`` of the machine, UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """``Ids``: random UUIDs (RFC 9562, version 4)."""

    def new(self) -> str:
        return str(uuid.uuid4())

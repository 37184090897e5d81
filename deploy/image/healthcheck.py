"""Whether this container's process works, for the engine's health check.

The API answers at ``DOC_SERVICE_HEALTH_URL``. Worker and beat have no port that must be open: they touch
``DOC_SERVICE_ALIVE_FILE`` every few seconds from their own loop, and one that hangs stops doing so.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

URL = os.environ.get("DOC_SERVICE_HEALTH_URL") or "http://127.0.0.1:8000/health/live"
ALIVE = os.environ.get("DOC_SERVICE_ALIVE_FILE")
OLDEST = 30.0
"""Seconds."""

try:
    if ALIVE:
        age = time.time() - Path(ALIVE).stat().st_mtime
        sys.exit(f"{ALIVE} was touched {age:.0f} s ago" if age > OLDEST else 0)
    with urllib.request.urlopen(URL, timeout=4) as answer:  # noqa: S310 (the operator's own address)
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(f"{ALIVE or URL}: {error}")

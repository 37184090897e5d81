"""``python -m benchmarks.counted_service FILE``: serves as ``doc-service up`` does, and counts what its streams ask of
the database; on SIGUSR1 the counts so far go to FILE."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from doc_service.api.app import create_app
from doc_service.bootstrap import open_container
from doc_service.cli.serve import listening
from doc_service.settings import Settings


class CountedFeed:
    """A feed that counts its calls and their seconds."""

    def __init__(self, feed: Any) -> None:
        self._feed = feed
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        asked = getattr(self._feed, name)

        def counted(*arguments: Any) -> Any:
            start = time.perf_counter()
            try:
                return asked(*arguments)
            finally:
                with self._lock:
                    self.calls[name] += 1
                    self.seconds[name] += time.perf_counter() - start

        return counted


def main() -> None:
    target = Path(sys.argv[1])
    settings = Settings()
    with listening(settings.host, settings.port) as listener, open_container(settings) as service:
        service.start()
        app = create_app(service)
        hub = app.state.api.hub
        feed = CountedFeed(hub.feed)
        hub.feed = feed
        began = time.monotonic()

        def tell(number: int, frame: FrameType | None) -> None:
            told = {
                "calls": dict(feed.calls),
                "seconds": dict(feed.seconds),
                "listeners": hub.listeners,
                "at": time.monotonic() - began,
            }
            partial = target.with_suffix(".part")
            partial.write_text(json.dumps(told))
            partial.replace(target)

        signal.signal(signal.SIGUSR1, tell)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5))
        hub.stop_when(lambda: server.should_exit)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


if __name__ == "__main__":
    main()

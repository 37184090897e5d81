"""Clients as a process: ``python -m tools.chaos.client --total N --place P --places Q --threads T …``.

It stands for the interface's processes: it holds the same container and calls the same use cases. Killed and started
again it goes on with what the database says.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
from datetime import date
from pathlib import Path

from doc_service.bootstrap import open_container, pkcs12_directory
from doc_service.settings import Settings
from tools.chaos.flock import Client
from tools.servers.provider import PIN


def main() -> None:
    options = _options()
    out = options.out / f"seen-{options.place}-{os.getpid()}.json"
    with open_container(Settings(), services=False) as service:
        key_of = pkcs12_directory(options.keys, PIN)
        places = options.places * options.threads
        first = options.place * options.threads
        clients = [
            Client(service, key_of, options.today, (first + thread, places), options.total)
            for thread in range(options.threads)
        ]
        threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            threads[0].join(0.5)
            for thread in threads:
                thread.join(0.05)
            _tell(out, clients)


def _tell(out: Path, clients: list[Client]) -> None:
    fresh = out.with_suffix(".new")
    fresh.write_text(json.dumps([client.seen.as_json() for client in clients]), encoding="utf-8")
    fresh.replace(out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("total", "place", "places", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""What each part of a running service has used of the processor and holds of the memory, by process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

import psutil

_MARKS: Mapping[str, str] = {
    "/reserve/data": "reserve MinIO",
    "/minio/data": "MinIO",
    "provider_server.py": "provider",
    "rabbitmq": "RabbitMQ",
    "beam": "RabbitMQ",
    "epmd": "RabbitMQ",
    "postgres": "PostgreSQL",
    "doc-service worker": "workers",
    "doc-service beat": "beat",
}
"""By what stands in a command line; the first that is found."""
CLIENTS = "clients"
OFFICE = "LibreOffice"


def processor_seconds() -> dict[str, float]:
    """Of this process's descendants since they started, by part; children that have ended count for their parent."""
    used: defaultdict[str, float] = defaultdict(float)
    for root in psutil.Process().children():
        part = _part(root)
        with suppress(psutil.NoSuchProcess):
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    times = process.cpu_times()
                    used[_within(part, process)] += (
                        times.user + times.system + times.children_user + times.children_system
                    )
    return dict(used)


def worker_memory() -> list[dict[str, float]]:
    """Of each worker process: resident megabytes of its Python, and of all it has started (LibreOffice, its driver);
    pages that several share are counted in parts (PSS)."""
    found = []
    for root in psutil.Process().children():
        if _part(root) != "workers":
            continue
        for pool in root.children():
            office = [_megabytes(child) for child in pool.children(recursive=True)]
            if office:
                found.append({"python_mb": round(_megabytes(pool), 1), "office_mb": round(sum(office), 1)})
    return found


def _part(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        command = " ".join(process.cmdline())
        return next((part for mark, part in _MARKS.items() if mark in command), CLIENTS)
    return CLIENTS


def _within(part: str, process: psutil.Process) -> str:
    return OFFICE if part == "workers" and "soffice" in process.name() else part


def _megabytes(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().pss) / (1 << 20)
    return 0.0

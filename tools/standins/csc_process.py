"""Starts the stand-in CSC service as a process of its own, and plays the person's browser."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parents[2]
RETURN_URL = "https://sened.example.az/api/v1/signing/returned"
CLIENT_ID, CLIENT_SECRET = "doc-service", "a secret of tests"


class CscProcess:
    """``credentials``: as ``csc_service`` describes them. Use it as a context manager."""

    def __init__(self, directory: Path, credentials: Sequence[Mapping[str, Any]], **switches: Any) -> None:
        self._config = directory / "csc.json"
        content = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [RETURN_URL],
            "credentials": [dict(c) for c in credentials],
            **switches,
        }
        self._config.write_text(json.dumps(content, default=str), encoding="utf-8")
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tools.standins.csc_service", str(self._config)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        word, _, port = self._process.stdout.readline().partition(" ")
        assert word == "ready", "the stand-in did not start"
        self.url = f"http://127.0.0.1:{int(port)}"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=10)

    def freeze(self) -> None:
        """It is there and does not answer."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def base(self, version: int) -> str:
        return f"{self.url}/csc/v{version}"

    def set(self, **switches: Any) -> None:
        """Changes switches, replaces faults, forgets the calls seen."""
        self._post("/standin/set", switches)

    def fail(self, method: str, kind: str, *, times: int = 1, seconds: float = 0.0) -> None:
        self.set(faults=[{"method": method, "kind": kind, "times": times, "seconds": seconds}])

    def log(self, method: str = "") -> list[dict[str, Any]]:
        """Calls seen since the last change, of one method or all."""
        entries = httpx.get(f"{self.url}/standin/log", timeout=10).json()["log"]
        return [e for e in entries if not method or e["method"] == method]

    def approve(self, url: str, user: str, pin: str = "12345678") -> dict[str, str]:
        """The person at the service's page behind ``url``; the query with which the browser comes back."""
        return self._play(url, {"user": user, "pin": pin})

    def deny(self, url: str) -> dict[str, str]:
        return self._play(url, {"deny": True})

    def _play(self, url: str, answer: Mapping[str, Any]) -> dict[str, str]:
        page = httpx.get(url, timeout=10)
        assert page.status_code == 200, page.text
        found = re.search(r'name="request" value="([^"]+)"', page.text)
        assert found
        params: dict[str, str] = self._post("/standin/approve", {"request": found[1], **answer})["params"]
        return params

    def _post(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}{path}", json=content, timeout=10)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

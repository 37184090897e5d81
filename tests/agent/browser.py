"""Chromium on pages of a small site, which does what a page asks of it and keeps what the page reports."""

from __future__ import annotations

import http.server
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Act = Callable[[dict[str, Any]], Any]
CHROMIUM = shutil.which("chromium")


@dataclass
class Site:
    """``scripts``: files by their path. ``acts``: what ``await act(name, value)`` in a page does here."""

    port: int
    scripts: Mapping[str, bytes]
    acts: dict[str, Act]
    reports: queue.Queue[Any] = field(default_factory=queue.Queue)
    page: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


_PAGE = """<!doctype html><meta charset="utf-8"><title>page</title><script type="module">
const post = async (path, value) => (await fetch(path, {method: "POST", body: JSON.stringify(value)})).json();
const act = async (name, value = {}) => {
  const answer = await post(`/act/${name}`, value);
  if (answer.code) throw Object.assign(new Error(answer.code), {code: answer.code});
  return answer.value;
};
const run = async () => { %s };
run().then((value) => post("/report", {value: value ?? null}),
           (error) => post("/report", {error: `${error.name}: ${error.message}`}));
</script>"""


@contextmanager
def site(scripts: Mapping[str, Path], acts: dict[str, Act]) -> Iterator[Site]:
    """Serves on a loopback port of its own."""
    made = Site(0, {f"/{name}": path.read_bytes() for name, path in scripts.items()}, acts)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in made.scripts:
                self._answer(made.scripts[self.path], "text/javascript")
            elif self.path == "/":
                self._answer(made.page.encode(), "text/html")
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            value = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path == "/report":
                made.reports.put(value)
                self._answer(b"{}", "application/json")
                return
            try:
                answer = {"value": made.acts[self.path.removeprefix("/act/")](value)}
            except RefusalError as refusal:
                answer = {"code": str(refusal)}
            self._answer(json.dumps(answer).encode(), "application/json")

        def _answer(self, body: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """The browser is closed as soon as it has reported."""

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()


class RefusalError(Exception):
    """An act that the service refuses, by its code."""


def visit(made: Site, folder: Path, script: str, *options: str, host: str = "", seconds: float = 60) -> dict[str, Any]:
    """Opens a page of the site that runs ``script``; what it returned or threw. ``host``: the name it is opened by."""
    assert CHROMIUM, "Chromium is needed: apt-get install chromium"
    made.page = _PAGE % script
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}", *options,
        f"http://{host or '127.0.0.1'}:{made.port}/",
    ]  # fmt: skip
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        reported: dict[str, Any] = made.reports.get(timeout=seconds)
        return reported
    finally:
        browser.terminate()
        try:
            browser.wait(10)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait()

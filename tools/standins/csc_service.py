"""A stand-in for a remote signing service that speaks CSC API v2 and v1.0.4: a real HTTP process with real keys.

It is no signing service: keys lie in files, and whoever reaches it can use them. For tests and for trying out.

    python -m tools.standins.csc_service CONFIG.json

prints "ready PORT". CONFIG: client_id, client_secret, redirect_uris, credentials (id, user, pkcs12, password, mode,
scal, multisign, pin, factors), and the switches of ``State``. The person's part is played by POST /standin/approve
{request, user, pin} or {request, deny: true}, which answers where the browser is sent; POST /standin/set changes
switches and faults; GET /standin/log shows the calls seen.
"""

from __future__ import annotations

import html
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tools.standins.csc_keys import load
from tools.standins.csc_methods import Gone, Service
from tools.standins.csc_state import Fault, Refusal, State


class Handler(BaseHTTPRequestHandler):
    """Paths to methods. ``service`` is set by ``serve``."""

    service: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._guarded(self._get)

    def do_POST(self) -> None:
        self._guarded(self._post)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent."""

    def _guarded(self, run: Any) -> None:
        try:
            run()
        except Refusal as refusal:
            self._json(refusal.status, {"error": refusal.error, "error_description": refusal.description})
        except Gone:
            self.close_connection = True
        except (ValueError, KeyError, TypeError) as error:
            self._json(400, {"error": "invalid_request", "error_description": f"{type(error).__name__}: {error}"})

    def _get(self) -> None:
        parts = urlsplit(self.path)
        state = self.service.state
        if parts.path == "/oauth2/authorize":
            params = dict(parse_qsl(parts.query))
            name = params.get("request_uri", "").removeprefix("urn:standin:") or state.request(params)
            form = f'<form method="post" action="/standin/approve"><input name="request" value="{html.escape(name)}">'
            self._send(200, f"<!doctype html><title>stand-in</title>{form}</form>".encode(), "text/html")
        elif parts.path == "/standin/log":
            self._json(200, {"log": state.log})
        else:
            self._json(404, {"error": "invalid_request"})

    def _post(self) -> None:
        path = urlsplit(self.path).path
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scheme, _, credentials = (self.headers.get("Authorization") or "").partition(" ")
        if path.startswith("/oauth2/"):
            self._oauth(path, dict(parse_qsl(raw.decode())), credentials if scheme == "Basic" else "")
            return
        body = json.loads(raw or b"{}")
        if path.startswith("/csc/v"):
            version, method = int(path[6]), path[8:]
            bearer = credentials if scheme == "Bearer" else ""
            self._json(*self.service.call(version, method, body, bearer))
        else:
            self._standin(path, body)

    def _oauth(self, path: str, form: dict[str, str], basic: str) -> None:
        state = self.service.state
        if path == "/oauth2/token":
            self._json(200, self.service.token(form, basic))
        elif path == "/oauth2/pushed_authorize" and state.pushes:
            self._json(201, {"request_uri": f"urn:standin:{state.request(form)}", "expires_in": 90})
        elif path == "/oauth2/revoke":
            with state.lock:
                state.grants.pop(form.get("token", ""), None)
            state.note("oauth2/revoke")
            self._send(204, b"", "application/json")
        else:
            self._json(404, {"error": "invalid_request"})

    def _standin(self, path: str, body: dict[str, Any]) -> None:
        state = self.service.state
        if path == "/standin/approve":
            params = state.requests[body["request"]]
            if body.get("deny"):
                answer = {"error": "access_denied", "state": params.get("state", "")}
            else:
                answer = state.approve(body["request"], body["user"], body.get("pin", ""))
            self._json(200, {"location": f"{params['redirect_uri']}?{urlencode(answer)}", "params": answer})
        elif path == "/standin/set":
            faults = body.pop("faults", None)
            if faults is not None:
                state.faults = [Fault(**fault) for fault in faults]
            if "specs" in body:
                body["specs"] = {int(k): v for k, v in body["specs"].items()}
            for name, value in body.items():
                setattr(state, name, value)
            state.log.clear()
            self._json(200, {})
        else:
            self._json(404, {"error": "invalid_request"})

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, b"" if status == 204 else json.dumps(content).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(config: dict[str, Any], port: int = 0) -> ThreadingHTTPServer:
    """The server, listening; ``serve_forever`` runs it."""
    found = [load(c) for c in config.pop("credentials")]
    config["redirect_uris"] = tuple(config["redirect_uris"])
    state = State(credentials={c.id: c for c in found}, **config)
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    Handler.service = Service(state, f"http://127.0.0.1:{server.server_address[1]}")
    return server


def main() -> None:
    server = serve(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(f"ready {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

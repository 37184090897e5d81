"""A real OpenID Connect provider (Django OAuth Toolkit) in a process of its own."""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tools.servers.process import Process, free_port

ROOT = Path(__file__).resolve().parents[2]


class OidcServer:
    """``users``: name to (password, FİN). ``redirect_uri``: the only one that it answers to."""

    def __init__(self, place: Path, redirect_uri: str, users: Mapping[str, tuple[str, str]]) -> None:
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self.issuer = f"{self.base}/o"
        self.client_id, self.client_secret = "documents", secrets.token_urlsafe(16)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        config = place / "oidc.json"
        config.write_text(
            json.dumps(
                {
                    "port": port, "database": str(place / "oidc.db"), "key": pem, "issuer": self.issuer,
                    "client_id": self.client_id, "client_secret": self.client_secret, "redirect_uri": redirect_uri,
                    "users": {name: list(told) for name, told in users.items()},
                }
            )
        )  # fmt: skip
        self.process = Process(
            "oidc", [sys.executable, "-m", "tools.servers.oidc_provider", str(config)], self._ready,
            log=place / "oidc.log", environment={"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def __enter__(self) -> Self:
        self.process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.stop()


def walk(url: str, name: str, password: str) -> httpx.URL:
    """What a person's browser does at the provider: logs in and agrees; gives the address it is sent back to."""
    with httpx.Client(timeout=10) as browser:
        answer = browser.get(url, follow_redirects=True)
        answer = browser.post(answer.url, data={"username": name, "password": password, **_token(answer.text)})
        assert answer.status_code == 302, answer.text[:500]
        page = browser.get(answer.url.join(answer.headers["location"]))
        form = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        answer = browser.post(page.url, data={**form, **_token(page.text), "allow": "Authorize"})
        assert answer.status_code == 302, answer.text[:500]
        return httpx.URL(answer.headers["location"])


def _token(page: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return {"csrfmiddlewaretoken": found[1]} if found else {}

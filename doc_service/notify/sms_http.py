"""Short messages over the JSON interface of a gateway.

Operators in the Republic each have an interface of their own, given with the contract; nearly all take one JSON object
over HTTPS with a secret in a header. Address, header, names of the fields and fixed further fields are settings; what
cannot be said that way needs an adapter of its own behind ``SmsGateway``.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from doc_service.domain.errors import DomainError
from doc_service.ports_notify import Sms

_FINAL = frozenset({400, 413, 422})
"""About this message; everything else (credentials, limits, faults of the gateway) concerns all alike."""


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """``number``, ``text``, ``id``: names of the fields, a dot goes deeper ("message.body"); ``id`` "" sends none.
    ``fixed``: further fields, e.g. {"from": "IMZA"}. ``plus``: whether numbers begin with "+"."""

    url: str
    header: str = "Authorization"
    secret: str = field(default="", repr=False)
    number: str = "to"
    text: str = "text"
    id: str = "id"
    fixed: Mapping[str, str] = field(default_factory=dict)
    plus: bool = True
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=10)


class HttpSms:
    """``SmsGateway``. Any 2xx means that the gateway has taken the message."""

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        tls = ssl.create_default_context()
        if settings.ca_file is not None:
            tls.load_verify_locations(cafile=settings.ca_file)
        self._client = httpx.Client(
            verify=tls, timeout=settings.timeout.total_seconds(), follow_redirects=False, trust_env=False
        )

    def send(self, sms: Sms) -> None:
        """Reasons name the status alone: what a gateway says often repeats the number."""
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._settings.secret:
            headers[self._settings.header] = self._settings.secret
        try:
            with self._client.stream("POST", self._settings.url, content=self._body(sms), headers=headers) as answer:
                status = answer.status_code
        except httpx.HTTPError as error:
            raise DomainError("notify.sms_unavailable", "", reason=type(error).__name__) from None
        if 200 <= status < 300:
            return
        code = "notify.sms_refused" if status in _FINAL else "notify.sms_unavailable"
        raise DomainError(code, "", reason=f"status {status}")

    def close(self) -> None:
        self._client.close()

    def _body(self, sms: Sms) -> bytes:
        names, number = self._settings, sms.recipient if self._settings.plus else sms.recipient.removeprefix("+")
        content: dict[str, Any] = {}
        for name, value in {**names.fixed, names.number: number, names.text: sms.text, names.id: sms.id}.items():
            if name:
                _put(content, name.split("."), value)
        return json.dumps(content, ensure_ascii=False).encode()


def _put(content: dict[str, Any], path: list[str], value: str) -> None:
    *outer, last = path
    for name in outer:
        content = content.setdefault(name, {})
    content[last] = value

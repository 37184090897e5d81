"""Addresses of services: what may be written for one, and its origin as browsers write it (RFC 6454 §6.2)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from doc_service.domain.errors import DomainError

_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def origin_of(url: str) -> str:
    """Scheme, host and port of a service's address; the port only where it is not the scheme's own.

    Raises ``DomainError`` "agent.bad_service" (url), and "agent.insecure_service" (url) for plain HTTP to anywhere but
    this computer: what is read and signed could be changed on the way."""
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise DomainError("agent.bad_service", "service", url=url[:200]) from None
    if scheme not in _PORTS or not _HOST.fullmatch(host) or parts.username is not None or parts.query or parts.fragment:
        raise DomainError("agent.bad_service", "service", url=url[:200])
    if scheme == "http" and host not in _LOCAL:
        raise DomainError("agent.insecure_service", "service", url=url[:200])
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}" if port in (None, _PORTS[scheme]) else f"{scheme}://{named}:{port}"

"""How a session with the mail server is protected."""

from __future__ import annotations

from enum import StrEnum


class SmtpTls(StrEnum):
    """``starttls``: RFC 3207, and no mail without it. ``tls``: from the first byte (RFC 8314 §3.3). ``none``: for a
    server on the same machine or a mail catcher; never with credentials."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"

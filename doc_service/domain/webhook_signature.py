"""Signatures of webhooks by the rules of Standard Webhooks (symmetric, version 1).

The receiver takes HMAC-SHA256 over "<webhook-id>.<webhook-timestamp>.<body>" with its secret, compares it with any
"v1,…" entry of webhook-signature, and refuses time stamps that are more than ``TOLERANCE`` away from its own clock.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""Documented for receivers: with it and the ids already seen, nothing can be replayed."""
SECRET_BYTES = 32
_PREFIX = "whsec_"


def secret_text(secret: bytes) -> str:
    """As it is shown once to the subscriber."""
    return _PREFIX + base64.b64encode(secret).decode()


def signed_headers(delivery_id: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> Mapping[str, str]:
    """The three headers; one signature for each secret, the newest first, so that a rotation interrupts nobody."""
    seconds = str(int(at.timestamp()))
    content = f"{delivery_id}.{seconds}.".encode() + body
    marks = [base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode() for secret in secrets]
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }

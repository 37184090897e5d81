"""Every path of the service's public interface that the agent uses, in one place."""

from __future__ import annotations

API = "/v1"
ME = f"{API}/me"
REQUESTS = f"{API}/signature-requests"
CHALLENGE = f"{API}/login/signature/challenge"
LOGIN = f"{API}/login/signature"
SESSION = f"{API}/session"


def shown(request_id: str) -> str:
    """What is to be read, its digest, and the words of the agreement."""
    return f"{REQUESTS}/{request_id}/shown"


def consent(request_id: str) -> str:
    return f"{REQUESTS}/{request_id}/consent"


def preparation(request_id: str) -> str:
    return f"{REQUESTS}/{request_id}/preparation"


def signature(request_id: str) -> str:
    return f"{REQUESTS}/{request_id}/signature"


def queue(request_id: str) -> str:
    return f"{REQUESTS}/{request_id}/queue"

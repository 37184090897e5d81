"""Every path of the service's public interface that the agent uses, in one place."""

from __future__ import annotations

API = "/v1"
MY_REQUESTS = f"{API}/signature-requests"
CHALLENGE = f"{API}/login/signature/challenge"
LOGIN = f"{API}/login/signature"
LOGOUT = f"{API}/logout"


def request(request_id: str) -> str:
    return f"{MY_REQUESTS}/{request_id}"


def content(request_id: str) -> str:
    """The exact bytes to be read and signed."""
    return f"{request(request_id)}/content"


def consent(request_id: str) -> str:
    return f"{request(request_id)}/consent"


def prepare(request_id: str) -> str:
    return f"{request(request_id)}/prepare"


def complete(request_id: str) -> str:
    return f"{request(request_id)}/complete"

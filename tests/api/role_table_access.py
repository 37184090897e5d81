"""Rows of the role walk: logging in, one's own account, accounts of others, and signing operations.

Logging in is open to everybody and refused here for what is sent. "session_needed" keeps service tokens (403) from what
a person does with the own account. ``{account}`` is the member's, ``{spare}`` one that nobody uses.
"""

from __future__ import annotations

from tests.api.role_table import Row

_ACCOUNT = {"login": "x", "display_name": "X", "roles": ["member"]}
_PROOF = {"challenge": "x", "certificate": "AAAA", "signature": "AAAA", "algorithm": "sha256_ecdsa"}
_IDENTITY = {"issuer": "https://login.example", "subject": "s-1"}
_WRONG = {"password": "yanlış parol"}
_OPERATION = "/v1/signing-operations/none"
_HOOK = "/v1/webhooks/none"
_START = {"requests": ["{request}"], "way": "none"}

ROWS: tuple[Row, ...] = (
    Row("GET /v1/login", "/v1/login", "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row(
        "POST /v1/login",
        "/v1/login",
        "401 401 401 401 401 401 401 401 401 401 401 401 401 401 401",
        {"login": "nobody-{actor}", **_WRONG},
    ),
    Row(
        "POST /v1/login/second-step",
        "/v1/login/second-step",
        "401 401 401 401 401 401 401 401 401 401 401 401 401 401 401",
        {"ticket": "x", "code": "1"},
    ),
    Row(
        "POST /v1/enrolment",
        "/v1/enrolment",
        "401 401 401 401 401 401 401 401 401 401 401 401 401 401 401",
        {"token": "x", **_WRONG},
    ),
    Row(
        "GET /v1/login/oidc/callback",
        "/v1/login/oidc/callback",
        "401 401 401 401 401 401 401 401 401 401 401 401 401 401 401",
    ),
    Row(
        "GET /v1/login/oidc/{provider}",
        "/v1/login/oidc/none",
        "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
    ),
    Row(
        "POST /v1/login/signature/challenge",
        "/v1/login/signature/challenge",
        "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    ),
    Row(
        "POST /v1/login/signature",
        "/v1/login/signature",
        "401 401 401 401 401 401 401 401 401 401 401 401 401 401 401",
        _PROOF,
    ),
    Row(
        "POST /v1/login/web-eid/challenge",
        "/v1/login/web-eid/challenge",
        "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
    ),
    Row(
        "POST /v1/login/web-eid",
        "/v1/login/web-eid",
        "422 422 422 422 422 422 422 422 422 422 422 422 422 422 422",
        {"token": {}},
    ),
    Row("POST /v1/login/sima", "/v1/login/sima", "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    Row(
        "POST /v1/login/sima/session",
        "/v1/login/sima/session",
        "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
        {},
    ),
    Row("DELETE /v1/session", "/v1/session", "401 204 204 204 204 204 204 204 204 204 204 204 404 404 404", fresh=True),
    Row("GET /v1/me", "/v1/me", "401 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row("PATCH /v1/me", "/v1/me", "401 428 428 428 428 428 428 428 428 428 428 428 428 428 428", {}),
    Row("GET /v1/me/data", "/v1/me/data", "401 200 200 200 200 200 200 200 200 200 200 200 403 403 403"),
    Row(
        "PUT /v1/me/password",
        "/v1/me/password",
        "401 409 409 409 409 409 409 409 409 409 409 409 403 403 403",
        {"old_password": "x", "new_password": "y"},
    ),
    Row(
        "POST /v1/me/second-step",
        "/v1/me/second-step",
        "401 409 409 409 409 409 409 409 409 409 409 409 403 403 403",
        _WRONG,
    ),
    Row(
        "POST /v1/me/second-step/confirmation",
        "/v1/me/second-step/confirmation",
        "401 409 409 409 409 409 409 409 409 409 409 409 403 403 403",
        {"code": "1"},
    ),
    Row(
        "POST /v1/me/recovery-codes",
        "/v1/me/recovery-codes",
        "401 409 409 409 409 409 409 409 409 409 409 409 403 403 403",
        _WRONG,
    ),
    Row("GET /v1/sessions", "/v1/sessions", "401 200 200 200 200 200 200 200 200 200 200 200 403 403 403"),
    Row(
        "DELETE /v1/sessions", "/v1/sessions", "401 204 204 204 204 204 204 204 204 204 204 204 403 403 403", fresh=True
    ),
    Row(
        "DELETE /v1/sessions/{session_id}",
        "/v1/sessions/none",
        "401 404 404 404 404 404 404 404 404 404 404 404 403 403 403",
    ),
    Row("GET /v1/tokens", "/v1/tokens", "401 200 200 200 200 200 200 200 200 200 200 200 403 403 403"),
    Row(
        "POST /v1/tokens",
        "/v1/tokens",
        "401 201 201 201 201 201 201 201 201 201 201 201 403 403 403",
        {"name": "x", "scopes": ["read"], "days": 1},
    ),
    Row(
        "DELETE /v1/tokens/{token_id}", "/v1/tokens/none", "401 404 404 404 404 404 404 404 404 404 404 404 403 403 403"
    ),
    Row("GET /v1/accounts", "/v1/accounts", "401 403 403 403 403 403 403 403 403 200 403 403 403 403 403"),
    Row("POST /v1/accounts", "/v1/accounts", "401 403 403 403 403 403 403 403 403 422 403 403 403 403 403", _ACCOUNT),
    Row(
        "GET /v1/accounts/{account_id}",
        "/v1/accounts/{account}",
        "401 404 200 404 404 404 404 404 404 200 404 404 404 404 404",
    ),
    Row(
        "PATCH /v1/accounts/{account_id}",
        "/v1/accounts/{account}",
        "401 404 403 404 404 404 404 404 404 428 404 404 404 404 404",
        {},
    ),
    Row(
        "POST /v1/accounts/{account_id}/closure",
        "/v1/accounts/{account}/closure",
        "401 404 403 404 404 404 404 404 404 428 404 404 404 404 404",
    ),
    Row(
        "POST /v1/accounts/{account_id}/reopening",
        "/v1/accounts/{account}/reopening",
        "401 404 403 404 404 404 404 404 404 428 404 404 404 404 404",
    ),
    Row(
        "POST /v1/accounts/{account_id}/enrolment",
        "/v1/accounts/{spare}/enrolment",
        "401 404 404 404 404 404 404 404 404 201 404 404 404 404 404",
        {},
    ),
    Row(
        "DELETE /v1/accounts/{account_id}/sessions",
        "/v1/accounts/{spare}/sessions",
        "401 404 404 404 404 404 404 404 404 204 404 404 404 404 404",
    ),
    Row(
        "DELETE /v1/accounts/{account_id}/tokens/{token_id}",
        "/v1/accounts/{spare}/tokens/none",
        "401 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
    ),
    Row(
        "POST /v1/accounts/{account_id}/identities",
        "/v1/accounts/{spare}/identities",
        "401 404 404 404 404 404 404 404 404 201 404 404 404 404 404",
        _IDENTITY,
    ),
    Row(
        "DELETE /v1/accounts/{account_id}/identities",
        "/v1/accounts/{spare}/identities?issuer=x&subject=y",
        "401 404 404 404 404 404 404 404 404 204 404 404 404 404 404",
    ),
    Row("GET /v1/signing-ways", "/v1/signing-ways", "401 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row(
        "GET /v1/signing-operations",
        "/v1/signing-operations",
        "401 200 200 200 200 200 200 200 403 403 200 200 403 403 403",
    ),
    Row(
        "POST /v1/signing-operations",
        "/v1/signing-operations",
        "401 403 404 404 404 404 404 404 403 404 404 404 403 404 404",
        _START,
    ),
    Row(
        "GET /v1/signing-operations/{operation_id}",
        _OPERATION,
        "401 404 404 404 404 404 404 404 403 403 404 404 403 403 403",
    ),
    Row(
        "DELETE /v1/signing-operations/{operation_id}",
        _OPERATION,
        "401 404 404 404 404 404 404 404 403 403 404 404 403 403 403",
    ),
    Row(
        "POST /v1/signing-operations/{operation_id}/poll",
        f"{_OPERATION}/poll",
        "401 404 404 404 404 404 404 404 403 403 404 404 403 403 403",
    ),
    Row(
        "POST /v1/signing-operations/{operation_id}/answer",
        f"{_OPERATION}/answer",
        "401 404 404 404 404 404 404 404 403 403 404 404 403 403 403",
        {"entered": {"pin": "1"}},
    ),
    Row(
        "GET /v1/signing-operations/{operation_id}/qr.svg",
        f"{_OPERATION}/qr.svg",
        "401 404 404 404 404 404 404 404 403 403 404 404 403 403 403",
    ),
    Row(
        "GET /v1/signing-returns",
        "/v1/signing-returns?state=none",
        "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
    ),
    Row("GET /v1/webhooks", "/v1/webhooks", "401 403 403 403 403 403 403 403 403 200 403 403 403 403 403"),
    Row(
        "POST /v1/webhooks",
        "/v1/webhooks",
        "401 403 403 403 403 403 403 403 403 422 403 403 403 403 403",
        {"url": "ftp://x", "events": ["x"]},
    ),
    Row("GET /v1/webhooks/{webhook_id}", _HOOK, "401 403 403 403 403 403 403 403 403 404 403 403 403 403 403"),
    Row(
        "PUT /v1/webhooks/{webhook_id}/state",
        f"{_HOOK}/state",
        "401 403 403 403 403 403 403 403 403 404 403 403 403 403 403",
        {"action": "enable"},
    ),
    Row("DELETE /v1/webhooks/{webhook_id}", _HOOK, "401 403 403 403 403 403 403 403 403 404 403 403 403 403 403"),
    Row(
        "POST /v1/webhooks/{webhook_id}/secret",
        f"{_HOOK}/secret",
        "401 403 403 403 403 403 403 403 403 404 403 403 403 403 403",
        {},
    ),
    Row(
        "GET /v1/webhooks/{webhook_id}/deliveries",
        f"{_HOOK}/deliveries",
        "401 403 403 403 403 403 403 403 403 404 403 403 403 403 403",
    ),
    Row(
        "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/repetition",
        f"{_HOOK}/deliveries/none/repetition",
        "401 403 403 403 403 403 403 403 403 404 403 403 403 403 403",
    ),
    Row("GET /sima/{operation_id}/", "/sima/none/", "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    Row(
        "POST /sima/{operation_id}/callback",
        "/sima/none/callback",
        "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
    ),
)

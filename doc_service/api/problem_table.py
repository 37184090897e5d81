"""Error codes to HTTP status: the one table (DESIGN 13).

A code is looked up by itself, by its ending, by its error class (missing 404, changed 409), and then by its area (what
stands before the first full stop). ``tests/api/test_problem_table.py`` holds the table against every code of the
catalogue, and against the classes that the program raises codes with.
"""

from __future__ import annotations

from collections.abc import Mapping

from doc_service.domain.errors import Param

EXACT: Mapping[str, int] = {
    # who asks
    "access.unauthenticated": 401,
    "access.denied": 403,
    "csrf.refused": 403,
    "signature_request.not_yours": 403,
    "access.session_needed": 403,
    "account.closed": 403,
    "account.own_roles": 403,
    "login.failed": 401,
    "login.code_wrong": 401,
    "login.challenge_invalid": 401,
    "login.ticket_invalid": 401,
    "login.no_account": 403,
    "login.locked": 429,
    "login.revocation_unknown": 503,
    "oidc.attempt_invalid": 401,
    "oidc.refused": 401,
    "oidc.no_account": 403,
    "oidc.bad_answer": 502,
    "oidc.unavailable": 503,
    "session.invalid": 401,
    "session.expired": 401,
    "enrolment.invalid": 401,
    "password.none": 409,
    "totp.none": 409,
    "totp.not_offered": 409,
    "sima.disabled": 404,
    "web_eid.disabled": 404,
    "signing.web_eid_nonce": 401,
    "signing.web_eid_nonce_expired": 401,
    "signing.web_eid_signature": 401,
    "signing.web_eid_revocation_unknown": 503,
    "sima.unknown_operation": 404,
    "sima.finished": 409,
    "sima.too_large": 413,
    "sima.too_many": 429,
    "sima.revocation_unknown": 503,
    "operation.unknown_way": 404,
    "operation.nothing_to_open": 404,
    "operation.not_yours": 403,
    "operation.in_progress": 409,
    "operation.busy": 409,
    "signing.remote_unavailable": 503,
    "operation.cancelled": 409,
    "account.unknown_login": 404,
    "csc.login_refused": 502,
    "csc.version_mismatch": 502,
    "csc.unsupported_mode": 502,
    "csc.signature_count": 502,
    "csc.bad_signature": 502,
    "csc.certificate_mismatch": 409,
    "asan.certificate_changed": 409,
    "seal.unknown": 404,
    "copy.restricted": 403,
    "copy.address_without_code": 422,
    "copy.registered_after_check": 422,
    "copy.seal_and_form": 422,
    "copy.sheets": 422,
    "copy.signed_after_check": 422,
    "copy.too_many_pages": 422,
    "annul.not_in_force": 409,
    "extract.no_protocol": 409,
    "package.file_changed": 409,
    "package.file_missing": 409,
    "package.not_a_package": 409,
    "extract.restricted": 403,
    # the form of a request
    "request.invalid": 422,
    "request.unreadable": 400,
    "request.too_large": 413,
    "request.too_many": 429,
    "precondition.required": 428,
    "precondition.failed": 412,
    "idempotency.missing": 400,
    "idempotency.bad_key": 400,
    "idempotency.reused": 422,
    "idempotency.in_progress": 409,
    "idempotency.secret_not_repeated": 409,
    "paging.bad_cursor": 422,
    "events.bad_id": 422,
    "events.too_many": 503,
    "verify.too_large": 413,
    "sheet.too_large": 413,
    "http.forbidden": 403,
    "http.not_found": 404,
    "http.method_not_allowed": 405,
    "http.not_acceptable": 406,
    "http.range_not_satisfiable": 416,
    "http.unsupported_media_type": 415,
    "http.refused": 400,
    "internal.error": 500,
    # what has changed, or is not at its time
    "consent.missing": 409,
    "dispatch.not_to_be_sent": 409,
    "dispatch.delivered_already": 409,
    "cluster.not_signed": 409,
    "cluster.specialised_stays": 409,
    "cluster.already_participates": 409,
    "cluster.project_exists": 409,
    "accession.in_progress": 409,
    "accession.cluster_not_open": 409,
    "accession.not_admitted": 409,
    "accession.no_agreement": 409,
    "accession.sheet_number": 409,
    "accession.enclosures_closed": 409,
    "registry.earlier_day": 409,
    "registry.other_edition": 409,
    "registry.edition_exists": 409,
    "registry.previous_unsigned": 409,
    "consent.superseded": 409,
    "document.not_final": 409,
    "signing.needs_everybody": 409,
    "account.last_administrator": 409,
    "signature.already_made": 409,
    "signature.superseded": 409,
    "webhook.not_enabled": 409,
    "signing.token_not_found": 503,
    "consent.other_document": 409,
    "document.other_data": 409,
    "meeting.already_recorded": 409,
    "protocol.not_signed": 409,
    "recommendation.already_open": 409,
    "recommendation.recorded": 409,
    "recommendation.not_one": 404,
    "meeting.not_new": 409,
    "journal.number_taken": 409,
    "signature.not_prepared": 409,
    "template.changed": 409,
    "template.since_past": 422,
    "template.unreadable": 422,
    "template.reason_required": 422,
    "template.too_large": 413,
    "template.no_page": 404,
    "archive.object_busy": 409,
    "archive.deleted_but_referred": 409,
    "archive.sweep_too_young": 409,
    "audit.event_exists": 409,
    "audit.no_checkpoint": 409,
    "signature_request.withdrawn": 409,
    "signature_request.signed": 409,
    "remind.too_soon": 429,
    "signing.stale_base": 409,
    "signing.bad_state": 409,
    "signing.field_already_signed": 409,
    "signing.field_exists": 409,
    "signing.document_locked": 409,
    "persistence.unknown_reference": 422,
    "persistence.not_storable": 422,
    # names that are no resources of their own: the request that carries them is at fault
    "case.not_found": 422,
    "person.not_found": 422,
    "person.not_registered": 404,
    "cluster.unknown_item": 422,
    "file.too_large": 413,
    "file.bad_type": 415,
    "organisation.unknown_person": 422,
    "seal.unknown_organisation": 422,
    "body.unknown_kind": 422,
    "notice.unknown_addressee": 422,
    "visa.unit_not_asked": 404,
    "oidc.unknown_provider": 404,
    "identity.evidence_missing": 404,
    "identity.no_such_object": 404,
    "deadline.none": 404,
    "instrument.unknown": 404,
    "audit.no_events": 404,
    "audit.subject_half": 422,
    # trying later can help
    "persistence.unavailable": 503,
    "persistence.busy": 503,
    "persistence.statement_timeout": 503,
    "persistence.unit_failed": 503,
    "persistence.answer_lost": 503,
    "persistence.no_space": 503,
    "storage.unavailable": 503,
    "storage.no_space": 503,
    "signing.tsa_unavailable": 503,
    "signing.tsa_refused": 503,
    "signing.tsa_bad_token": 503,
    "signing.revocation_unavailable": 503,
    "signing.token_in_use": 503,
    "signing.token_failed": 503,
    "render.timeout": 503,
    "diagram.timeout": 503,
    "render.no_space": 503,
    "notify.unavailable": 503,
    "audit.sequencing_conflict": 503,
    "audit.behind_archive": 503,
    # the operator's, not the caller's
    "document.does_not_validate": 500,
    "template.not_found": 500,
    "job.no_handler": 500,
    "audit.checkpoint_link": 500,
    "audit.checkpoint_signature": 500,
    "audit.checkpoint_unreadable": 500,
    "audit.event_missing": 500,
    "audit.inconsistent": 500,
    "audit.timestamp_mismatch": 500,
    "storage.not_found": 500,
    "storage.exists": 500,
    "signing.appearance_too_large": 500,
    "signing.container_too_large": 500,
    "signing.bad_trust_file": 500,
    "signing.development_trust_refused": 500,
    "signing.module_not_found": 500,
    "signing.pin_locked": 500,
    "signing.wrong_pin": 500,
    "signing.key_closed": 500,
    "signing.devpki_damaged": 500,
    "signing.devpki_port_taken": 500,
    "signing.devpki_other_holder": 500,
}

ENDINGS: Mapping[str, int] = {".not_found": 404, "_not_found": 404, ".exists": 409, ".taken": 409, "_taken": 409}

AREAS: Mapping[str, int] = {
    **dict.fromkeys(
        (
            "accession", "account", "act", "agenda", "agreement", "annul", "appeal", "application", "asan",
            "attendance", "authority", "body", "case", "charter", "check", "cluster", "consent", "csc", "data",
            "deadline", "delegation", "delivery", "dispatch", "document", "embedded", "executive", "extract",
            "figures", "file", "financing", "founding", "go_on", "head", "image", "instrument", "invited", "items",
            "journal", "letter", "list", "map", "meeting", "members", "membership", "nomenclature", "notice",
            "notify", "operation", "organisation", "package", "passport", "password", "person", "picture", "plan",
            "portal", "programme", "project", "protocol", "questionnaire", "quorum", "reason", "recommendation",
            "registry", "reopen", "report", "revision", "roadmap", "seal", "sheet", "signature", "signing", "sima",
            "substitution", "summary", "token", "visa", "vote", "webhook", "withdraw",
        ),
        422,
    ),
    **dict.fromkeys(("lease", "state"), 409),
    "access": 403,
    **dict.fromkeys(
        (
            "archive", "audit", "diagram", "identity", "oidc", "persistence", "render", "sealed", "storage", "template",
            "ways",
        ),
        500,
    ),
}  # fmt: skip

RETRY_AFTER: Mapping[str, int] = {
    "lease.busy": 2,
    "operation.busy": 1,
    "idempotency.in_progress": 1,
    "persistence.busy": 1,
    "persistence.answer_lost": 1,
    "persistence.unit_failed": 1,
    "events.too_many": 30,
    "render.no_space": 60,
    "storage.no_space": 60,
    "persistence.no_space": 60,
}
"""Seconds; every other 503 has ``DEFAULT_RETRY_AFTER``."""
DEFAULT_RETRY_AFTER = 5

NOT_HTTP = frozenset(
    {"agent", "backup", "cli", "duty", "label", "mail", "outage", "outages", "pki", "reserve", "worker"}
)
"""Areas of commands, of the agent, of letters and of labels: no request raises them."""


def by_name(code: str) -> int | None:
    """The status of ``code`` by itself or its ending."""
    ending = next((status for ending, status in ENDINGS.items() if code.endswith(ending)), None)
    return EXACT.get(code, ending)


def by_area(code: str) -> int | None:
    return AREAS.get(code.partition(".")[0])


def listed(code: str) -> int | None:
    """The status of ``code`` by the table; None when only its error class can tell."""
    return by_name(code) or by_area(code)


def retry_after(code: str, status: int, params: Mapping[str, Param] | None = None) -> int | None:
    """Seconds after which the same request may succeed, or None when nothing is known. A limit says so itself."""
    told = (params or {}).get("seconds")
    if status == 429 and isinstance(told, int):
        return told
    if code in RETRY_AFTER:
        return RETRY_AFTER[code]
    return DEFAULT_RETRY_AFTER if status == 503 else None

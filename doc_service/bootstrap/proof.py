"""Production starts on a store that has proven what it promises, and on no other (DESIGN 12)."""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from doc_service.ports import Clock
from doc_service.settings import Environment, Settings
from storage.api import StorageError
from storage.check import CheckReport, require_proof

_log = logging.getLogger(__name__)
VALID = timedelta(days=1)
"""A proof is kept on the machine for so long: a start costs no second of trying, and what an administrator of the store
changes is found the next day."""


def require_proven(settings: Settings, clock: Clock, *stores: object) -> None:
    """In production each store is tried with the service's credentials. Raises ``storage.unproven`` when something
    does not hold that ``archive_accept_unproven`` does not name, and what makes trying impossible. An archive out of
    reach is let pass on an older proof only; a reserve centre out of reach always, since the service works without it
    and whichever process reaches it tries it."""
    if settings.environment is not Environment.PRODUCTION:
        return
    from storage.s3.store import S3Store

    for role, url in (("archive", settings.archive_url), ("reserve", settings.reserve_url)):
        if not url:
            continue
        report = _proof(settings, clock, role, url)
        if report is None:
            continue
        require_proof(report, settings.archive_accept_unproven)
        for store in stores:
            if isinstance(store, S3Store) and role == "archive":
                store.accept_proof(report)


def _proof(settings: Settings, clock: Clock, role: str, url: str) -> CheckReport | None:
    access = getattr(settings, f"{role}_access_key").get_secret_value()
    named = hashlib.sha256(f"{role}\n{url}\n{access}".encode()).hexdigest()[:16]
    place = settings.data_dir / f"storage-proof-{named}.json"
    kept = _kept(place)
    if kept is not None and not kept.failures and clock.now() - kept.at < VALID:
        return kept
    from doc_service.bootstrap.proving import check

    try:
        report = check(settings, clock, url, reserve=role == "reserve")
    except StorageError as error:
        if error.code != "storage.unavailable" or (kept is None and role == "archive"):
            raise
        _log.warning("the %s does not answer and was not tried now", role)
        return kept
    _keep(place, report)
    return report


def _kept(place: Path) -> CheckReport | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return CheckReport.from_json(json.loads(place.read_bytes()))
    return None


def _keep(place: Path, report: CheckReport) -> None:
    draft = place.with_name(f".{place.name}.{report.at.timestamp()}")
    with suppress(OSError):
        draft.write_text(json.dumps(report.as_json()), encoding="utf-8")
        draft.replace(place)

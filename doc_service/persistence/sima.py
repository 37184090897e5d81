"""Log-ins with SİMA."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from doc_service.persistence.tables_sima import sima_logins
from doc_service.ports_sima import SimaAttempt

_ROWS = sima_logins.c


class SqlSimaAttempts:
    """``doc_service.ports_sima.SimaAttempts``. Taking is deleting: of two deletions of a row one finds it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, attempt: SimaAttempt) -> None:
        self._connection.execute(
            sima_logins.insert().values(
                operation_sha256=attempt.operation_sha256,
                browser_sha256=attempt.browser_sha256,
                sealed=attempt.sealed,
                proven=int(attempt.proven),
                expires_at=attempt.expires_at,
            )
        )

    def of_operation(self, operation_sha256: str) -> SimaAttempt | None:
        return self._one(_ROWS.operation_sha256 == operation_sha256)

    def of_browser(self, browser_sha256: str) -> SimaAttempt | None:
        return self._one(_ROWS.browser_sha256 == browser_sha256)

    def prove(self, operation_sha256: str, sealed: bytes) -> bool:
        unanswered = (_ROWS.operation_sha256 == operation_sha256) & (_ROWS.proven == 0)
        done = self._connection.execute(update(sima_logins).where(unanswered).values(sealed=sealed, proven=1))
        return bool(done.rowcount)

    def take(self, browser_sha256: str) -> SimaAttempt | None:
        proven = (_ROWS.browser_sha256 == browser_sha256) & (_ROWS.proven == 1)
        found = self._one(proven)
        if found is None or not self._connection.execute(delete(sima_logins).where(proven)).rowcount:
            return None
        return found

    def purge(self, before: datetime) -> int:
        return int(self._connection.execute(delete(sima_logins).where(_ROWS.expires_at < before)).rowcount)

    def _one(self, condition: Any) -> SimaAttempt | None:
        row = self._connection.execute(select(sima_logins).where(condition)).mappings().one_or_none()
        if row is None:
            return None
        return SimaAttempt(
            row["operation_sha256"], row["browser_sha256"], row["sealed"], row["expires_at"], bool(row["proven"])
        )

"""Answers of requests that may be sent again, by account and key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, select, tuple_, update

from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.dialect import insert_new, open_connection
from doc_service.persistence.tables_interface import idempotency_keys as keys
from doc_service.ports_interface import KeptAnswer, RequestMark

KEPT = timedelta(hours=24)
_SWEPT_AT_ONCE = 100


class SqlIdempotencyKeys:
    """``doc_service.ports_interface.IdempotencyKeys``. Who works on a request is told by ``token``; a process that was
    killed loses it at ``held_until``, and then the next one to ask takes it by conditional update."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, mark: RequestMark, token: str, now: datetime, until: datetime) -> KeptAnswer | None:
        """Takes away some of what is older than ``KEPT``, too: so the table stays as large as a day's work, and nothing
        has to be run for it."""
        with open_connection(self._engine, read_only=False) as connection:
            _forget(connection, now - KEPT)
            row = _row(mark, token, now, until)
            kept = None if insert_new(connection, keys, row) else _known(connection, mark, row, now)
            connection.commit()
        return kept

    def renew(self, mark: RequestMark, token: str, until: datetime) -> bool:
        with open_connection(self._engine, read_only=False) as connection:
            kept = connection.execute(update(keys).where(_held(mark, token)).values(held_until=until)).rowcount == 1
            connection.commit()
        return kept

    def finish(self, mark: RequestMark, token: str, answer: KeptAnswer) -> bool:
        changes = {"status": answer.status, "headers": json.dumps(dict(answer.headers)), "body": answer.body}
        with open_connection(self._engine, read_only=False) as connection:
            done = connection.execute(update(keys).where(_held(mark, token)).values(changes)).rowcount == 1
            connection.commit()
        return done

    def release(self, mark: RequestMark, token: str) -> None:
        with open_connection(self._engine, read_only=False) as connection:
            connection.execute(delete(keys).where(_held(mark, token)))
            connection.commit()

    def sweep(self, before: datetime) -> int:
        with open_connection(self._engine, read_only=False) as connection:
            swept = connection.execute(delete(keys).where(keys.c.created_at < before)).rowcount
            connection.commit()
        return swept


def _forget(connection: Connection, before: datetime) -> None:
    """What another transaction is taking away at this moment is left to it."""
    identity = (keys.c.account_id, keys.c.key)
    old = select(*identity).where(keys.c.created_at < before).order_by(keys.c.created_at).limit(_SWEPT_AT_ONCE)
    connection.execute(delete(keys).where(tuple_(*identity).in_(old.with_for_update(skip_locked=True))))


def _known(connection: Connection, mark: RequestMark, row: Mapping[str, Any], now: datetime) -> KeptAnswer | None:
    """What stands under the key, which ``row`` takes over when nobody holds it any more."""
    found = connection.execute(select(keys).where(_named(mark))).mappings().one_or_none()
    if found is None:
        raise ConflictError("idempotency.in_progress")
    if found["created_at"] > now - KEPT:
        if found["digest"] != mark.digest:
            raise DomainError("idempotency.reused")
        if found["status"] is not None:
            return KeptAnswer(found["status"], json.loads(found["headers"]), found["body"])
        if found["held_until"] > now:
            raise ConflictError("idempotency.in_progress")
    fresh = {"status": None, "headers": "{}", "body": None, **row}
    taken = connection.execute(update(keys).where(_named(mark), keys.c.token == found["token"]).values(fresh))
    if taken.rowcount != 1:
        raise ConflictError("idempotency.in_progress")
    return None


def _row(mark: RequestMark, token: str, now: datetime, until: datetime) -> dict[str, Any]:
    return {
        "account_id": mark.account_id,
        "key": mark.key,
        "method": mark.method,
        "path": mark.path,
        "digest": mark.digest,
        "token": token,
        "held_until": until,
        "headers": "{}",
        "created_at": now,
    }


def _named(mark: RequestMark) -> ColumnElement[bool]:
    return (keys.c.account_id == mark.account_id) & (keys.c.key == mark.key)


def _held(mark: RequestMark, token: str) -> ColumnElement[bool]:
    return _named(mark) & (keys.c.token == token) & keys.c.status.is_(None)

"""Bodies, their meetings, and substitutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select, update

from doc_service.domain.bodies import Body
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.meetings import Meeting
from doc_service.domain.substitution import Substitution
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.stale import require_updated
from doc_service.persistence.tables import bodies, meetings, substitutions

_BODY = Codec(Body)
_MEETING = Codec(Meeting)
_SUBSTITUTION = Codec(Substitution)


class SqlBodies:
    """``doc_service.ports.Bodies``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, body: Body) -> None:
        """Raises ``ConflictError`` "body.exists"."""
        row = {"id": body.id, "name": body.name, "version": body.version, "body": _BODY.encode(body)}
        if not insert_new(self._connection, bodies, row):
            raise ConflictError("body.exists", "id", id=body.id)

    def get(self, body_id: str) -> Body:
        """Raises ``NotFoundError`` "body.not_found"."""
        body = self.find(body_id)
        if body is None:
            raise NotFoundError("body.not_found", "id", id=body_id)
        return body

    def find(self, body_id: str) -> Body | None:
        query = self._locks.shared(select(bodies.c.body).where(bodies.c.id == body_id))
        text = self._connection.scalar(query)
        if text is None and self._locks.name("body", body_id):
            text = self._connection.scalar(query)
        return None if text is None else _BODY.decode(text)


class SqlMeetings:
    """``doc_service.ports.Meetings``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, meeting: Meeting) -> None:
        """Raises ``ConflictError`` "meeting.exists"; ``DomainError`` "persistence.unknown_reference" without body."""
        row = {"id": meeting.id, "body_id": meeting.body_id, **_meeting_row(meeting)}
        if not insert_new(self._connection, meetings, row):
            raise ConflictError("meeting.exists", "id", id=meeting.id)

    def get(self, meeting_id: str) -> Meeting:
        """Raises ``NotFoundError`` "meeting.not_found"."""
        meeting = self.find(meeting_id)
        if meeting is None:
            raise NotFoundError("meeting.not_found", "id", id=meeting_id)
        return meeting

    def find(self, meeting_id: str) -> Meeting | None:
        query = self._locks.exclusive(select(meetings.c.body).where(meetings.c.id == meeting_id))
        text = self._connection.scalar(query)
        if text is None and self._locks.name("meeting", meeting_id):
            text = self._connection.scalar(query)
        return None if text is None else _MEETING.decode(text)

    def save(self, meeting: Meeting) -> Meeting:
        """Raises ``ConflictError`` "state.stale", ``NotFoundError`` "meeting.not_found"."""
        saved = replace(meeting, version=meeting.version + 1)
        changed = self._connection.execute(
            update(meetings)
            .where(meetings.c.id == meeting.id, meetings.c.version == meeting.version)
            .values(body_id=saved.body_id, **_meeting_row(saved))
        )
        require_updated(self._connection, meetings, "meeting", meeting.id, changed.rowcount)
        return saved

    def of_body(self, body_id: str) -> Sequence[Meeting]:
        """In the order in which they open."""
        query = select(meetings.c.body).where(meetings.c.body_id == body_id)
        rows = self._connection.scalars(query.order_by(meetings.c.opens_at, meetings.c.id))
        return [_MEETING.decode(text) for text in rows]


def _meeting_row(meeting: Meeting) -> dict[str, object]:
    return {
        "opens_at": meeting.opens_at,
        "state": str(meeting.state),
        "version": meeting.version,
        "body": _MEETING.encode(meeting),
    }


class SqlSubstitutions:
    """``doc_service.ports.Substitutions``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, substitution: Substitution) -> None:
        """Raises ``ConflictError`` "substitution.exists"."""
        row = {
            "id": substitution.id,
            "absent_id": substitution.absent_id,
            "since": substitution.since,
            "until": substitution.until,
            "body": _SUBSTITUTION.encode(substitution),
        }
        if not insert_new(self._connection, substitutions, row):
            raise ConflictError("substitution.exists", "id", id=substitution.id)

    def get(self, substitution_id: str) -> Substitution:
        """Raises ``NotFoundError`` "substitution.not_found"."""
        text = self._connection.scalar(select(substitutions.c.body).where(substitutions.c.id == substitution_id))
        if text is None:
            raise NotFoundError("substitution.not_found", "id", id=substitution_id)
        return _SUBSTITUTION.decode(text)

    def save(self, substitution: Substitution) -> None:
        """Raises ``NotFoundError`` "substitution.not_found"."""
        values = {"since": substitution.since, "until": substitution.until, "body": _SUBSTITUTION.encode(substitution)}
        changed = update(substitutions).where(substitutions.c.id == substitution.id).values(values)
        if self._connection.execute(changed).rowcount != 1:
            raise NotFoundError("substitution.not_found", "id", id=substitution.id)

    def of_person(self, absent_id: str) -> Sequence[Substitution]:
        """By first day; of equals the one recorded first."""
        self._locks.name("substitutions of", absent_id)
        query = select(substitutions.c.body).where(substitutions.c.absent_id == absent_id)
        rows = self._connection.scalars(query.order_by(substitutions.c.since, substitutions.c.rowno))
        return [_SUBSTITUTION.decode(text) for text in rows]

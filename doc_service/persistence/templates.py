"""Uploaded templates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.templates import TemplateHistory, TemplateMove, TemplateVersion
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_templates import template_moves, template_versions

_VERSION = Codec(TemplateVersion)
_MOVE = Codec(TemplateMove)


class SqlTemplates:
    """``doc_service.ports_templates.Templates``. A writing unit locks the version that it reads."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, version: TemplateVersion, content: bytes) -> None:
        row = {
            "name": version.name,
            "instrument": version.instrument,
            "number": version.number,
            "content": content,
            "body": _VERSION.encode(version),
        }
        if not insert_new(self._connection, template_versions, row):
            raise ConflictError("template.exists", "number", name=version.name)

    def get(self, name: str) -> TemplateHistory:
        found = self.find(name)
        if found is None:
            raise NotFoundError("template.version_not_found", "name", name=name)
        return found

    def find(self, name: str) -> TemplateHistory | None:
        self._locks.name("templates", name)
        query = select(template_versions.c.body).where(template_versions.c.name == name)
        text = self._connection.scalar(query)
        return None if text is None else self._history(_VERSION.decode(text))

    def content(self, name: str) -> bytes:
        query = select(template_versions.c.content).where(template_versions.c.name == name)
        content = self._connection.scalar(query)
        if content is None:
            raise NotFoundError("template.version_not_found", "name", name=name)
        return bytes(content)

    def of_instrument(self, instrument: str) -> Sequence[TemplateHistory]:
        query = select(template_versions.c.body).where(template_versions.c.instrument == instrument)
        found = self._connection.scalars(query.order_by(template_versions.c.number))
        return [self._history(_VERSION.decode(text)) for text in found]

    def move(self, move: TemplateMove) -> None:
        row = {"id": move.id, "name": move.name, "moved_at": move.at, "body": _MOVE.encode(move)}
        if not insert_new(self._connection, template_moves, row):
            raise ConflictError("template.exists", "id", name=move.id)

    def _history(self, version: TemplateVersion) -> TemplateHistory:
        query = select(template_moves.c.body).where(template_moves.c.name == version.name)
        moves = self._connection.scalars(query.order_by(template_moves.c.rowno))
        return TemplateHistory(version, tuple(_MOVE.decode(text) for text in moves))

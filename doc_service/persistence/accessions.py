"""Accessions, papers of others, and editions of the registry of participants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from doc_service.domain.clusters.accession import Accession
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.registry import Difference, Edition
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_clusters import accessions, case_files, registry_editions

_ACCESSION = Codec(Accession)
_EDITION = Codec(Edition)
_DIFFERENCE = Codec(Difference)
_FILE_COLUMNS = tuple(c for c in case_files.c if c.name != "rowno")


class SqlAccessions:
    """``doc_service.ports_clusters.Accessions``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, accession: Accession) -> None:
        row = {
            "id": accession.id,
            "cluster_id": accession.cluster_id,
            "organisation_id": accession.organisation_id,
            "opened_at": accession.opened_at,
            **_accession_row(accession),
        }
        if not insert_new(self._connection, accessions, row):
            raise ConflictError("accession.in_progress", "organisation_id", id=accession.organisation_id)

    def get(self, accession_id: str) -> Accession:
        """Raises ``NotFoundError`` "accession.not_found"."""
        found = self.find(accession_id)
        if found is None:
            raise NotFoundError("accession.not_found", "id", id=accession_id)
        return found

    def find(self, accession_id: str) -> Accession | None:
        query = self._locks.exclusive(select(accessions.c.body).where(accessions.c.id == accession_id))
        text = self._connection.scalar(query)
        return None if text is None else _ACCESSION.decode(text)

    def save(self, accession: Accession) -> Accession:
        saved = replace(accession, version=accession.version + 1)
        own = (accessions.c.id == accession.id, accessions.c.version == accession.version)
        if self._connection.execute(update(accessions).where(*own).values(_accession_row(saved))).rowcount != 1:
            raise ConflictError("state.stale", "version", aggregate="accession", id=accession.id)
        return saved

    def of_cluster(self, cluster_id: str) -> Sequence[Accession]:
        rows = accessions.c
        query = select(rows.body).where(rows.cluster_id == cluster_id).order_by(rows.opened_at, rows.id)
        return [_ACCESSION.decode(text) for text in self._connection.scalars(query)]


def _accession_row(accession: Accession) -> dict[str, Any]:
    return {
        "state": str(accession.state),
        "live": int(accession.live),
        "version": accession.version,
        "body": _ACCESSION.encode(accession),
    }


class SqlCaseFiles:
    """``doc_service.ports_clusters.CaseFiles``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, file: CaseFile) -> None:
        insert_new(self._connection, case_files, {c.name: getattr(file, c.name) for c in _FILE_COLUMNS})

    def get(self, file_id: str) -> CaseFile:
        """Raises ``NotFoundError`` "file.not_found"."""
        found = self.find(file_id)
        if found is None:
            raise NotFoundError("file.not_found", "id", id=file_id)
        return found

    def find(self, file_id: str) -> CaseFile | None:
        query = select(*_FILE_COLUMNS).where(case_files.c.id == file_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else CaseFile(**row)

    def of_owner(self, owner: str, owner_id: str) -> Sequence[CaseFile]:
        rows = case_files.c
        query = select(*_FILE_COLUMNS).where(rows.owner == owner, rows.owner_id == owner_id).order_by(rows.rowno)
        return [CaseFile(**row) for row in self._connection.execute(query).mappings()]

    def ids(self) -> Iterator[str]:
        yield from self._connection.execute(select(case_files.c.id).order_by(case_files.c.rowno)).scalars()


class SqlEditions:
    """``doc_service.ports_clusters.Editions``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, edition: Edition, difference: Difference) -> None:
        row = {
            "cluster_id": edition.cluster_id,
            "number": edition.number,
            "made_on": edition.made_on,
            "edition": _EDITION.encode(edition),
            "difference": _DIFFERENCE.encode(difference),
        }
        if not insert_new(self._connection, registry_editions, row):
            raise ConflictError("registry.edition_exists", "number", number=edition.number)

    def last(self, cluster_id: str) -> Edition | None:
        rows = registry_editions.c
        query = select(rows.edition).where(rows.cluster_id == cluster_id).order_by(rows.number.desc()).limit(1)
        text = self._connection.scalar(query)
        return None if text is None else _EDITION.decode(text)

    def get(self, cluster_id: str, number: int) -> tuple[Edition, Difference]:
        """Raises ``NotFoundError`` "registry.edition_not_found"."""
        rows = registry_editions.c
        query = select(rows.edition, rows.difference).where(rows.cluster_id == cluster_id, rows.number == number)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("registry.edition_not_found", "number", number=number)
        return _EDITION.decode(row.edition), _DIFFERENCE.decode(row.difference)

    def numbers(self, cluster_id: str) -> Sequence[int]:
        rows = registry_editions.c
        query = select(rows.number).where(rows.cluster_id == cluster_id).order_by(rows.number)
        return list(self._connection.scalars(query))

"""PostgreSQL: a dump of the very snapshot that questions are answered from, and its way back in one transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, create_engine, text

from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.dialect import adapter_of
from doc_service.persistence.dump import Loader, SqlSnapshot, fsync_path

STAGING_SCHEMA = "doc_service_restoring"
_CHUNK = 1 << 20


class PostgresDump:
    """``DatabaseDumper`` by ``pg_dump -Fc`` in the very snapshot that questions are answered from. ``tools``: where
    ``pg_dump`` is, when not in PATH; it must not be older than the server."""

    file_name = "database.pgdump"

    def __init__(self, url: str, tools: Path | None = None) -> None:
        _, self._url = adapter_of(url)
        self._tools = tools

    @contextmanager
    def dump(self, target: Path) -> Iterator[SqlSnapshot]:
        engine = create_engine(self._url, isolation_level="REPEATABLE READ")
        try:
            with engine.connect().execution_options(postgresql_readonly=True) as connection:
                snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
                self._run(target, str(snapshot))
                yield SqlSnapshot(connection)
        finally:
            engine.dispose()

    def _run(self, target: Path, snapshot: str) -> None:
        command = [
            _program("pg_dump", self._tools), "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={snapshot}", f"--file={target}", f"--dbname={_conninfo(self._url)}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(self._url))
        if done.returncode != 0:
            raise DomainError("backup.dump_failed", "", reason=_last_line(done.stderr))
        fsync_path(target)


class PostgresLoad(Loader):
    """``DatabaseLoader``: one transaction brings the dump into a schema of its own, which becomes ``public`` at the
    end. The account must own the database. ``tools``: where ``pg_restore`` and ``psql`` are, when not in PATH."""

    engine = "postgresql"

    def __init__(self, url: str, tools: Path | None = None) -> None:
        _, self._url = adapter_of(url)
        self._tools = tools
        options = " ".join([*_options(self._url), f"-csearch_path={STAGING_SCHEMA}"])
        staging = self._url.update_query_dict({"options": options})
        self.staging_url = staging.render_as_string(hide_password=False)

    def require_empty(self) -> None:
        query = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LIMIT 1")
        with self._plain() as connection:
            found = connection.scalar(query)
        if found is not None:
            raise ConflictError("backup.database_not_empty", "", found=str(found))

    def load(self, dump: Path) -> None:
        """The end of the transaction is sent only when ``pg_restore`` has come to its own: a script cut short must not
        be committed. Errors go to a file: a full pipe that nobody reads would stop both programs."""
        restore = [_program("pg_restore", self._tools), "--no-owner", "--no-privileges", "--file=-", str(dump)]
        psql = [_program("psql", self._tools), "-X", "-q", "-v", "ON_ERROR_STOP=1", f"--dbname={_conninfo(self._url)}"]
        environment = _environment(self._url)
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=errors, env=environment) as script,
            subprocess.Popen(
                psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, env=environment
            ) as receiver,
        ):
            complete = _transfer(script, receiver)
            if not (complete and receiver.wait() == 0):
                script.kill()
                receiver.wait()
                errors.seek(0)
                raise DomainError("backup.load_failed", "", reason=_last_line(errors.read().decode(errors="replace")))

    def finish(self) -> None:
        with self._plain() as connection:
            connection.execute(text("DROP SCHEMA public RESTRICT"))
            connection.execute(text(f"ALTER SCHEMA {STAGING_SCHEMA} RENAME TO public"))
            connection.commit()

    @contextmanager
    def _plain(self) -> Iterator[Connection]:
        engine = create_engine(self._url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _conninfo(url: URL) -> str:
    """Without the password, which would stand in the list of processes."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    return make_conninfo(host=url.host, port=url.port, user=url.username, dbname=url.database, **query)


def _environment(url: URL) -> dict[str, str]:
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    return {**os.environ, "LC_ALL": "C", **secret}


def _options(url: URL) -> list[str]:
    options = url.query.get("options", "")
    return [options] if isinstance(options, str) and options else []


def _program(name: str, tools: Path | None) -> str:
    """``DomainError`` "backup.no_tool" (name)."""
    found = shutil.which(name, path=str(tools) if tools else None)
    if found is None:
        raise DomainError("backup.no_tool", "", name=name)
    return found


def _transfer(script: subprocess.Popen[bytes], receiver: subprocess.Popen[bytes]) -> bool:
    """False when either went away first."""
    assert script.stdout is not None
    assert receiver.stdin is not None
    begin = f"BEGIN; DROP SCHEMA IF EXISTS {STAGING_SCHEMA} CASCADE;\n"
    end = f"ALTER SCHEMA public RENAME TO {STAGING_SCHEMA}; CREATE SCHEMA public; COMMIT;\n"
    try:
        receiver.stdin.write(begin.encode())
        shutil.copyfileobj(script.stdout, receiver.stdin, _CHUNK)
        complete = script.wait() == 0
        receiver.stdin.write(end.encode() if complete else b"")
        receiver.stdin.close()
    except BrokenPipeError:
        return False
    return complete


def _last_line(output: str) -> str:
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "")

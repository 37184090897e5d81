"""PostgreSQL on one loopback port, over a cluster that survives a restart."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import psycopg
from psycopg import sql

from tools.servers.binaries import find
from tools.servers.process import Process, free_port, hand_over, scratch

ACCOUNT = "postgres"
"""The system's account for the server: it refuses to be root."""
SUPERUSER = "postgres"
OWNER = "doc_service"
"""Role that owns the databases and may make further ones; no superuser, as in production."""
MAX_CONNECTIONS = 200


class PostgresServer:
    """One cluster under ``directory``: made at the first start; started again it has the same data, port and
    passwords. ``directory`` must be reachable for other accounts when we are root. Durable as in production (fsync).

    ``settings`` adds server settings; ``locale`` is the collation of all its databases.
    """

    def __init__(
        self, directory: Path | None = None, *, settings: Mapping[str, str] | None = None, locale: str = "C.UTF-8"
    ) -> None:
        self.directory = directory or scratch("postgres")
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self._locale = locale
        state = self.directory / "server.json"
        if not state.exists():
            made = {"port": free_port(), "password": secrets.token_hex(12), "owner_password": secrets.token_hex(12)}
            state.write_text(json.dumps(made), encoding="utf-8")
        kept: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
        self.port: int = kept["port"]
        self.password: str = kept["password"]
        self.owner_password: str = kept["owner_password"]
        options = {**_SETTINGS, "port": str(self.port), **(settings or {})}
        self.process = Process(
            "postgres",
            [find("postgres"), "-D", str(self.data), *(f"--{name}={value}" for name, value in options.items())],
            self._ready, log=self.directory / "postgres.log", user=ACCOUNT,
        )  # fmt: skip

    def url(self, database: str) -> str:
        """For SQLAlchemy, as the owner of the databases."""
        return f"postgresql+psycopg://{OWNER}:{self.owner_password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """An empty one, owned by ``OWNER``; gives its URL."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """With everybody who is in it thrown out."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """As the superuser, each statement a transaction."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=SUPERUSER, password=self.password, dbname=database,
            autocommit=True, connect_timeout=5,
        )  # fmt: skip

    def start(self) -> Self:
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self.process.start()
        with self.connect() as connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone() is None:
                role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                connection.execute(role.format(sql.Identifier(OWNER), sql.Literal(self.owner_password)))
        return self

    def stop(self) -> None:
        """Transactions are broken off and everything is written (a "fast" shutdown)."""
        self.thaw()
        self.process.stop(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, as when the machine's power fails."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.kill()

    def freeze(self) -> None:
        """Nothing answers any more; connections stay open."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def remove(self) -> None:
        """Killed, and everything that was kept deleted."""
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _processes(self) -> list[psutil.Process]:
        """The postmaster first: each of its processes is a group of its own."""
        if not self.process.running:
            return []
        postmaster = psutil.Process(self.process.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _ready(self) -> bool:
        try:
            with self.connect() as connection:
                return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        except psycopg.Error:
            return False

    def _make_cluster(self) -> None:
        self.data.mkdir(exist_ok=True)
        self.data.chmod(0o700)
        hand_over(self.data, ACCOUNT)
        secret = self.directory / "superuser.txt"
        secret.write_text(self.password, encoding="utf-8")
        hand_over(secret, ACCOUNT)
        done = subprocess.run(
            [
                find("initdb"), "-D", str(self.data), "-U", SUPERUSER, f"--pwfile={secret}",
                "--auth=scram-sha-256", "--encoding=UTF8", f"--locale={self._locale}", "--no-instructions",
            ],
            capture_output=True, text=True, timeout=120, check=False, cwd="/",
            **({"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.getuid() == 0 else {}),
        )  # fmt: skip
        secret.unlink()
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": str(MAX_CONNECTIONS),
    "fsync": "on",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}

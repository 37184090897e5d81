"""What the containers of PostgreSQL and RabbitMQ load at their first start, loaded by the real servers."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from doc_service.bootstrap import migrate_database
from doc_service.settings import Settings
from tests.deploy.conftest import ROOT
from tools.servers.postgres import PostgresServer

pytestmark = pytest.mark.slow


def test_the_services_role_owns_its_database_and_nothing_else(tmp_path: Path) -> None:
    """deploy/postgres: the role can bring its database to the newest schema, and make neither roles nor databases."""
    secret = tmp_path / "postgres_service_password"
    secret.write_text("of'the\\service")
    with PostgresServer() as server:
        owner = make_url(server.url("postgres"))
        with server.connect() as connection:
            connection.execute("DROP ROLE doc_service")  # that of the tests' server
        environment = {
            "PATH": os.environ["PATH"],
            "PGHOST": str(owner.host),
            "PGPORT": str(owner.port),
            "PGPASSWORD": server.password,
            "POSTGRES_USER": "postgres",
            "SERVICE_PASSWORD_FILE": str(secret),
        }
        script = ROOT / "deploy" / "postgres" / "10-service.sh"
        subprocess.run(["/bin/sh", script], env=environment, check=True, capture_output=True)
        service = owner.set(username="doc_service", password=secret.read_text(), database="doc_service")
        settings = Settings(data_dir=tmp_path, database_url=service.render_as_string(hide_password=False))
        assert migrate_database(settings)
        plain = service.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for forbidden in ("CREATE ROLE other", "CREATE DATABASE other", "ALTER SYSTEM SET work_mem = '1MB'"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(forbidden)
        server.remove()

"""Production on one machine, natively: ``python -m tools.production demo --out DIR`` or ``… run -- COMMAND``.

Starts PostgreSQL, RabbitMQ, MinIO, a second S3 server as reserve centre, a certification centre with time-stamping
authority, then the service itself in production settings: the API, worker processes and beat. Whatever a
``DOC_SERVICE_…`` variable names already is used as it is and not started. Everything ends with the command; the data
stay in the directory, and the next start goes on with them.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from doc_service.demo.scenario import build_scenario
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.civil_time import baku_date
from doc_service.domain.people import Person
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.services.signers import people_of
from doc_service.system import SystemClock
from signing.devpki.profiles import az_upper
from tools.servers.minio import Minio
from tools.servers.postgres import PostgresServer
from tools.servers.process import Process, free_port
from tools.servers.provider import PIN, Provider, Subject
from tools.servers.rabbitmq import RabbitMq

PROGRAM = Path(sys.executable).with_name("doc-service")
DATABASE = "doc_service"
BUCKET = "originals"


@dataclass(slots=True)
class Parts:
    """What runs; ``environment`` is what a process of the service needs to take part, on this machine or another."""

    place: Path
    environment: dict[str, str] = field(default_factory=dict)
    postgres: PostgresServer | None = None
    rabbitmq: RabbitMq | None = None
    minio: Minio | None = None
    reserve: Minio | None = None
    provider: Provider | None = None
    workers: list[Process] = field(default_factory=list)
    beat: Process | None = None
    api: Process | None = None

    @property
    def full_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


@contextmanager
def production(
    place: Path, *, workers: int = 2, people: Sequence[Person] | None = None, serve: bool = True
) -> Iterator[Parts]:
    """All parts, ready; ended in order with the block. ``people`` get certificates. ``serve`` False: the servers and
    the schema only; the caller starts processes of the service itself."""
    place.mkdir(parents=True, exist_ok=True)
    parts = Parts(place)
    with ExitStack() as stack:
        _servers(parts, stack, people if people is not None else demonstration_people())
        run([str(PROGRAM), "migrate"], parts.full_environment)
        if serve:
            _service(parts, stack, workers)
        yield parts


def _servers(parts: Parts, stack: ExitStack, people: Sequence[Person]) -> None:
    given, ours = os.environ, parts.environment
    ours["DOC_SERVICE_ENVIRONMENT"] = "production"
    if "DOC_SERVICE_DATABASE_URL" not in given:
        parts.postgres = stack.enter_context(PostgresServer(parts.place / "postgres"))
        with suppress(psycopg.errors.DuplicateDatabase):
            parts.postgres.create_database(DATABASE)
        ours["DOC_SERVICE_DATABASE_URL"] = parts.postgres.url(DATABASE)
    if "DOC_SERVICE_BROKER_URL" not in given:
        parts.rabbitmq = stack.enter_context(RabbitMq(parts.place / "rabbitmq"))
        ours["DOC_SERVICE_BROKER_URL"] = parts.rabbitmq.url
    ours["DOC_SERVICE_JOBS"] = "celery"
    if "DOC_SERVICE_ARCHIVE_URL" not in given:
        parts.minio = stack.enter_context(Minio(parts.place / "minio"))
        _store(parts, "ARCHIVE", parts.minio)
    if "DOC_SERVICE_RESERVE_URL" not in given:
        parts.reserve = stack.enter_context(Minio(parts.place / "reserve"))
        _store(parts, "RESERVE", parts.reserve)
    if "DOC_SERVICE_TRUST_DIR" not in given:
        parts.provider = Provider(parts.place / "provider", [subject(person) for person in people])
        parts.provider.start()
        stack.callback(parts.provider.stop)
        ours["DOC_SERVICE_PKI"] = "trusted"
        ours["DOC_SERVICE_TRUST_DIR"] = str(parts.provider.trust_dir)
        ours["DOC_SERVICE_TSA_URL"] = parts.provider.tsa_url
    if "DOC_SERVICE_AUDIT_KEY_FILE" not in given:
        ours["DOC_SERVICE_AUDIT_KEY_FILE"] = str(_audit_key(parts.place / "audit-key.pem"))
    if "DOC_SERVICE_SECRET_KEY_FILE" not in given:
        ours["DOC_SERVICE_SECRET_KEY_FILE"] = str(_secret_key(parts.place / "secret-key"))


def _store(parts: Parts, name: str, server: Minio) -> None:
    """A bucket with object lock and an account with the least rights; the service never sees the administrator's."""
    url = server.bucket_url(BUCKET)
    access, secret = f"{name.lower()}-writer", "writer-secret-of-the-demonstration"
    credentials = {
        f"DOC_SERVICE_{name}_ACCESS_KEY": access,
        f"DOC_SERVICE_{name}_SECRET_KEY": secret,
    }
    administrator = {
        "DOC_SERVICE_STORAGE_ADMIN_ACCESS_KEY": server.access_key,
        "DOC_SERVICE_STORAGE_ADMIN_SECRET_KEY": server.secret_key,
    }
    credentials[f"DOC_SERVICE_{name}_SWEEPER_ACCESS_KEY"] = f"{name.lower()}-sweeper"
    credentials[f"DOC_SERVICE_{name}_SWEEPER_SECRET_KEY"] = "sweeper-secret-of-the-demonstration"
    command = [str(PROGRAM), "storage", "setup", url, *(["--reserve"] if name == "RESERVE" else [])]
    run(command, {**os.environ, **credentials, **administrator})
    parts.environment |= {f"DOC_SERVICE_{name}_URL": url, **credentials}


def _service(parts: Parts, stack: ExitStack, workers: int) -> None:
    for number in range(1, workers + 1):
        parts.workers.append(stack.enter_context(service_process(parts, f"worker{number}", "worker")))
    parts.beat = stack.enter_context(service_process(parts, "beat", "beat"))
    port = free_port()
    parts.api = stack.enter_context(
        service_process(parts, "api", "up", ready_url=f"http://127.0.0.1:{port}/health/ready", port=port)
    )


def service_process(parts: Parts, name: str, *arguments: str, ready_url: str = "", port: int = 0) -> Process:
    """A process of the service with a data directory of its own, as on a machine of its own."""
    data = parts.place / name
    data.mkdir(exist_ok=True)
    environment = {**parts.environment, "DOC_SERVICE_DATA_DIR": str(data)}
    if port:
        environment["DOC_SERVICE_PORT"] = str(port)
    return Process(
        name, [str(PROGRAM), *arguments], lambda: not ready_url or _answers(ready_url),
        log=parts.place / f"{name}.log", environment=environment,
    )  # fmt: skip


def _answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bool(answer.status == 200)


def demonstration_people() -> list[Person]:
    """Everybody in the demonstration's meeting."""
    scenario = build_scenario(kq_protokol(BODY_KINDS), baku_date(SystemClock().now()))
    held = replace(scenario.convened, attendance=tuple(scenario.record.attendance))
    return list(people_of(scenario.body, held).values())


def subject(person: Person) -> Subject:
    """The person as a national centre writes them into a certificate: names in capitals, the FİN as serialNumber."""
    name = person.name
    return Subject(
        person.fin, az_upper(name.surname), az_upper(name.given), az_upper(name.full), person.organisation[:60]
    )


def _audit_key(path: Path) -> Path:
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(pem)
        path.chmod(0o600)
    return path


def _secret_key(path: Path) -> Path:
    if not path.exists():
        path.write_text(secrets.token_hex(32))
        path.chmod(0o600)
    return path


def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Runs a command to its end; a failure ends everything with its message."""
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.production", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    demo = actions.add_parser("demo", help="the demonstration in production settings")
    demo.add_argument("--out", type=Path, required=True)
    other = actions.add_parser("run", help="any command with the environment of the parts")
    other.add_argument("--place", type=Path, required=True)
    other.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    place = options.place if options.action == "run" else options.out / "parts"
    with production(place.resolve()) as parts:
        environment = parts.full_environment
        if options.action == "run":
            return subprocess.run([word for word in options.command if word != "--"], env=environment).returncode
        keys = []
        if parts.provider is not None:
            keys = ["--keys", str(parts.provider.place / "people"), "--pin", PIN]
        return subprocess.run([PROGRAM, "demo", "--out", options.out, *keys], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Settings: one tree, from the environment (``DOC_SERVICE_…``) and ``.env``. Production refuses development values."""

from __future__ import annotations

import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
)

from doc_service.settings_base import Environment
from doc_service.settings_notify import NotifyOptions
from doc_service.settings_sima import sima_problems
from signing.api import Level

__all__ = ["SECRETS_DIR", "Environment", "JobsMode", "LogFormat", "PkiMode", "Settings"]

SECRETS_DIR = "DOC_SERVICE_SECRETS_DIR"
_HERE = Path(__file__).resolve().parent


def _templates() -> Path:
    """Beside the packages in a checkout, inside the package when installed from a wheel."""
    checkout = _HERE.parent / "templates" / "docx"
    return checkout if checkout.is_dir() else _HERE / "templates" / "docx"


class PkiMode(StrEnum):
    """``development``: a PKI made at first start, for trying out. ``trusted``: anchors from ``trust_dir``."""

    DEVELOPMENT = "development"
    TRUSTED = "trusted"


class JobsMode(StrEnum):
    """``thread``: a thread of the process that serves. ``celery``: workers on any number of machines."""

    THREAD = "thread"
    CELERY = "celery"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class Settings(NotifyOptions):
    """Every setting of the service; the defaults are the embedded ones."""

    data_dir: Path = Path("data")
    database_url: str = Field(default="", repr=False, description="SQLAlchemy URL; empty: SQLite in data_dir")
    database_lock_timeout: timedelta = Field(
        default=timedelta(seconds=10), description="Longest wait for a lock in a transaction (PostgreSQL)"
    )
    archive_url: str = Field(
        default="", description="s3+https://host[:port]/bucket[?region=…]; empty: write-once files in data_dir"
    )
    archive_access_key: SecretStr = SecretStr("")
    archive_secret_key: SecretStr = SecretStr("")
    archive_sweeper_access_key: SecretStr = Field(
        default=SecretStr(""), description="May delete what nobody refers to; without it orphans are left alone on S3"
    )
    archive_sweeper_secret_key: SecretStr = SecretStr("")
    archive_ca_file: Path | None = Field(default=None, description="CA of the S3 servers, when not a public one")
    archive_encryption: str = Field(default="", description='Server-side: "AES256" or "aws:kms:<key id>"')
    archive_accept_unproven: tuple[str, ...] = Field(
        default=(), description="Storage checks whose failure is accepted, by name, as `storage check` prints them"
    )
    reserve_url: str = Field(default="", description="The reserve centre's store, as archive_url or file:///path")
    reserve_access_key: SecretStr = SecretStr("")
    reserve_secret_key: SecretStr = SecretStr("")
    reserve_sweeper_access_key: SecretStr = SecretStr("")
    reserve_sweeper_secret_key: SecretStr = SecretStr("")
    jobs: JobsMode = JobsMode.THREAD
    broker_url: SecretStr = Field(default=SecretStr(""), description="amqp://… or redis://… when jobs=celery")
    broker_quorum: bool = Field(default=False, description="Replicated queues, on a RabbitMQ cluster")
    worker_processes: int = Field(default=2, ge=1, le=64)
    sweep_every: timedelta = Field(default=timedelta(days=1), ge=timedelta(minutes=1))
    remind_every: timedelta = Field(default=timedelta(days=1), ge=timedelta(minutes=1))
    audit_key_file: Path | None = Field(
        default=None, description="Key that signs checkpoints, the same on every machine; empty: made in data_dir"
    )
    oidc_providers_file: Path | None = Field(
        default=None, description="TOML list of identity providers people may log in at; empty: none"
    )
    secret_key_file: Path | None = Field(
        default=None,
        description="Key of secrets at rest, the same on every machine; empty: made in data_dir (embedded)",
    )
    asan_file: Path | None = Field(default=None, description="TOML: ASAN İmza, with the operator's credentials")
    csc_providers_file: Path | None = Field(default=None, description="TOML: remote signing services (CSC)")
    secretariat_voen: str = Field(
        default="", description="VÖEN whose seal certifies copies; empty: the development seal's (embedded)"
    )
    seals_file: Path | None = Field(default=None, description="TOML: the organisation's seals on PKCS#11 tokens")
    sima_client_id: int = Field(default=0, ge=0, description="The operator's number at SİMA; 0: SİMA is off")
    sima_client_name: str = Field(default="", description="As the app shows it, in ASCII")
    sima_master_key: SecretStr = SecretStr("")
    sima_icon_url: str = ""
    sima_trust: tuple[str, ...] = Field(
        default=(), description="Labels of SİMA's anchors in trust.toml; empty: any anchor (embedded only)"
    )
    sima_redirects: tuple[str, ...] = Field(
        default=(), description="Origins that the app may open afterwards, besides the service's own"
    )
    sima_hold: timedelta = Field(
        default=timedelta(minutes=3),
        ge=timedelta(seconds=30),
        le=timedelta(minutes=15),
        description="How long a person has on the phone; the document is held meanwhile",
    )
    session_life: timedelta = Field(
        default=timedelta(hours=12), gt=timedelta(), description="A session ends so long after log-in"
    )
    session_idle: timedelta = Field(
        default=timedelta(minutes=30), gt=timedelta(minutes=1), description="A session ends so long after its last use"
    )
    log_format: LogFormat = LogFormat.TEXT
    log_level: str = "WARNING"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Prometheus port of this process, apart from the public one; 0: none"
    )
    otel_endpoint: str = Field(default="", description="OTLP/HTTP endpoint of traces; empty: none")
    templates_dir: Path = Field(default_factory=_templates)
    verapdf_command: str = Field(
        default="", description='Judges a sample of an uploaded template as PDF/A: exits 0 and prints "PASS …"'
    )
    pki: PkiMode = PkiMode.DEVELOPMENT
    trust_dir: Path | None = Field(default=None, description="Trust anchors (PEM and trust.toml) when pki=trusted")
    tsa_url: str = Field(default="", description="RFC 3161 service; empty: the development PKI's")
    tsa_timeout: timedelta = timedelta(seconds=10)
    revocation_timeout: timedelta = timedelta(seconds=5)
    signature_level: Level = Level.B_T
    final_level: Level = Level.B_LTA
    signing_lease: timedelta = timedelta(seconds=120)
    signing_lease_at_hand: timedelta = Field(
        default=timedelta(seconds=15), description="For keys that need no human between prepare and complete"
    )
    signing_queue_unseen: timedelta = Field(
        default=timedelta(seconds=15), gt=timedelta(), description="A place in the queue not asked about is lost"
    )
    signing_turn: timedelta = Field(
        default=timedelta(seconds=20), gt=timedelta(), description="How long a turn in the queue waits for its person"
    )
    sign_within: timedelta | None = Field(
        default=None, description="Deadline of documents that are given none, from the opening of signing"
    )
    remind_again: timedelta = Field(
        default=timedelta(minutes=30), ge=timedelta(), description="Between two reminders of one request by hand"
    )
    office_processes: int = Field(default=1, ge=1, le=16)
    office_timeout: timedelta = timedelta(seconds=120)
    office_memory_mb: int = Field(default=2048, ge=512)
    job_lease: timedelta = Field(default=timedelta(seconds=15), description="Renewed while a job runs")
    checkpoint_every: timedelta = timedelta(hours=1)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535, description="0: a free one")
    rate_per_address: int = Field(
        default=1200, ge=0, description="Requests a minute from one address to this process; 0: no limit, as below"
    )
    rate_per_account: int = Field(default=600, ge=0, description="Requests a minute of one account to this process")
    rate_logins: int = Field(default=30, ge=0, description="Attempts to log in a minute from one address")
    rate_phones: int = Field(default=240, ge=0, description="Calls of SİMA's app a minute from one address")
    rate_checks: int = Field(default=60, ge=0, description="Public checks of copies a minute from one address")
    rate_verifications: int = Field(default=60, ge=0, description="Files verified a minute for one address")
    event_tick: timedelta = Field(
        default=timedelta(milliseconds=500),
        ge=timedelta(milliseconds=50),
        description="How often event streams look for news, together",
    )
    event_streams: int = Field(default=5000, ge=0, description="Open event streams of this process; 0: no limit")
    event_streams_per_account: int = Field(default=50, ge=0)

    @model_validator(mode="after")
    def _production_is_not_a_trial(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        broker = self.broker_url.get_secret_value()
        refused = {
            "DOC_SERVICE_PKI=development: production needs pki=trusted and a trust_dir": self.pki
            is PkiMode.DEVELOPMENT,
            "DOC_SERVICE_TRUST_DIR is missing": self.trust_dir is None,
            "DOC_SERVICE_TSA_URL is missing: a qualified time-stamping authority is needed": not self.tsa_url,
            "DOC_SERVICE_FINAL_LEVEL=B-LT: revocation data that no time stamp covers are not archived": self.final_level
            is Level.B_LT,
            "DOC_SERVICE_DATABASE_URL must name a PostgreSQL database": not self.database_url.startswith("postgres"),
            "DOC_SERVICE_ARCHIVE_URL must name an S3 store with object lock (s3+https://…)": not (
                self.archive_url.startswith("s3+")
            ),
            "DOC_SERVICE_AUDIT_KEY_FILE is missing: every machine must sign with the same key": not self.audit_key_file,
            "DOC_SERVICE_SECRET_KEY_FILE is missing: every machine must open what another one sealed": not (
                self.secret_key_file
            ),
            "DOC_SERVICE_BROKER_URL is missing: jobs=celery needs one": self.jobs is JobsMode.CELERY and not broker,
        }
        problems = [text for text, wrong in refused.items() if wrong]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @model_validator(mode="after")
    def _sima_is_whole(self) -> Self:
        problems = sima_problems(
            client_id=self.sima_client_id, name=self.sima_client_name, key=self.sima_master_key.get_secret_value(),
            icon_url=self.sima_icon_url, redirects=self.sima_redirects, trust=self.sima_trust,
            production=self.environment is Environment.PRODUCTION, public_url=self.public_url,
        )  # fmt: skip
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Last come the files of ``DOC_SERVICE_SECRETS_DIR``, one a secret (e.g. ``doc_service_database_url``), as
        orchestrators mount them: such secrets stand in no environment and no list of processes."""
        directory = os.environ.get(SECRETS_DIR)
        mounted = (SecretsSettingsSource(settings_cls, directory),) if directory else ()
        return init_settings, env_settings, dotenv_settings, *mounted

    def __hash__(self) -> int:
        """Of a part: one of the fields is a mapping, which has no hash; equality compares all of them."""
        return hash((self.data_dir, self.database_url, self.archive_url))

    @property
    def audit_key(self) -> Path:
        return self.audit_key_file or self.data_dir / "audit-key.pem"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'doc-service.db'}"

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "archive"

    @property
    def service_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/") + "/"

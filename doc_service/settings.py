"""Settings: one tree, from the environment (``DOC_SERVICE_…``) and ``.env``. Production refuses development values."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from signing.api import Level

_HERE = Path(__file__).resolve().parent


def _templates() -> Path:
    """Beside the packages in a checkout, inside the package when installed from a wheel."""
    checkout = _HERE.parent / "templates" / "docx"
    return checkout if checkout.is_dir() else _HERE / "templates" / "docx"


class Environment(StrEnum):
    EMBEDDED = "embedded"
    PRODUCTION = "production"


class PkiMode(StrEnum):
    """``development``: a PKI made at first start, for trying out. ``trusted``: anchors from ``trust_dir``."""

    DEVELOPMENT = "development"
    TRUSTED = "trusted"


class Settings(BaseSettings):
    """Every setting of the service; the defaults are the embedded ones."""

    model_config = SettingsConfigDict(env_prefix="DOC_SERVICE_", env_file=".env", extra="ignore", frozen=True)

    environment: Environment = Environment.EMBEDDED
    data_dir: Path = Path("data")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in data_dir")
    templates_dir: Path = Field(default_factory=_templates)
    pki: PkiMode = PkiMode.DEVELOPMENT
    trust_dir: Path | None = Field(default=None, description="Trust anchors (PEM and trust.toml) when pki=trusted")
    tsa_url: str = Field(default="", description="RFC 3161 service; empty: the development PKI's")
    tsa_timeout: timedelta = timedelta(seconds=10)
    revocation_timeout: timedelta = timedelta(seconds=5)
    signature_level: Level = Level.B_T
    final_level: Level = Level.B_LTA
    signing_lease: timedelta = timedelta(seconds=120)
    office_processes: int = Field(default=1, ge=1, le=16)
    office_timeout: timedelta = timedelta(seconds=120)
    office_memory_mb: int = Field(default=2048, ge=512)
    job_lease: timedelta = Field(default=timedelta(seconds=15), description="Renewed while a job runs")
    checkpoint_every: timedelta = timedelta(hours=1)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535, description="0: a free one")

    @model_validator(mode="after")
    def _production_is_not_a_trial(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        problems = []
        if self.pki is PkiMode.DEVELOPMENT:
            problems.append("DOC_SERVICE_PKI=development: production needs pki=trusted and a trust_dir")
        if self.trust_dir is None:
            problems.append("DOC_SERVICE_TRUST_DIR is missing")
        if not self.tsa_url:
            problems.append("DOC_SERVICE_TSA_URL is missing: a qualified time-stamping authority is needed")
        if not self.database_url or self.database_url.startswith("sqlite"):
            problems.append("DOC_SERVICE_DATABASE_URL must name a PostgreSQL database")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'doc-service.db'}"

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "archive"

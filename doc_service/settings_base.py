"""What every part of the settings knows."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    EMBEDDED = "embedded"
    PRODUCTION = "production"


class BaseOptions(BaseSettings):
    """Read from the environment and ``.env``."""

    model_config = SettingsConfigDict(
        env_prefix="DOC_SERVICE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    environment: Environment = Environment.EMBEDDED
    public_url: str = Field(default="", description="Where people reach the service; empty: host and port")

"""What commands share: settings read once, and options that several of them have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from doc_service.domain.errors import DomainError
from doc_service.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of messages: az or en.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Data directory (default: DOC_SERVICE_DATA_DIR, else ./data).")
]


def load_settings(data: Path | None = None) -> Settings:
    """Settings of the environment, with the data directory of the command line.

    Raises ``DomainError`` "cli.settings" naming every unusable value."""
    try:
        return Settings(data_dir=data) if data is not None else Settings()
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DomainError("cli.settings", "", problem=problem.lstrip(": ")) from None


def language(value: str) -> str:
    """``az`` or ``en``; anything else is a usage error."""
    if value not in ("az", "en"):
        raise typer.BadParameter("az | en")
    return value

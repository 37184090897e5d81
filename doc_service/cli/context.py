"""What commands share: settings read once, and options that several of them have.

Commands import the rest of the house inside their functions, so that each loads only what it runs: ``--help`` answers
in 0.3 s instead of 3.5 s.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doc_service.domain.errors import DomainError, NotFoundError

if TYPE_CHECKING:
    from doc_service.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of messages: az or en.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Data directory (default: DOC_SERVICE_DATA_DIR, else ./data).")
]


def load_settings(data: Path | None = None) -> Settings:
    """Settings of the environment, with the data directory of the command line.

    Raises ``DomainError`` "cli.settings" naming every unusable value."""
    from pydantic import ValidationError

    from doc_service.settings import Settings

    try:
        return Settings(data_dir=data) if data is not None else Settings()
    except ValidationError as error:
        problem = "; ".join(_problem(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors())
        raise DomainError("cli.settings", "", problem=problem) from None


def _problem(name: str, message: str) -> str:
    """Names the variable; the model's own rule names its variables itself."""
    text = message.removeprefix("Value error, ")
    return f"DOC_SERVICE_{name.upper()}: {text}" if name else text


def existing_service(data: Path | None = None) -> Settings:
    """The settings of a service that has been started before: a mistyped directory must not become a new service.

    Raises ``NotFoundError`` "cli.no_service" (path)."""
    settings = load_settings(data)
    if not settings.database_url and not (settings.data_dir / "doc-service.db").is_file():
        raise NotFoundError("cli.no_service", "data", path=str(settings.data_dir))
    return settings


def language(value: str) -> str:
    """``az`` or ``en``; anything else is a usage error."""
    if value not in ("az", "en"):
        raise typer.BadParameter("az | en")
    return value

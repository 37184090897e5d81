"""Log records as JSON lines or text, with what the work is about and without personal data."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import secrets
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from doc_service.observability.context import bound
from doc_service.observability.redaction import redact

_OURS = ("request", "trace", "document", "job", "kind", "actor")
EXTRAS = frozenset(
    {"method", "route", "status", "seconds", "component", "stage", "code", "count", "attempt", "level", "check"}
)
"""Keys of ``extra`` that are written; whatever else a record carries is not, since nobody has judged it."""
_TAKEN_OVER = ("uvicorn", "uvicorn.error", "uvicorn.access", "celery", "celery.task", "kombu", "amqp", "py.warnings")
_NEUTRAL = frozenset({"system", "operator"})


class Pseudonyms:
    """Stands for who acts: the same actor gives the same sign while the key is the same. Without a key nobody can go
    back by trying every possible id, as with a plain digest. The default key lasts as long as the process."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def of(self, actor: str) -> str:
        if actor in _NEUTRAL:
            return actor
        return hashlib.blake2b(actor.encode(), key=self._key, digest_size=6).hexdigest()


class _SafeFormatter(logging.Formatter):
    """What both forms share. A record that cannot be formatted is told with its template alone: a log line never
    breaks the work that writes it."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        super().__init__()
        self._pseudonyms = pseudonyms

    def context(self, record: logging.LogRecord) -> dict[str, Any]:
        about = dict(bound())
        if "actor" in about:
            about["actor"] = self._pseudonyms.of(about["actor"])
        extras = {name: record.__dict__[name] for name in EXTRAS if name in record.__dict__}
        return {name: _plain(value) for name, value in {**about, **extras}.items()}

    def message(self, record: logging.LogRecord) -> str:
        try:
            text = record.getMessage()
        except Exception:
            text = str(record.msg)
        return redact(text)

    def failure(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[0] is not None:
            return trace_of(record.exc_info[1])
        return redact(record.exc_text) if record.exc_text else ""


class JsonFormatter(_SafeFormatter):
    """One JSON object a line: time (RFC 3339, UTC, microseconds), severity, logger, message, what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": moment(record),
            "severity": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            **self.context(record),
        }
        if failure := self.failure(record):
            line["exception"] = failure
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


class TextFormatter(_SafeFormatter):
    """For people at a terminal; line breaks of a message are shown, so that no text can pass for a record."""

    def format(self, record: logging.LogRecord) -> str:
        about = " ".join(f"{name}={value}" for name, value in self.context(record).items())
        message = self.message(record).replace("\r", "\\r").replace("\n", "\\n")
        head = f"{moment(record)} {record.levelname} {record.name}: {message}"
        failure = self.failure(record)
        return "\n".join(part for part in (f"{head} [{about}]" if about else head, failure) if part)


def moment(record: logging.LogRecord) -> str:
    """RFC 3339 in UTC with microseconds."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def trace_of(error: BaseException | None) -> str:
    """The trace of ``error`` and what caused it: places in the program and texts, redacted; never values of local
    variables. Source lines are left out: they add nothing to the place, and a literal in them looks like data."""
    parts = [_told(e) for e in _chain(error)]
    return "\nfrom: ".join(parts)


def _told(error: BaseException) -> str:
    places = "".join(
        f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(_tb(error), limit=-30)
    )
    return f"{type(error).__name__}: {redact(str(error))}{places}"


def _tb(error: BaseException) -> TracebackType | None:
    return error.__traceback__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < 8:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _plain(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


def configure_logging(
    form: str, level: str, *, stream: TextIO | None = None, pseudonyms: Pseudonyms | None = None
) -> logging.Handler:
    """Sets up the root logger alone and lets every other logger speak through it. ``form``: "json" or "text".
    ``level``: a name such as "INFO"; raises ``ValueError`` for another. Call it once, before servers start, and tell
    them to leave logging alone: ``uvicorn.Config(…, log_config=None, access_log=False)``; Celery's hijacking is off.
    Celery's library for processes cuts its logger off from the root, so that one is given the handler itself.
    Calling it again replaces what it set up."""
    levels = logging.getLevelNamesMapping()
    if level.upper() not in levels:
        raise ValueError(f"no log level: {level}")
    known = pseudonyms or Pseudonyms()
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(known) if form == "json" else TextFormatter(known))
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, _SafeFormatter) or type(old) is logging.StreamHandler:
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(levels[level.upper()])
    for name in _TAKEN_OVER:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    processes = logging.getLogger("multiprocessing")
    processes.handlers[:], processes.propagate = [handler], False
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(True)
    return handler


def formatted(record: logging.LogRecord, form: str = "json") -> str:
    """One record as it would be written; for tests of what a record shows."""
    stream = io.StringIO()
    formatter = JsonFormatter(Pseudonyms()) if form == "json" else TextFormatter(Pseudonyms())
    stream.write(formatter.format(record))
    return stream.getvalue()

"""Event names, allowed fields, levels of library loggers."""

from __future__ import annotations

import logging
import sys
from typing import Final, TextIO

ALLOWED_FIELDS: Final = frozenset({
    "attempt", "channel", "count", "error", "kind", "name", "period", "reason", "seconds", "version",
})  # fmt: skip
QUIET: Final = ("aiosqlite", "alembic", "asyncio", "httpcore", "httpx", "jieba", "matplotlib", "sqlalchemy", "telegram")
_LOGGER: Final = "jianfu"


class _Formatter(logging.Formatter):
    """Writes `time level event field=value`; never a traceback, whose frames could hold a report's text."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {key}={value}" for key, value in sorted(getattr(record, "fields", {}).items()))
        message = record.getMessage() if record.name.split(".")[0] == _LOGGER else f"library-warning name={record.name}"
        return f"{self.formatTime(record)} {record.levelname.lower()} {message}{fields}"


def configure_logging(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send our events to `stream` (standard error) and keep the libraries quiet.

    Library messages are replaced by the library's name: their texts may hold bound values, addresses or tokens.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_LOGGER).setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR if name == "asyncio" else logging.WARNING)
    logging.raiseExceptions = False


def record(event: str, *, level: int = logging.INFO, **fields: str | float) -> None:
    """Log one event; `event` is a fixed word, and only the allowed fields are taken.

    Raises:
        ValueError: a field is not on the list.
    """
    unknown = sorted(set(fields) - ALLOWED_FIELDS)
    if unknown:
        raise ValueError(f"log field {unknown[0]} is not allowed")
    logging.getLogger(_LOGGER).log(level, event, extra={"fields": fields})

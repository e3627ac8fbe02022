"""Structured logs: one JSON object a line on standard error, with ids and never with content.

A message of an exception may quote what it choked on (a unique constraint names the value), so of an
exception only its type, its SQLSTATE and where it was raised are written.
"""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from traceback import extract_tb
from typing import IO, Any

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
OURS = frozenset({"app", "outcomes", "care_plans", "devices", "people", "core", "config", "wsgi", "__main__"})
DEEPEST = 8  # frames of an exception that are written


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def describe(fault: BaseException) -> dict[str, Any]:
    """The exception without its text: types from the outermost to the first cause, SQLSTATE, frames."""
    chain = list(_causes(fault))
    states = [state for link in chain if (state := getattr(link, "sqlstate", None))]
    frames = extract_tb(fault.__traceback__)[-DEEPEST:]
    said: dict[str, Any] = {
        "error": [type(link).__name__ for link in chain],
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    return said | ({"sqlstate": states[0]} if states else {})


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: ts, level, process, logger, event, then the extras."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The record as a JSON object without a line break in it."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info and record.exc_info[1]:
            line |= describe(record.exc_info[1])
        return json.dumps(line, default=str, ensure_ascii=False)


def quiet_strangers(record: logging.LogRecord) -> bool:
    """Let our own records pass, and a library's only from a warning upwards."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OURS


def configure(process: str, level: str = "INFO", stream: IO[str] | None = None) -> None:
    """Send every log record of this process to `stream` (standard error) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(process))
    handler.addFilter(quiet_strangers)
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    sys.excepthook = log_uncaught


def log_uncaught(kind: type[BaseException], fault: BaseException, trace: Any) -> None:
    """What ends a process goes into its log in the same guarded form, not as a traceback with values."""
    if not isinstance(fault, KeyboardInterrupt):
        logging.getLogger("core.logs").critical("ended by an error", exc_info=(kind, fault, trace))

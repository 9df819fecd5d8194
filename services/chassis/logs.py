"""JSON log lines. No bodies, no query values, no exception messages: they may hold personal data."""

import asyncio
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

import structlog

WRITE_EVERY = 0.25
_LEVELS = logging.getLevelNamesMapping()


def configure_logs(level: str, service: str) -> None:
    """Write one JSON object per line to standard output; the standard library's loggers join in."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(
        handlers=[_Forward()], level=max(_LEVELS[level], logging.WARNING), force=True
    )


def logger(name: str) -> Any:
    """A logger whose lines carry where they come from."""
    return structlog.get_logger(component=name)


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Type and place of an error for a log line, without its message, which may quote data."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    cause = error.__cause__ or error.__context__
    return {
        "error": type(error).__qualname__,
        "cause": type(cause).__qualname__ if cause else None,
        "at": [
            f"{frame.filename.rpartition('/')[2]}/{frame.name}:{frame.lineno}"
            for frame in frames
        ],
    }


class _Forward(logging.Handler):
    """Standard library records as our lines: only the message template, never its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        extra = (
            describe_exception(record.exc_info[1])
            if record.exc_info and record.exc_info[1]
            else {}
        )
        structlog.get_logger(component=record.name).log(
            record.levelno, str(record.msg), **extra
        )


class RequestLines:
    """One line for each request, written a few times a second: a write of its own would cost as much as a question."""

    def __init__(self, service: str) -> None:
        self._begins = f'{{"service":"{service}","component":"request","event":"request","level":"info","method":"'
        self._are_kept = False
        self._lines: list[str] = []
        self._second, self._second_text = 0, ""

    def start(self, level: str) -> None:
        """Keep lines from now on, unless only what is worse is wanted."""
        self._are_kept = _LEVELS[level] <= logging.INFO

    def add(
        self, method: str, route: str, status: int, seconds: float, trace_id: str
    ) -> None:
        """Tell of a request that has ended. `method` and `route` are our own words, never what was sent."""
        if not self._are_kept:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(WRITE_EVERY, self.write)
        self._lines.append(
            f'{self._begins}{method}","route":"{route}","status":{status},"ms":{seconds * 1000:.1f},'
            f'"trace_id":"{trace_id}","timestamp":"{self._stamp()}"}}\n'
        )

    def write(self) -> None:
        """Write what has been collected."""
        lines, self._lines = self._lines, []
        sys.stdout.write("".join(lines))
        sys.stdout.flush()

    def _stamp(self) -> str:
        now = time.time()
        if int(now) != self._second:
            self._second = int(now)
            self._second_text = datetime.fromtimestamp(self._second, UTC).strftime(
                "%Y-%m-%dT%H:%M:%S"
            )
        return f"{self._second_text}.{int(now * 1000) % 1000:03d}Z"

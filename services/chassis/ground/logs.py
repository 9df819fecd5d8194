"""JSON log lines; no bodies, queries or exception messages, which may be personal."""

import io
import logging
import sys
import traceback
from typing import Any

import structlog

LEVELS = logging.getLevelNamesMapping()


def configure_logs(level: str, service: str) -> None:
    """Write a JSON object a line to standard output; other loggers' records join in."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(_StandardOutput()),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # Below the level of warnings libraries log statements and addresses, with values.
    logging.basicConfig(
        handlers=[_Forward()], level=max(LEVELS[level], logging.WARNING), force=True
    )


def logger(name: str) -> Any:
    """A logger whose lines name their component."""
    return structlog.get_logger(component=name)


class _StandardOutput(io.StringIO):
    """Standard output at the time a line is written: loggers live longer than a stream
    that replaces it for a while.
    """

    def write(self, text: str) -> int:
        """Write a line."""
        return sys.stdout.write(text)

    def flush(self) -> None:
        """Write out everything that is buffered."""
        sys.stdout.flush()


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Type and place of an error for a log line, without its message, which may quote data."""
    # The innermost frames show the place; the outer ones are always the framework's.
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    # SQLAlchemy wraps the driver's error, whose type says what happened.
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
    """Standard library records as our lines: the template without its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        extra = (
            describe_exception(record.exc_info[1])
            if record.exc_info and record.exc_info[1]
            else {}
        )
        structlog.get_logger(component=record.name).log(
            record.levelno, str(record.msg), **extra
        )

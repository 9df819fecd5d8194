"""JSON log lines: no bodies, queries, exception messages, which may be personal."""

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
    # Below warnings libraries log statements and addresses, with values in them.
    logging.basicConfig(
        handlers=[_Forward()], level=max(LEVELS[level], logging.WARNING), force=True
    )


def logger(name: str) -> Any:
    """A logger whose lines carry where they come from."""
    return structlog.get_logger(component=name)


class _StandardOutput(io.StringIO):
    """Standard output as it is when a line is written: loggers live longer than a stream
    that was put in its place for a while.
    """

    def write(self, text: str) -> int:
        """A line goes out."""
        return sys.stdout.write(text)

    def flush(self) -> None:
        """Everything written is out."""
        sys.stdout.flush()


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Type and place of an error for a log line, without its message, which may quote data."""
    # The innermost frames tell where; the outer ones are the framework's, always alike.
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    # SQLAlchemy wraps the driver's error, whose type tells what happened.
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

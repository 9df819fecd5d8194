"""The units of work open around the running code: for whom, and whether they wrote."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Protocol

from services.chassis.trust.callers import Caller

# Locks count as writes. FOR UPDATE is found by its second word.
_WRITES = re.compile(
    r"\b(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY)\b|\bFOR (?:KEY )?SHARE\b",
    re.IGNORECASE,
)


class Unit(Protocol):
    """A reading or a change."""

    caller: Caller
    has_written: bool


_open: ContextVar[tuple[Unit, ...]] = ContextVar("open_units", default=())


@lru_cache(maxsize=1024)
def writes(sql: str) -> bool:
    """Whether a statement changes rows or locks them, by the words in it.

    >>> [writes(sql) for sql in ("SELECT updated FROM t", "SELECT FROM t FOR UPDATE")]
    [False, True]
    """
    return _WRITES.search(sql) is not None


def open_units() -> tuple[Unit, ...]:
    """The units that are open here, the innermost last."""
    return _open.get()


@contextmanager
def opened(unit: Unit) -> Iterator[None]:
    """Count the unit as open inside the block."""
    _open.set((*_open.get(), unit))
    try:
        yield
    finally:
        # A task started in the block may keep the unit, though its locks are gone.
        unit.has_written = False
        _open.set(tuple(other for other in _open.get() if other is not unit))

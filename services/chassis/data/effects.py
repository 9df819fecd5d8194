"""Effects of a change beside its rows: audit records, events, the kept answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.ground.problems import VersionMismatch


class Subject(NamedTuple):
    """What an action was done to: its path and version, its county and institution."""

    path: str
    version: int = 1
    county: str | None = None
    institution: UUID | None = None


class Effects:
    """What one statement writes at a change's end: audit, events, the kept answer."""

    def __init__(self) -> None:
        self.audit: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.claim: dict[str, Any] | None = None
        self.answer: dict[str, Any] = {}

    @asynccontextmanager
    async def unless_it_fails(self) -> AsyncIterator[None]:
        """Drop the audit records and events of a block that ends in an error."""
        audit, events = len(self.audit), len(self.events)
        try:
            yield
        except BaseException:
            del self.audit[audit:], self.events[events:]
            raise


def place_of_answer(subject: str, key: str) -> str:
    """The place of a kept answer's seal: no other caller and no other key opens it."""
    return f"answer|{subject}|{key}"


def require_version(stored: int, expected: int) -> None:
    """VersionMismatch unless the stored version is the one that the caller has read."""
    if stored != expected:
        raise VersionMismatch()

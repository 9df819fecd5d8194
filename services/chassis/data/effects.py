"""What a change leaves beside its rows: audit records, events, the kept answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.ground.problems import VersionMismatch


class Subject(NamedTuple):
    """What was done something to: where it is found, and whose it is."""

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
        """Of a part that ends in an error nothing is told."""
        audit, events = len(self.audit), len(self.events)
        try:
            yield
        except BaseException:
            del self.audit[audit:], self.events[events:]
            raise


def place_of_answer(subject: str, key: str) -> str:
    """What a kept answer is sealed for: no other caller and no other key opens it."""
    return f"answer|{subject}|{key}"


def require_version(stored: int, expected: int) -> None:
    """VersionMismatch unless what is stored is what the caller has read."""
    if stored != expected:
        raise VersionMismatch()

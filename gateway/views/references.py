"""Data that seldom change (territory, names of institutions), kept for a minute."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from gateway.proxy import Answer
from gateway.shared_reads import Key, SharedReads

FRESH_SECONDS = 60.0
# Callers create keys, so their number needs a limit: a list of names has up to 20 kB.
MOST_KEPT = 500


class _Entry(NamedTuple):
    until: float
    answer: Answer


class References:
    """Answers by key; the caller's rights are part of a key."""

    def __init__(self, shared: SharedReads, clock: Callable[[], float]) -> None:
        self._shared, self._clock = shared, clock
        self._entries: dict[Key, _Entry] = {}

    async def read(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The kept answer of this key, or a new one; only status 200 is kept."""
        entry = self._entries.get(key)
        if entry is not None and self._clock() < entry.until:
            return entry.answer
        answer = await self._shared.read(key, ask)
        if answer.status == 200:
            # Dropped all at once: this is rare, and each is then requested once more.
            if len(self._entries) >= MOST_KEPT:
                self._entries.clear()
            self._entries[key] = _Entry(self._clock() + FRESH_SECONDS, answer)
        return answer

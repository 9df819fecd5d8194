"""What seldom changes (territory, names of institutions), kept for a minute."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from gateway.proxy import Answer
from gateway.shared_reads import Key, SharedReads

FRESH_SECONDS = 60.0
# What callers may ask for needs a limit: a list of names has up to 20 kB.
MOST_KEPT = 500


class _Kept(NamedTuple):
    until: float
    answer: Answer


class References:
    """Answers by what they depend on; the caller's rights are a part of that."""

    def __init__(self, shared: SharedReads, clock: Callable[[], float]) -> None:
        self._shared, self._clock = shared, clock
        self._kept: dict[Key, _Kept] = {}

    async def read(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The kept answer of this key, or a new one; only a good answer is kept."""
        kept = self._kept.get(key)
        if kept is not None and self._clock() < kept.until:
            return kept.answer
        answer = await self._shared.read(key, ask)
        if answer.status == 200:
            # Dropped all at once: rare, and then each is asked for once more.
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = _Kept(self._clock() + FRESH_SECONDS, answer)
        return answer

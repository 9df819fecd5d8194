"""Rounds: every side is measured in turn and the order changes, so that a slow moment hits all alike.

Where two revisions are compared, the same workload runs on both at once, and they take turns:
while one is measured, the other rests. Between the turns, where nothing is
measured, both may run.
"""

from asyncio import Barrier
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from bench.progress import Progress

Sample = TypeVar("Sample")
LIMIT = "limit"


@dataclass(frozen=True)
class Turns:
    """One of two that take turns: the first one begins in even rounds, the other one in odd ones."""

    meeting: Barrier
    is_first: bool

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[None]:
        """Wait for this side's turn; after the block, wait until the other side has had its turn."""
        begins = self.is_first == (number % 2 == 0)
        await self.meeting.wait()
        if not begins:
            await self.meeting.wait()
        yield
        if begins:
            await self.meeting.wait()
        await self.meeting.wait()


@dataclass(frozen=True)
class Rounds:
    """How many rounds every comparison has, and the turns in each where there are two platforms."""

    number: int
    turns: Turns | None = None

    @property
    def have_limit(self) -> bool:
        """Whether limits are measured: two revisions are compared with each other instead."""
        return self.turns is None

    def at_most(self, number: int) -> "Rounds":
        """The same with at most `number` rounds."""
        return replace(self, number=min(self.number, number))

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[None]:
        """A block of this round in which no other platform is measured."""
        if self.turns is None:
            yield
            return
        async with self.turns.turn(number):
            yield

    async def of(self, measure: Callable[[], Awaitable[Sample]]) -> list[Sample]:
        """The samples of a single side, one a round."""
        samples = []
        for number in range(self.number):
            async with self.turn(number):
                samples.append(await measure())
        return samples


async def interleaved(
    progress: Progress,
    title: str,
    rounds: Rounds,
    sides: Mapping[str, Callable[[], Awaitable[Sample]]],
) -> dict[str, list[Sample]]:
    """The samples of each side, one a round. Sides are A, B in one round and B, A in the next.

    A side whose name begins with `limit` is left out where no limits are measured.
    """
    names = [name for name in sides if rounds.have_limit or not name.startswith(LIMIT)]
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    with progress.task(title, rounds.number * len(names)) as advance:
        for number in range(rounds.number):
            for name in names if number % 2 == 0 else names[::-1]:
                async with rounds.turn(number):
                    samples[name].append(await sides[name]())
                advance()
    return samples

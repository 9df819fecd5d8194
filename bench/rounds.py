"""Rounds: every side is measured in turn and the order changes, so that a slow moment hits all of them alike."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from bench.progress import Progress

Sample = TypeVar("Sample")


async def interleaved(
    progress: Progress, title: str, rounds: int, sides: Mapping[str, Callable[[], Awaitable[Sample]]]
) -> dict[str, list[Sample]]:
    """The samples of each side, one a round. Sides are A, B in one round and B, A in the next."""
    samples: dict[str, list[Sample]] = {name: [] for name in sides}
    with progress.task(title, rounds * len(sides)) as advance:
        for number in range(rounds):
            for name in [*sides] if number % 2 == 0 else [*sides][::-1]:
                samples[name].append(await sides[name]())
                advance()
    return samples

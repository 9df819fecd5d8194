"""Two revisions under one workload: who is measured when, and what is made of their figures."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from rich.console import Console

from bench.against import ratio
from bench.figures import Figure, figure
from bench.progress import Progress
from bench.rounds import Rounds, Turns, interleaved


def noting(noted: list[str], name: str) -> Callable[[], Awaitable[int]]:
    async def measure() -> int:
        noted.append(f"{name} begins")
        await asyncio.sleep(0)
        noted.append(f"{name} ends")
        return len(noted)

    return measure


async def measured(
    noted: list[str],
    sides: tuple[str, ...],
    rounds: int,
    turns: Turns | None,
    whose: str,
) -> None:
    progress = Progress(Console(quiet=True))
    measures = {side: noting(noted, f"{whose} {side}".strip()) for side in sides}
    await interleaved(progress, "", Rounds(rounds, turns), measures)
    noted.append(f"{whose} goes on".strip())


async def both(sides: tuple[str, ...], rounds: int) -> list[str]:
    noted: list[str] = []
    meeting = asyncio.Barrier(2)
    of = partial(measured, noted, sides, rounds)
    this, that = Turns(meeting, is_first=True), Turns(meeting, is_first=False)
    await asyncio.gather(of(this, "this"), of(that, "that"))
    return noted


async def test_one_is_measured_while_the_other_rests_and_the_order_changes_every_round() -> None:
    noted = await both(("ours",), 4)
    order = ("this", "that", "that", "this", "this", "that", "that", "this")
    assert noted[:16] == [f"{whose} ours {what}" for whose in order for what in ("begins", "ends")]


async def test_nobody_goes_on_before_the_last_turn_has_ended() -> None:
    noted = await both(("list", "record"), 1)
    assert {*noted[-2:]} == {"this goes on", "that goes on"}


async def test_no_limit_is_measured_where_two_revisions_are_compared() -> None:
    noted = await both(("ours", "limit", "limit of it"), 1)
    assert not [line for line in noted if "limit" in line]


async def test_alone_every_side_is_measured_with_its_limit() -> None:
    noted: list[str] = []
    await measured(noted, ("ours", "limit"), 2, None, "")
    begun = [line.removesuffix(" begins") for line in noted if line.endswith("begins")]
    assert begun == ["ours", "limit", "limit", "ours"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("ms", 0.5), ("MB", 0.5), ("req/s", 2.0)],
)
def test_a_ratio_below_one_says_that_this_tree_needs_less(unit: str, expected: float) -> None:
    found = ratio(figure([1.0, 2.0, 3.0], unit), figure([4.0, 4.0, 4.0], unit))
    assert found is not None
    assert found.median == expected
    assert found.lowest < found.median < found.highest


@pytest.mark.parametrize(
    ("this", "that"),
    [(figure([1.2], "×"), figure([1.0], "×")), (figure([0.0], "MB"), figure([1.0], "MB"))],
)
def test_what_is_a_ratio_already_or_next_to_nothing_is_not_divided(this: Figure, that: Figure) -> None:
    assert ratio(this, that) is None

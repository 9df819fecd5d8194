"""What the programs of the documents print, in either language."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

Lines = list[str]


def assert_recipes(printed: Mapping[str, Lines]) -> None:
    """Each recipe came to what its words promise."""
    network = printed["build-a-network"]
    # Members that an earlier program brought in are listed as well.
    words = [line.split()[0] for line in network]
    assert (words[:2], {*words[2:]}) == (["done", "refused"], {"member"})
    assert "needs_verified_service" in network[1]
    screened = printed["screen-a-class"]
    assert screened[0] == "recorded 10"
    assert [line.startswith("to be looked at ") for line in screened[1:-1]] == [True, True]
    assert all(line.endswith((" 22", " 23")) for line in screened[1:-1]), "months"
    followed = printed["follow-a-case"]
    assert followed[0].startswith("case_not_ready ")
    assert "legal_basis" in followed[0]
    assert followed[1].startswith("assessment ")
    opened = [line for line in followed if line.startswith("casework.case.") and line.lower().endswith(" true")]
    assert [line.split()[0].rpartition(".")[2] for line in opened] == ["opened", "consented", "assessment"]


async def all_of(programs: Mapping[str, Path], run: Callable[[Path], Awaitable[Lines]]) -> dict[str, Lines]:
    """What each program printed, one after the other: each may look at what there is."""
    return {name: await run(program) for name, program in programs.items()}

"""`python -m tests.failover`: whoever leads the database is struck down under load, again and again.

It starts a pair of PostgreSQL servers under Patroni by the configuration that is shipped, with a witness, and the whole
platform on it, in a temporary folder; everything it started ends with it.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from tests.failover.blows import BLOWS, Blow
from tests.failover.feeds import FeedReader, readers, wrong_feeds
from tests.failover.members import Cluster, Member, clustered
from tests.failover.trails import wrong_trails
from tests.faults.ledger import Ledger, first_success, longest_gap, refusals
from tests.faults.load import Load
from tests.faults.platform import Platform, running
from tests.faults.preparing import prepare
from tests.faults.routes import WRITES
from tests.faults.verification import wrongs

LONGEST_GAP = 30.0
DEADLINE = 5.0
SECONDS_TO_RECOVER = 60.0
WARM_UP_SECONDS, SETTLING_SECONDS = 3.0, 2.0
# Those that wait for no other route: their gap is the database's alone.
WRITING = tuple(route.name for route in WRITES if not route.after)
WIDTH_OFF_TERMINAL = 140


class Round(NamedTuple):
    """What one blow meant for callers."""

    blow: str
    leader: str
    gap: float
    promoted: float
    back: float
    refused: dict[str, int]


@dataclass
class Trial:
    """Blows one after another, under load."""

    cluster: Cluster
    ledger: Ledger
    console: Console

    async def strike(self, blow: Blow) -> Round:
        """One blow, until the pair is whole again and every write is taken."""
        leader = await self.cluster.settled()
        began = time.monotonic()
        async with blow.done(self.cluster, leader):
            promoted = time.monotonic()
            await self._writes_since(promoted)
        await self.cluster.settled()
        back = time.monotonic()
        await self._writes_since(back)
        await asyncio.sleep(SETTLING_SECONDS)
        return self._told(blow, leader, began, promoted, back)

    async def _writes_since(self, moment: float) -> None:
        end = time.monotonic() + SECONDS_TO_RECOVER
        while not self.ledger.has_succeeded_since(WRITING, moment):
            if time.monotonic() > end:
                raise SystemExit(f"no writes: {refusals(self.ledger.entries, end - 5, end)}")
            await asyncio.sleep(0.05)

    def _told(self, blow: Blow, leader: Member, began: float, promoted: float, back: float) -> Round:
        until, entries = time.monotonic(), self.ledger.entries
        told = Round(
            blow=blow.name,
            leader=leader.name,
            gap=max(longest_gap(entries, name, began, until) for name in WRITING),
            promoted=promoted - began,
            back=back - began,
            refused=refusals(entries, began, until),
        )
        slowest = max(first_success(entries, name, promoted) for name in WRITING)
        refused = ", ".join(f"{count} {name}" for name, count in sorted(told.refused.items())) or "nothing"
        self.console.print(
            f"{blow.name:36} {leader.name}  gap {told.gap:5.1f} s, promoted after {told.promoted:4.1f} s, writes"
            f" {slowest:4.1f} s later, pair whole after {told.back:4.1f} s   {refused}",
            highlight=False,
        )
        return told


class Plan(NamedTuple):
    """What a trial does."""

    blows: tuple[Blow, ...]
    python: Path
    logs: Path | None


async def run(plan: Plan, console: Console) -> list[str]:
    """The whole trial: what is wrong at its end, in words."""
    with tempfile.TemporaryDirectory(prefix="splot-failover-") as name:
        folder = Path(name)
        _open_the_way(folder)
        try:
            async with (
                clustered(folder, plan.python) as cluster,
                running(folder / "platform", DEADLINE, database=cluster.url()) as platform,
            ):
                return await _tried(plan, cluster, platform, console)
        finally:
            _keep_logs(folder, plan)


async def _tried(plan: Plan, cluster: Cluster, platform: Platform, console: Console) -> list[str]:
    known = await prepare(platform)
    ledger = Ledger(platform.instance.folder / "ledger.ndjson")
    load, feeds = Load(platform, ledger, DEADLINE, 1, known), readers(platform)
    loading, reading = asyncio.create_task(load.run()), [asyncio.create_task(reader.run()) for reader in feeds]
    trial, rounds, began = Trial(cluster, ledger, console), [], time.monotonic()
    try:
        await asyncio.sleep(WARM_UP_SECONDS)
        for blow in plan.blows:
            if blow.needs_network and not cluster.members[0].host.has_network:
                console.print(f"{blow.name}: not done, networks cannot be made here")
                continue
            rounds.append(await trial.strike(blow))
    finally:
        load.is_stopping = True
        await asyncio.wait({loading})
        for task in reading:
            task.cancel()
        await asyncio.wait(reading)
    loading.result()
    found = await _found(platform, load, feeds)
    found += [f"no writes for {told.gap:.1f} s: {told.blow}" for told in rounds if told.gap > LONGEST_GAP]
    ledger.close()
    _show(rounds, ledger, time.monotonic() - began, console)
    return found


async def _found(platform: Platform, load: Load, feeds: list[FeedReader]) -> list[str]:
    return [
        *await wrongs(platform, load),
        *await wrong_feeds(platform, feeds),
        *await wrong_trails(platform),
    ]


def _open_the_way(folder: Path) -> None:
    # Whoever runs the database passes through, and sees nothing.
    folder.chmod(0o711)


def _keep_logs(folder: Path, plan: Plan) -> None:
    if plan.logs is not None:
        plan.logs.mkdir(parents=True, exist_ok=True)
        for log in [*folder.glob("*.log"), *folder.glob("platform/logs/*"), *folder.glob("platform/ledger.ndjson")]:
            shutil.copy(log, plan.logs)


def _show(rounds: list[Round], ledger: Ledger, seconds: float, console: Console) -> None:
    table = Table("blow", "leader", "longest gap s", "promoted after s", "pair whole after s")
    for told in rounds:
        table.add_row(told.blow, told.leader, *[f"{number:.1f}" for number in (told.gap, told.promoted, told.back)])
    console.print(table)
    written = sum(entry.is_success and entry.route in WRITING for entry in ledger.entries)
    worst = max((told.gap for told in rounds), default=0.0)
    console.print(f"{written} writes acknowledged in {seconds:.0f} s; longest gap: {worst:.1f} s")


def main(
    python: Annotated[Path, typer.Option(help="Of the environment that holds Patroni.")],
    blows: Annotated[int, typer.Option(min=1, max=200, help="How often; the list begins anew after its end.")] = len(
        BLOWS
    ),
    only: Annotated[list[str] | None, typer.Option(help="Only blows with these words in their name.")] = None,
    logs: Annotated[Path | None, typer.Option(help="Where the logs are kept.")] = None,
) -> None:
    """Strike, measure, verify."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OFF_TERMINAL)
    known = [blow for blow in BLOWS if not only or any(words in blow.name for words in only)]
    plan = Plan(tuple(known[number % len(known)] for number in range(blows)), python.absolute(), logs)
    found = asyncio.run(run(plan, console))
    for wrong in sorted(set(found)):
        console.print(f"WRONG  {wrong} ({found.count(wrong)} times)", highlight=False)
    said = "0 lost, 0 doubled, feeds without a gap, audit logs as they were signed"
    console.print(said if not found else "failed", highlight=False)
    raise typer.Exit(1 if found else 0)


if __name__ == "__main__":
    typer.run(main)

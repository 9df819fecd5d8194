"""`python -m tests.faults`: programs are killed, stopped, cut off and starved under load; what callers notice of it.

It starts the whole platform in a temporary folder, on loopback, and everything it started ends with it.
"""

import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console

from tests.faults.fault import Fault
from tests.faults.ledger import Ledger
from tests.faults.load import Load
from tests.faults.platform import Platform, running
from tests.faults.preparing import prepare
from tests.faults.recording import keep, record
from tests.faults.telling import show
from tests.faults.trial import LATE, Round, Trial
from tests.faults.trials import FAULTS, standing_between
from tests.faults.verification import wrongs

VICTIMS = ("registry", "screening", "casework", "training", "gateway", "postgres")
STOPPABLE = ("registry", "screening")
LONGEST_BEHIND_DEADLINE = 0.2
SECONDS_STOPPED_BEHIND_DEADLINE = 4.0
WARM_UP_SECONDS = 3.0
WIDTH_OFF_TERMINAL = 160


class Plan(NamedTuple):
    """What a trial does."""

    victims: tuple[str, ...]
    kills: int
    minutes: float
    stops: int
    seed: int
    deadline: float
    faults: tuple[Fault, ...]
    logs: Path | None
    folder: Path | None


async def run(plan: Plan, console: Console) -> list[str]:
    """The whole trial, on a platform of one process of each program, then on one of several: what is wrong."""
    found: list[str] = []
    alone = [fault for fault in plan.faults if fault.replicas == 1]
    if alone or plan.kills or plan.stops:
        async with _suffering(plan, console) as trial:
            rounds = await _kills(trial, plan)
            seconds = plan.deadline + SECONDS_STOPPED_BEHIND_DEADLINE
            rounds += [await trial.stop(STOPPABLE[number % 2], seconds) for number in range(plan.stops)]
            if alone:
                async with standing_between(trial.platform):
                    await asyncio.sleep(WARM_UP_SECONDS)
                    rounds += [await trial.suffer(fault) for fault in alone]
            found += await _judged(trial, rounds, plan)
    together = [fault for fault in plan.faults if fault.replicas > 1]
    if together:
        async with _suffering(plan, console, max(fault.replicas for fault in together)) as trial:
            rounds = [await trial.suffer(fault) for fault in together]
            found += await _judged(trial, rounds, plan, "faults-of-two")
    return found


@asynccontextmanager
async def _suffering(plan: Plan, console: Console, replicas: int = 1) -> AsyncIterator[Trial]:
    """A platform under load; its logs are kept where the trial does not come to its end."""
    with tempfile.TemporaryDirectory(prefix="splot-faults-") as folder:
        async with running(Path(folder), plan.deadline, replicas) as platform:
            ledger = Ledger(Path(folder) / "ledger.ndjson")
            load = Load(platform, ledger, plan.deadline, plan.seed, await prepare(platform))
            loading = asyncio.create_task(load.run())
            try:
                await asyncio.sleep(WARM_UP_SECONDS)
                chance = random.Random(plan.seed)  # noqa: S311 - a plan that can be repeated
                yield Trial(platform, load, chance, console)
            except BaseException:
                _keep_logs(platform, plan)
                raise
            finally:
                load.is_stopping = True
                await asyncio.wait({loading})
                ledger.close()
            loading.result()


async def _kills(trial: Trial, plan: Plan) -> list[Round]:
    """All of them, in so many minutes where that is asked for."""
    rounds: list[Round] = []
    began = time.monotonic()
    for number in range(plan.kills):
        victim = trial.chance.choice(plan.victims)
        if not plan.minutes:
            rounds.append(await trial.kill(victim))
            continue
        slot = plan.minutes * 60 / plan.kills
        moment = began + (number + trial.chance.random()) * slot
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        rounds.append(await trial.kill(victim, settling=(0.0, 0.0)))
    return rounds


async def _judged(trial: Trial, rounds: list[Round], plan: Plan, part: str = "faults") -> list[str]:
    """What is wrong at the end, in words; it is kept as that part of the results."""
    await trial.load.end()
    found = await wrongs(trial.platform, trial.load)
    found += [wrong for told in rounds for wrong in told.wrong]
    found += [f"{LATE}{told}" for told in trial.platform.missed]
    found += [
        f"{LATE}a call took {told.slowest:.1f} s while {told.victim} stood still"
        for told in rounds
        if told.slowest > plan.deadline + LONGEST_BEHIND_DEADLINE
    ]
    if found:
        _keep_logs(trial.platform, plan)
    if plan.folder is not None:
        written = keep(record(rounds, trial.load.ledger.entries, found, trial.platform.told), plan.folder, part)
        trial.console.print(*written)
    show(rounds, trial.load.ledger, trial.platform.told, trial.console)
    return found


def _keep_logs(platform: Platform, plan: Plan) -> None:
    if plan.logs is not None:
        shutil.copytree(platform.instance.logs, plan.logs, dirs_exist_ok=True)


def main(
    kills: Annotated[int, typer.Option(min=0, max=500, help="How often a random program is killed.")] = 8,
    minutes: Annotated[float, typer.Option(min=0, max=60, help="In how many all kills happen; 0: as they come.")] = 0,
    stops: Annotated[int, typer.Option(min=0, max=20, help="How often a service is stopped and goes on.")] = 1,
    seed: Annotated[int, typer.Option(help="What the plan is drawn from.")] = 1,
    deadline: Annotated[float, typer.Option(min=1, max=30, help="Of a call, in seconds.")] = 5.0,
    logs: Annotated[Path | None, typer.Option(help="Where the logs are kept if something is lost or wrong.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="Only faults with these words in their name.")] = None,
    faults: Annotated[bool, typer.Option(help="Whether anything but kills and stops is done.")] = True,
    folder: Annotated[Path | None, typer.Option("--record", help="Where what it comes to is kept.")] = None,
    victim: Annotated[list[str] | None, typer.Option(help="Kill only these; may be repeated.")] = None,
) -> None:
    """Kill, stop, measure, verify."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OFF_TERMINAL)
    chosen = [one for one in FAULTS if faults and (not fault or any(words in one.name for words in fault))]
    plan = Plan(tuple(victim or VICTIMS), kills, minutes, stops, seed, deadline, tuple(chosen), logs, folder)
    found = asyncio.run(run(plan, console))
    for wrong in sorted(set(found)):
        console.print(f"WRONG  {wrong} ({found.count(wrong)} times)", highlight=False)
    console.print("0 lost, 0 doubled, every answer foreseen" if not found else "failed", highlight=False)
    raise typer.Exit(1 if found else 0)


if __name__ == "__main__":
    typer.run(main)

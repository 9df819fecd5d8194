"""`python -m tests.faults`: programs are killed, stopped, cut off and starved under load; what callers notice of it.

It starts the whole platform in a temporary folder, on loopback, and everything it started ends with it.
"""

import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import httpx
import typer
from rich.console import Console
from rich.table import Table

from onebox.demo.api import Api
from onebox.demo.institutions import send_territories
from tests.faults.ledger import Ledger, first_success, longest_call, longest_gap, refusals
from tests.faults.load import ROUTES, Load, routes_behind
from tests.faults.platform import WRITER, Platform, running
from tests.faults.trials import FAULTS, Fault, standing_between, wrongs_of
from tests.faults.verification import wrongs

VICTIMS = ("registry", "screening", "casework", "training", "gateway", "postgres")
STOPPABLE = ("registry", "screening")
LONGEST_GAP = 5.0
LONGEST_BEHIND_DEADLINE = 0.2
SECONDS_TO_RECOVER, SECONDS_STOPPED_BEHIND_DEADLINE = 60.0, 4.0
WARM_UP_SECONDS, SETTLING_SECONDS = 3.0, (1.0, 4.0)
SECONDS_FOR_A_FAULT = 60.0
WIDTH_OFF_TERMINAL = 140


class Round(NamedTuple):
    """What one fault meant for callers."""

    fault: str
    victim: str
    gap: float
    elsewhere: float
    slowest: float
    refused: dict[str, int]
    load_average: float
    wrong: Sequence[str] = ()


@dataclass
class Trial:
    """Faults one after another, under load."""

    platform: Platform
    ledger: Ledger
    chance: random.Random
    console: Console

    async def kill(self, victim: str) -> Round:
        """kill -9, and everything that follows until every route answers again."""
        began = self.platform.signal(victim, signal.SIGKILL)
        await self._recovery(victim, began)
        until, entries = time.monotonic(), self.ledger.entries
        gaps = {route.name: longest_gap(entries, route.name, began, until) for route in ROUTES}
        return self._told("kill -9", victim, began, gaps)

    async def stop(self, victim: str, seconds: float) -> Round:
        """SIGSTOP, and SIGCONT so much later: from there on it is told how long calls still failed."""
        began = self.platform.signal(victim, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        went_on = self.platform.signal(victim, signal.SIGCONT)
        await self._recovery(victim, went_on)
        gaps = {route.name: first_success(self.ledger.entries, route.name, went_on) for route in ROUTES}
        return self._told("SIGSTOP", victim, began, gaps)

    async def suffer(self, fault: Fault) -> Round:
        """Something else that is done, and everything that follows until every route answers again."""
        began = time.monotonic()
        async with asyncio.timeout(SECONDS_FOR_A_FAULT), fault.done(self.platform):
            await asyncio.sleep(fault.seconds)
        ended = time.monotonic()
        await self._recovery("gateway", ended)
        gaps = {route.name: first_success(self.ledger.entries, route.name, ended) for route in ROUTES}
        told = self._told("", fault.name, began, gaps, fault.routes)
        return told._replace(wrong=wrongs_of(fault, self.ledger.entries, began, ended))

    async def _recovery(self, victim: str, since: float) -> None:
        end = time.monotonic() + SECONDS_TO_RECOVER
        while not self.ledger.has_succeeded_since(routes_behind(victim), since):
            if time.monotonic() > end:
                seen = _listed(refusals(self.ledger.entries, end - 5, end))
                raise SystemExit(f"{victim} does not come back within {SECONDS_TO_RECOVER:.0f} s: {seen}")
            await asyncio.sleep(0.05)
        await asyncio.sleep(self.chance.uniform(*SETTLING_SECONDS))

    def _told(self, fault: str, victim: str, since: float, gaps: dict[str, float], behind: Sequence[str] = ()) -> Round:
        until, entries = time.monotonic(), self.ledger.entries
        behind = behind or routes_behind(victim) or [*gaps]
        told = Round(
            fault=fault,
            victim=victim,
            gap=max(gaps[name] for name in behind),
            elsewhere=max((gap for name, gap in gaps.items() if name not in behind), default=0.0),
            slowest=max(longest_call(entries, name, since, until) for name in behind),
            refused=refusals(entries, since, until),
            load_average=os.getloadavg()[0],
        )
        self.console.print(f"{fault:8} {victim:44} gap {told.gap:5.2f} s   {_listed(told.refused)}", highlight=False)
        return told


class Plan(NamedTuple):
    """What a trial does."""

    victims: tuple[str, ...]
    kills: int
    stops: int
    seed: int
    deadline: float
    faults: tuple[Fault, ...]
    logs: Path | None


async def run(plan: Plan, console: Console) -> list[str]:
    """The whole trial: what is wrong at its end, in words."""
    chance = random.Random(plan.seed)  # noqa: S311 - a plan that can be repeated
    with tempfile.TemporaryDirectory(prefix="splot-faults-") as folder:
        async with running(Path(folder), plan.deadline) as platform:
            await _prepare(platform)
            ledger = Ledger(Path(folder) / "ledger.ndjson")
            load = Load(platform, ledger, plan.deadline, plan.seed)
            loading = asyncio.create_task(load.run())
            trial = Trial(platform, ledger, chance, console)
            try:
                await asyncio.sleep(WARM_UP_SECONDS)
                rounds = [await trial.kill(chance.choice(plan.victims)) for _ in range(plan.kills)]
                seconds = plan.deadline + SECONDS_STOPPED_BEHIND_DEADLINE
                rounds += [await trial.stop(STOPPABLE[number % 2], seconds) for number in range(plan.stops)]
                if plan.faults:
                    async with standing_between(platform):
                        await asyncio.sleep(WARM_UP_SECONDS)
                        rounds += [await trial.suffer(fault) for fault in plan.faults]
            except BaseException:
                _keep_logs(platform, plan)
                raise
            finally:
                load.is_stopping = True
                await asyncio.wait({loading})
            loading.result()
            found = await wrongs(platform, ledger, load) + _too_long(rounds, plan.deadline)
            found += [wrong for told in rounds for wrong in told.wrong]
            ledger.close()
            if found:
                _keep_logs(platform, plan)
            _show(rounds, ledger, console)
            return found


def _keep_logs(platform: Platform, plan: Plan) -> None:
    if plan.logs is not None:
        shutil.copytree(platform.instance.logs, plan.logs, dirs_exist_ok=True)


async def _prepare(platform: Platform) -> None:
    headers = platform.headers(WRITER)
    async with httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False) as client:
        await send_territories(Api(client, headers["Authorization"].removeprefix("Bearer ")))


def _too_long(rounds: list[Round], deadline: float) -> list[str]:
    found = [
        f"no success for {told.gap:.1f} s after {told.victim} was killed"
        for told in rounds
        if told.fault == "kill -9" and told.gap > LONGEST_GAP
    ]
    found += [
        f"a call took {told.slowest:.1f} s while {told.victim} stood still"
        for told in rounds
        if told.slowest > deadline + LONGEST_BEHIND_DEADLINE
    ]
    return found


def _show(rounds: list[Round], ledger: Ledger, console: Console) -> None:
    table = Table("fault", "victim", "longest gap s", "elsewhere s", "slowest call s", "load average", "refused")
    for told in rounds:
        figures = [f"{figure:.2f}" for figure in (told.gap, told.elsewhere, told.slowest, told.load_average)]
        table.add_row(told.fault, told.victim, *figures, _listed(told.refused))
    console.print(table)
    succeeded = sum(entry.is_success for entry in ledger.entries)
    worst = max((told.gap for told in rounds if told.fault == "kill -9"), default=0.0)
    console.print(f"{len(ledger.entries)} calls, {succeeded} succeeded; longest gap after a kill: {worst:.2f} s")


def _listed(refused: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(refused.items())) or "nothing"


def main(
    kills: Annotated[int, typer.Option(min=0, max=500, help="How often a random program is killed.")] = 8,
    stops: Annotated[int, typer.Option(min=0, max=20, help="How often a service is stopped and goes on.")] = 1,
    seed: Annotated[int, typer.Option(help="What the plan is drawn from.")] = 1,
    deadline: Annotated[float, typer.Option(min=1, max=30, help="Of a call, in seconds.")] = 5.0,
    logs: Annotated[Path | None, typer.Option(help="Where the logs are kept if something is lost or wrong.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="Only faults with these words in their name.")] = None,
    faults: Annotated[bool, typer.Option(help="Whether anything but kills and stops is done.")] = True,
    victim: Annotated[list[str] | None, typer.Option(help="Kill only these; may be repeated.")] = None,
) -> None:
    """Kill, stop, measure, verify."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OFF_TERMINAL)
    chosen = [one for one in FAULTS if faults and (not fault or any(words in one.name for words in fault))]
    plan = Plan(tuple(victim or VICTIMS), kills, stops, seed, deadline, tuple(chosen), logs)
    found = asyncio.run(run(plan, console))
    for wrong in sorted(set(found)):
        console.print(f"WRONG  {wrong} ({found.count(wrong)} times)", highlight=False)
    console.print("0 lost, 0 doubled, every answer foreseen" if not found else "failed", highlight=False)
    raise typer.Exit(1 if found else 0)


if __name__ == "__main__":
    typer.run(main)

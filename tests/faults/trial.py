"""Faults one after another under load, what each meant for callers, and whether all is right after it."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from rich.console import Console

from tests.faults.fault import Fault, slowdown, wrongs_of
from tests.faults.ledger import (
    Entry,
    first_success,
    longest_call,
    longest_gap,
    recent,
    refusals,
)
from tests.faults.load import Load
from tests.faults.platform import Platform
from tests.faults.routes import ROUTES, VIEWS, routes_behind
from tests.faults.verification import counts

SECONDS_TO_RECOVER = 30.0
"""Without a human, from the end of a fault until every route is answered with all there is (I9)."""
LONGEST_GAP = 5.0
SECONDS_FOR_A_FAULT = 300.0
SECONDS_LOOKED_BACK = 60.0
SETTLING_SECONDS = (1.0, 4.0)
FIRST_ROUTES = tuple(route for route in ROUTES if not route.after)
"""Of the others a success waits for what they come after."""
LATE = "late: "
"""What a busy machine alone may bring about begins so."""
TOLD_WHILE_AWAY = frozenset({502, 503, 504})


class Round(NamedTuple):
    """What one fault meant for callers."""

    fault: str
    victim: str
    gap: float
    elsewhere: float
    slowest: float
    refused: dict[str, int]
    load_average: float
    recovered: float = 0.0
    slower: Mapping[str, float] = MappingProxyType({})
    wrong: Sequence[str] = ()


@dataclass
class Trial:
    """A platform under load that suffers."""

    platform: Platform
    load: Load
    chance: random.Random
    console: Console

    async def kill(self, victim: str, settling: tuple[float, float] = SETTLING_SECONDS) -> Round:
        """kill -9, and everything that follows until every route answers again."""
        began = self.platform.signal(victim, signal.SIGKILL)
        recovered = await self._recovery(victim, began)
        await asyncio.sleep(self.chance.uniform(*settling))
        until, entries = time.monotonic(), self._recent(began)
        gaps = {route.name: longest_gap(entries, route.name, began, until) for route in FIRST_ROUTES}
        told = self._told("kill -9", victim, began, gaps)
        return told._replace(recovered=recovered, wrong=wrong_kill(told, entries, began))

    async def stop(self, victim: str, seconds: float) -> Round:
        """SIGSTOP, and SIGCONT so much later: from there on it is told how long calls still failed."""
        began = self.platform.signal(victim, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        went_on = self.platform.signal(victim, signal.SIGCONT)
        recovered = await self._recovery(victim, went_on)
        await asyncio.sleep(self.chance.uniform(*SETTLING_SECONDS))
        entries = self._recent(began)
        gaps = {route.name: first_success(entries, route.name, went_on) for route in FIRST_ROUTES}
        return self._told("SIGSTOP", victim, began, gaps)._replace(recovered=recovered)

    async def suffer(self, fault: Fault) -> Round:
        """Something else that is done, everything that follows until every route answers again, and what is then."""
        await asyncio.sleep(fault.quiet_seconds)
        began = time.monotonic()
        async with asyncio.timeout(SECONDS_FOR_A_FAULT), fault.done(self.platform):
            await asyncio.sleep(fault.seconds)
        ended = time.monotonic()
        recovered = await self._recovery("gateway", ended)
        await asyncio.sleep(self.chance.uniform(*SETTLING_SECONDS))
        entries = self._recent(began)
        gaps = {route.name: first_success(entries, route.name, ended) for route in FIRST_ROUTES}
        told = self._told("", fault.name, began, gaps, fault.routes)
        wrong = wrongs_of(fault, entries, began, ended)
        async with self.load.standing_still():
            wrong += [f"{fault.name}: {found}" for found in await counts(self.platform, self.load.ledger)]
        slower = slowdown(fault, entries, began, ended) if fault.quiet_seconds else {}
        return told._replace(recovered=recovered, slower=slower, wrong=wrong)

    def _recent(self, began: float) -> Sequence[Entry]:
        return recent(self.load.ledger.entries, began - SECONDS_LOOKED_BACK)

    async def _recovery(self, victim: str, since: float) -> float:
        """How long it took until all that is behind a program was answered again, and views with all their parts."""
        ledger, end = self.load.ledger, time.monotonic() + SECONDS_TO_RECOVER
        awaited = {*routes_behind(victim), *(view.name for view in VIEWS)}
        while not ledger.has_succeeded_since(awaited, since):
            if time.monotonic() > end:
                seen = listed(refusals(recent(ledger.entries, end - 5), end - 5, end))
                raise SystemExit(f"I9: {victim} does not come back within {SECONDS_TO_RECOVER:.0f} s: {seen}")
            await asyncio.sleep(0.05)
        return time.monotonic() - since

    def _told(self, fault: str, victim: str, since: float, gaps: dict[str, float], behind: Sequence[str] = ()) -> Round:
        until, entries = time.monotonic(), self._recent(since)
        behind = behind or routes_behind(victim) or [*gaps]
        told = Round(
            fault=fault,
            victim=victim,
            gap=max(gaps[name] for name in behind if name in gaps),
            elsewhere=max((gap for name, gap in gaps.items() if name not in behind), default=0.0),
            slowest=max(longest_call(entries, name, since, until) for name in behind),
            refused=refusals(entries, since, until),
            load_average=os.getloadavg()[0],
        )
        self.console.print(f"{fault:8} {victim:44} gap {told.gap:5.2f} s   {listed(told.refused)}", highlight=False)
        return told


def wrong_kill(told: Round, entries: Sequence[Entry], began: float) -> list[str]:
    """What a kill must not mean: too long a gap, a refusal of something else, and refusals of other kinds."""
    refused = [entry for entry in entries if entry.started > began and not entry.is_success]
    behind = routes_behind(told.victim)
    found = [f"I10: {entry.route} was refused when {told.victim} was killed" for entry in refused]
    found = [wrong for wrong, entry in zip(found, refused, strict=True) if entry.route not in behind]
    statuses = {entry.status for entry in refused if entry.status > 0} - TOLD_WHILE_AWAY
    found += [f"I8: {status} was answered when {told.victim} was killed" for status in statuses]
    if told.gap > LONGEST_GAP:
        found.append(f"{LATE}no success for {told.gap:.1f} s after {told.victim} was killed")
    return found


def listed(refused: dict[str, int]) -> str:
    """Refusals in words."""
    return ", ".join(f"{count} {name}" for name, count in sorted(refused.items())) or "nothing"

"""What a fault is, and what callers may have noticed of it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

from tests.faults.ledger import Entry, percentile, seconds_of
from tests.faults.platform import Platform
from tests.faults.routes import VIEWS, routes_behind

_OVERTAKEN = "request-in-progress"
"""A repeat that comes while the first attempt is still carried out."""
GONE = frozenset({"upstream-unavailable", _OVERTAKEN})
LATE = frozenset({"upstream-timeout", "upstream-unavailable", "unavailable", _OVERTAKEN})
SPOILT = frozenset({"upstream-invalid-response", "upstream-unavailable"})
NO_DATABASE = GONE | frozenset(
    {"database-unavailable", "unavailable", "overloaded", "upstream-timeout", "upstream-unavailable", "resource-busy"}
)
BUSY = GONE | frozenset({"overloaded", "resource-busy", "unavailable", "upstream-timeout", "upstream-unavailable"})
SECONDS_OF_A_VIEW, SECONDS_BEHIND_IT = 3.0, 0.5
"""A view is answered after the first with what there is; the second is for a busy machine."""
SECONDS_TO_NOTICE = 0.1


class Fault(NamedTuple):
    """What is done, for how long, whom it hits, and which problems those routes may answer meanwhile.

    Without problems nobody may be refused. `is_felt`: somebody must be, or nothing was done.
    """

    name: str
    done: Callable[[Platform], AbstractAsyncContextManager[None]]
    routes: tuple[str, ...]
    seconds: float
    problems: frozenset[str] = frozenset()
    is_felt: bool = True
    left_out: str = ""
    """The service without which views are answered all the time, and say so."""
    quiet_seconds: float = 0.0
    """How long it is waited before it, to have something to compare with."""
    replicas: int = 1
    """How many of each program have to run."""


def behind(program: str) -> tuple[str, ...]:
    """The routes that are not answered without a program."""
    return tuple(routes_behind(program))


EVERYWHERE = behind("postgres")


def wrongs_of(fault: Fault, entries: Sequence[Entry], began: float, ended: float) -> list[str]:
    """What callers were told of a fault and should not have been, in words."""
    under_way = [entry for entry in entries if entry.started < ended and entry.ended > began]
    refused = [entry for entry in under_way if not entry.is_success]
    found = [f"{entry.route} is not behind it and was refused" for entry in refused if entry.route not in fault.routes]
    told = {entry.problem for entry in refused if entry.problem}
    found += [f"callers were told {problem}" for problem in told - fault.problems]
    # A connection that broke has no name; it may break where something may be refused.
    found += [f"{entry.route} was not answered" for entry in refused if not entry.problem and not fault.problems]
    if fault.is_felt and not refused:
        found.append("nobody noticed anything")
    if fault.left_out:
        found += _wrong_views(fault, under_way, began, ended)
    return [f"{fault.name}: {wrong}" for wrong in found]


def _wrong_views(fault: Fault, under_way: Sequence[Entry], began: float, ended: float) -> list[str]:
    found = []
    for route in VIEWS:
        asked = [entry for entry in under_way if entry.route == route.name]
        within = [entry for entry in asked if entry.started > began + SECONDS_TO_NOTICE and entry.ended < ended]
        if not within:
            found.append(f"{route.name} was not answered")
        if any(fault.left_out not in entry.missing for entry in within):
            found.append(f"{route.name} does not say that {fault.left_out} is missing")
        if any(entry.ended - entry.started > SECONDS_OF_A_VIEW + SECONDS_BEHIND_IT for entry in asked):
            found.append(f"{route.name} came after its deadline")
    return found


def slowdown(fault: Fault, entries: Sequence[Entry], began: float, ended: float) -> dict[str, float]:
    """How many times the quiet p99 the p99 was during a fault, of each route that is not behind it."""
    names = {entry.route for entry in entries} - {*fault.routes}
    if fault.left_out:
        names -= {route.name for route in VIEWS}
    quiet = {name: seconds_of(entries, name, began - fault.quiet_seconds, began) for name in names}
    during = {name: seconds_of(entries, name, began, ended) for name in names}
    return {name: percentile(during[name], 99) / percentile(quiet[name], 99) for name in names if quiet[name]}

"""What was asked and answered, written down outside the system, and what follows from that alone."""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

NO_ANSWER = 0
"""In the place of a status: the connection was refused, or ended without an answer."""
HUNG = -1
"""In the place of a status: nothing came within the caller's patience."""
NAMED = frozenset(
    {
        "upstream-unavailable",
        "upstream-invalid-response",
        "upstream-timeout",
        "database-unavailable",
        "overloaded",
        "unavailable",
        "resource-busy",
        "request-in-progress",
    }
)
"""What may be answered while something is broken."""


class Entry(NamedTuple):
    """One call, from its start to its end, in seconds of a clock that does not jump."""

    route: str
    key: str
    started: float
    ended: float
    status: int
    problem: str
    id: str
    missing: tuple[str, ...] = ()
    """The services whose parts a view was answered without."""
    digest: str = ""
    """Of the answer to a write."""
    flaw: str = ""
    """What must be in no answer, in words that begin with the name of what is broken."""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_whole(self) -> bool:
        """Whether it is a success that nothing is missing from."""
        return self.is_success and not self.missing

    @property
    def is_foreseen(self) -> bool:
        """Whether it is a success, a problem that may be answered, or a connection that broke with the gateway."""
        if self.flaw:
            return False
        return self.is_success or self.status == NO_ANSWER or (self.status > 0 and self.problem in NAMED)


class Ledger:
    """Every call in the order of its end, in a file that is only added to."""

    def __init__(self, path: Path) -> None:
        self.entries: list[Entry] = []
        self._file = path.open("a", encoding="utf-8")

    def add(self, entry: Entry) -> None:
        """Write a call down."""
        self.entries.append(entry)
        self._file.write(json.dumps(entry._asdict()) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def has_succeeded_since(self, routes: Iterable[str], moment: float) -> bool:
        """Whether on each of the routes a call that began after the moment was answered, with all there is."""
        fresh = {entry.route for entry in recent(self.entries, moment) if entry.started > moment and entry.is_whole}
        return set(routes) <= fresh

    def acknowledged(self, route: str) -> dict[str, str]:
        """The id that was answered for each key of a route."""
        return {entry.key: entry.id for entry in self.entries if entry.route == route and entry.is_success}

    def answers(self, route: str) -> dict[str, set[str]]:
        """The digests of all that was answered for each key of a route."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            if entry.route == route and entry.is_success:
                found.setdefault(entry.key, set()).add(entry.digest)
        return found


def longest_gap(entries: Sequence[Entry], route: str, since: float, until: float) -> float:
    """The longest time without a success on a route that touches the span, in seconds."""
    ends = [entry.ended for entry in entries if entry.route == route and entry.is_success]
    before = max((end for end in ends if end <= since), default=since)
    inside = [end for end in ends if since < end <= until]
    after = min((end for end in ends if end > until), default=until)
    return max((later - earlier for earlier, later in pairwise([before, *inside, after])), default=0.0)


def first_success(entries: Sequence[Entry], route: str, since: float) -> float:
    """How long after a moment the first call on a route succeeded, in seconds; for ever if none did."""
    ends = [entry.ended for entry in entries if entry.route == route and entry.is_success and entry.ended > since]
    return min(ends, default=float("inf")) - since


def longest_call(entries: Sequence[Entry], route: str, since: float, until: float) -> float:
    """How long the slowest call on a route took of those that were under way in the span, in seconds."""
    return max(
        (
            entry.ended - entry.started
            for entry in entries
            if entry.route == route and entry.started < until and entry.ended > since
        ),
        default=0.0,
    )


def refusals(entries: Sequence[Entry], since: float, until: float) -> dict[str, int]:
    """How often each refusal was answered in the span; a connection that broke counts as one."""
    counted: dict[str, int] = {}
    for entry in entries:
        if since < entry.ended <= until and not entry.is_success:
            name = entry.problem or {NO_ANSWER: "no answer", HUNG: "HUNG"}.get(entry.status, str(entry.status))
            counted[name] = counted.get(name, 0) + 1
    return counted


def recent(entries: Sequence[Entry], since: float) -> Sequence[Entry]:
    """The calls that ended after a moment: a long trial is not looked through from its beginning each time."""
    first = len(entries)
    while first and entries[first - 1].ended > since:
        first -= 1
    return entries[first:]


def seconds_of(entries: Sequence[Entry], route: str, since: float, until: float) -> list[float]:
    """How long each success on a route took that ended in the span."""
    return [
        entry.ended - entry.started
        for entry in entries
        if entry.route == route and entry.is_success and since < entry.ended <= until
    ]


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The smallest that so many percent do not exceed (nearest rank); nothing of nothing."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0

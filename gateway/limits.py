"""How much is worked on at once, and how much of it for one caller. Both count within this process only."""

from collections.abc import Callable
from typing import NamedTuple

from gateway.requests import Request
from gateway.routes import Traffic
from services.chassis.problems import Overloaded, RateLimited

MOST_CALLERS = 10_000


class Room:
    """Places for requests under way; long ones have places of their own, so that they cannot crowd out the others."""

    def __init__(self, calls: int, long_ones: int) -> None:
        self._most = {
            Traffic.CALL: calls,
            Traffic.TRANSFER: long_ones,
            Traffic.STREAM: long_ones,
        }
        self._inside: dict[Traffic, set[Request]] = {
            traffic: set() for traffic in Traffic
        }

    def has_place(self, traffic: Traffic) -> bool:
        """Whether another request of the kind may enter."""
        return len(self._inside[traffic]) < self._most[traffic]

    def enter(self, request: Request, traffic: Traffic) -> None:
        """Take a place, or refuse at once."""
        if not self.has_place(traffic):
            raise Overloaded
        self._inside[traffic].add(request)

    def leave(self, request: Request, traffic: Traffic) -> None:
        """Give the place back."""
        self._inside[traffic].discard(request)

    def clear(self, traffic: Traffic) -> None:
        """Let no more in, and give up what is inside."""
        self._most[traffic] = 0
        for request in self._inside[traffic]:
            request.expire()


class Allowance(NamedTuple):
    """What was left for a caller, and when."""

    left: float
    at: float


class CallerRates:
    """A token bucket for each caller: `rate` requests per second, twice as many at once."""

    def __init__(self, rate: float | None, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._allowances: dict[str, Allowance] = {}

    def spend(self, subject: str) -> None:
        """Count one request of the caller; refuse when the allowance is used up."""
        if self._rate is None:
            return
        now = self._clock()
        full = max(1.0, 2 * self._rate)
        before = self._allowances.get(subject) or Allowance(full, now)
        left = min(full, before.left + (now - before.at) * self._rate)
        if left < 1:
            raise RateLimited(retry_after=max(1, round((1 - left) / self._rate)))
        if len(self._allowances) >= MOST_CALLERS:
            self._forget(now, full)
        self._allowances[subject] = Allowance(left - 1, now)

    def _forget(self, now: float, full: float) -> None:
        """Callers whose allowance has filled up again need no memory; if all are busy, begin anew."""
        rate = self._rate or 0.0
        busy = {
            name: given
            for name, given in self._allowances.items()
            if given.left + (now - given.at) * rate < full
        }
        self._allowances = busy if len(busy) < MOST_CALLERS else {}

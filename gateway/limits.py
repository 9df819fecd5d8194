"""How many requests are served at once, and how many of one caller, in this process."""

from collections.abc import Callable
from typing import NamedTuple

from gateway.requests import Request
from gateway.routes import Traffic
from services.chassis.ground.problems import Overloaded, RateLimited

# A caller may come from many addresses: what is remembered of them needs a limit.
MOST_CALLERS = 10_000


class Room:
    """Places for requests under way.

    Streams and transfers have places of their own, so that they cannot crowd out calls.
    """

    def __init__(self, calls: int, streams: int) -> None:
        self._most = {
            Traffic.CALL: calls,
            Traffic.TRANSFER: streams,
            Traffic.STREAM: streams,
        }
        # Sets, not counts: `clear` has to reach those inside.
        self._inside: dict[Traffic, set[Request]] = {
            traffic: set() for traffic in Traffic
        }

    def has_place(self, traffic: Traffic) -> bool:
        """Whether another request of the kind may enter."""
        return len(self._inside[traffic]) < self._most[traffic]

    def enter(self, request: Request, traffic: Traffic) -> None:
        """Take a place; Overloaded without one."""
        if not self.has_place(traffic):
            raise Overloaded
        self._inside[traffic].add(request)

    def leave(self, request: Request, traffic: Traffic) -> None:
        """Give the place back."""
        self._inside[traffic].discard(request)

    def clear(self, traffic: Traffic) -> None:
        """Let no more requests in, and end those under way."""
        self._most[traffic] = 0
        for request in self._inside[traffic]:
            request.expire()


class Allowance(NamedTuple):
    """How many requests a caller had left, and when."""

    left: float
    at: float


class CallerRates:
    """A token bucket for each caller: `rate` requests per second, twice as many at once.

    Without a rate nobody is limited.
    """

    def __init__(self, rate: float | None, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._allowances: dict[str, Allowance] = {}

    def spend(self, subject: str) -> None:
        """Count one request of the caller; RateLimited when there was none left."""
        if self._rate is None:
            return
        now = self._clock()
        # Twice a rate of less than a half would never come to a whole request.
        full = max(1.0, 2 * self._rate)
        before = self._allowances.get(subject) or Allowance(full, now)
        left = min(full, before.left + (now - before.at) * self._rate)
        # A refused request is not counted: whoever tries on is not locked out for
        # longer.
        if left < 1:
            raise RateLimited(retry_after=max(1, round((1 - left) / self._rate)))
        if len(self._allowances) >= MOST_CALLERS:
            self._forget(now, full)
        self._allowances[subject] = Allowance(left - 1, now)

    def _forget(self, now: float, full: float) -> None:
        """Drop the callers whose allowance is full again; if that is nobody, drop all."""
        rate = self._rate or 0.0
        busy = {
            name: allowance
            for name, allowance in self._allowances.items()
            if allowance.left + (now - allowance.at) * rate < full
        }
        # Dropping all gives everybody a full bucket once: better than memory without a
        # limit.
        self._allowances = busy if len(busy) < MOST_CALLERS else {}

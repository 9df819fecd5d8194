"""Limits of this process: how many requests at once, and how many of one caller."""

import math
from collections.abc import Callable
from typing import NamedTuple

from gateway.headers import Headers
from gateway.requests import Request
from gateway.routes import Traffic
from services.chassis.ground.problems import Overloaded, RateLimited

# A caller may come from many addresses: the memory for them needs a limit.
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

    def places(self) -> list[tuple[str, int, int]]:
        """For each kind its name, how many requests are inside, and how many may be."""
        return [
            (traffic.value, len(self._inside[traffic]), most)
            for traffic, most in self._most.items()
        ]

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
        # Twice a rate of less than a half would never make a whole request.
        self._full = max(1.0, 2 * (rate or 0.0))
        window = math.ceil(self._full / rate) if rate else 0
        self._policy = b'"caller";q=%d;w=%d' % (int(self._full), window)

    def spend(self, subject: str) -> None:
        """Count one request of the caller; RateLimited when there was none left."""
        if self._rate is None:
            return
        now = self._clock()
        left = self._left(subject, now)
        # A refused request is not counted: retries do not lock a caller out for longer.
        if left < 1:
            raise RateLimited(retry_after=max(1, math.ceil((1 - left) / self._rate)))
        if len(self._allowances) >= MOST_CALLERS:
            self._forget(now)
        self._allowances[subject] = Allowance(left - 1, now)

    def headers(self, subject: str) -> Headers:
        """Headers of the caller's limit: policy, requests left, seconds until full.

        In the form of draft-ietf-httpapi-ratelimit-headers-11; none without a limit.
        """
        if self._rate is None:
            return []
        left = self._left(subject, self._clock())
        seconds = math.ceil((self._full - left) / self._rate)
        return [
            (b"ratelimit-policy", self._policy),
            (b"ratelimit", b'"caller";r=%d;t=%d' % (int(left), seconds)),
        ]

    def _left(self, subject: str, now: float) -> float:
        before = self._allowances.get(subject) or Allowance(self._full, now)
        return min(self._full, before.left + (now - before.at) * (self._rate or 0.0))

    def _forget(self, now: float) -> None:
        """Drop the callers whose allowance is full again; if that is nobody, drop all."""
        busy = {
            name: allowance
            for name, allowance in self._allowances.items()
            if self._left(name, now) < self._full
        }
        # Dropping all gives everybody a full bucket once: that is better than memory
        # that grows without a limit.
        self._allowances = busy if len(busy) < MOST_CALLERS else {}

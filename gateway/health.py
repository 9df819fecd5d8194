"""Whether requests can be answered, as a whole and for each service."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Literal

from gateway.authentication import Authentication
from gateway.upstreams import Upstream

# Balancers ask often and all at once, and each probe goes to every replica.
FRESH_SECONDS = 0.5

State = Literal["ok", "degraded", "unavailable"]


class Health:
    """The state of every service, looked up at most twice a second."""

    def __init__(
        self,
        upstreams: list[Upstream],
        authentication: Authentication,
        clock: Callable[[], float],
    ) -> None:
        self._upstreams = upstreams
        self._authentication = authentication
        self._clock = clock
        self._refreshing = asyncio.Lock()
        self._known_until = float("-inf")
        self._are_ready: dict[str, bool] = {}
        self.is_stopping = False

    async def services(self) -> dict[str, State]:
        """The state of every deployed service, by name.

        "ok" when it is ready, the issuer's keys are known, and the gateway does not stop.
        """
        # Callers that come meanwhile wait for this round, and start none.
        async with self._refreshing:
            if self._clock() >= self._known_until:
                parts = (
                    self._authentication.is_ready(),
                    *(upstream.is_ready() for upstream in self._upstreams),
                )
                has_keys, *ready = await asyncio.gather(*parts)
                names = [upstream.name for upstream in self._upstreams]
                self._are_ready = {
                    name: has_keys and is_ready
                    for name, is_ready in zip(names, ready, strict=True)
                }
                self._known_until = self._clock() + FRESH_SECONDS
        # Not from the cache: balancers have to learn of the stop before the server
        # begins to drain.
        return {
            name: "ok" if is_ready and not self.is_stopping else "unavailable"
            for name, is_ready in self._are_ready.items()
        }


def state_of_whole(services: Mapping[str, State]) -> State:
    """The state of the whole: degraded without some services, unavailable without any."""
    working = [state == "ok" for state in services.values()]
    if working and all(working):
        return "ok"
    return "degraded" if any(working) else "unavailable"

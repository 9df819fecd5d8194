"""Whether the gateway may be sent requests, as a whole and for each service that stands behind it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Literal

from gateway.authentication import Authentication
from gateway.upstreams import Upstream

KEPT_SECONDS = 0.5

State = Literal["ok", "degraded", "unavailable"]


class Health:
    """The state of every service, asked for at most twice a second."""

    def __init__(
        self,
        upstreams: list[Upstream],
        authentication: Authentication,
        clock: Callable[[], float],
    ) -> None:
        self._upstreams = upstreams
        self._authentication = authentication
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known_until = float("-inf")
        self._are_ready: dict[str, bool] = {}
        self.is_stopping = False

    async def services(self) -> dict[str, State]:
        """Of each configured service whether calls to it can be answered: it is ready, the issuer's keys are known,
        and nobody has asked the gateway to stop.
        """
        async with self._asking:
            if self._clock() >= self._known_until:
                parts = (
                    self._authentication.is_ready(),
                    *(upstream.is_ready() for upstream in self._upstreams),
                )
                has_keys, *ready = await asyncio.gather(*parts)
                names = [upstream.name for upstream in self._upstreams]
                self._are_ready = {
                    name: has_keys and one
                    for name, one in zip(names, ready, strict=True)
                }
                self._known_until = self._clock() + KEPT_SECONDS
        return {
            name: "ok" if one and not self.is_stopping else "unavailable"
            for name, one in self._are_ready.items()
        }


def state_of_whole(services: Mapping[str, State]) -> State:
    """Ok with all services, degraded without some, unavailable when nothing can be served."""
    working = [state == "ok" for state in services.values()]
    if working and all(working):
        return "ok"
    return "degraded" if any(working) else "unavailable"

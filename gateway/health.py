"""Whether the gateway may be sent requests: not while it stops, and only when every service behind it is ready."""

import asyncio
from collections.abc import Callable

from gateway.authentication import Authentication
from gateway.upstreams import Upstream

KEPT_SECONDS = 0.5


class Health:
    """The readiness of the whole, asked for at most twice a second."""

    def __init__(self, upstreams: list[Upstream], authentication: Authentication, clock: Callable[[], float]) -> None:
        self._upstreams = upstreams
        self._authentication = authentication
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known_until = float("-inf")
        self._ready = False
        self.is_stopping = False

    async def is_ready(self) -> bool:
        """All configured upstreams are ready, the issuer's keys are known, and nobody has asked to stop."""
        async with self._asking:
            if self._clock() >= self._known_until:
                parts = (self._authentication.is_ready(), *(upstream.is_ready() for upstream in self._upstreams))
                self._ready = all(await asyncio.gather(*parts))
                self._known_until = self._clock() + KEPT_SECONDS
        return self._ready and not self.is_stopping

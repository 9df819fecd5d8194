"""Who looks after requests that take long: their deadline, and whether somebody still waits for them."""

import asyncio

from gateway.requests import Request

ROUND_SECONDS = 0.1


class Watch:
    """All requests under way. Most are answered before anybody looks; the others are watched from the second round on.

    One timer for all of them instead of two for each. A deadline is kept exactly from then on.
    """

    def __init__(self) -> None:
        self._under_way: set[Request] = set()
        self._seen: set[Request] = set()
        self._timers: dict[Request, asyncio.TimerHandle] = {}
        self._listeners: dict[Request, asyncio.Task[None]] = {}
        self._round: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to make rounds."""
        self._round = asyncio.get_running_loop().call_later(ROUND_SECONDS, self._look)

    def stop(self) -> None:
        """Make no more rounds."""
        if self._round is not None:
            self._round.cancel()

    def begin(self, request: Request, deadline: float) -> None:
        """From now on the request's work is given up at the deadline, or when its sender leaves."""
        request.deadline = deadline
        self._under_way.add(request)

    def move(self, request: Request, deadline: float) -> None:
        """Give the request another deadline."""
        request.deadline = deadline
        if request in self._timers:
            self._timers.pop(request).cancel()
            self._timers[request] = asyncio.get_running_loop().call_at(
                deadline, request.expire
            )

    def end(self, request: Request) -> None:
        """The work is done, or given up."""
        self._under_way.discard(request)
        if request in self._seen:
            self._seen.discard(request)
            for waiting in (
                self._timers.pop(request, None),
                self._listeners.pop(request, None),
            ):
                if waiting is not None:
                    waiting.cancel()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        for request in self._seen:
            if request not in self._timers:
                self._timers[request] = loop.call_at(request.deadline, request.expire)
            if request not in self._listeners and request.needs_listener:
                self._listeners[request] = loop.create_task(_listen(request))
        self._seen = set(self._under_way)
        self._round = loop.call_later(ROUND_SECONDS, self._look)


async def _listen(request: Request) -> None:
    """Abandon a request whose sender leaves. While its body is read, the reader is the one who notices."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    request.abandon()

"""Requests that take long: their deadlines, and whether their callers still wait."""

import asyncio

from gateway.requests import Request

# A deadline of less than two rounds is noticed late; settings are in seconds.
ROUND_SECONDS = 0.1


class Watch:
    """Ends requests at their deadline, or when their caller leaves.

    A request gets a timer and a listener of its own from its second round on. Most are
    answered before that, so that one timer for all is enough.
    """

    def __init__(self) -> None:
        self._under_way: set[Request] = set()
        self._seen_before: set[Request] = set()
        self._timers: dict[Request, asyncio.TimerHandle] = {}
        self._listeners: dict[Request, asyncio.Task[None]] = {}
        self._round: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to make rounds."""
        self._round = asyncio.get_running_loop().call_later(
            ROUND_SECONDS, self._make_round
        )

    def stop(self) -> None:
        """Make no more rounds."""
        if self._round is not None:
            self._round.cancel()

    def begin(self, request: Request, deadline: float) -> None:
        """Watch a request; its deadline is in seconds of the event loop's clock."""
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
        """Watch the request no longer."""
        self._under_way.discard(request)
        if request in self._seen_before:
            self._seen_before.discard(request)
            for handle in (
                self._timers.pop(request, None),
                self._listeners.pop(request, None),
            ):
                if handle is not None:
                    handle.cancel()

    def _make_round(self) -> None:
        loop = asyncio.get_running_loop()
        for request in self._seen_before:
            if request not in self._timers:
                self._timers[request] = loop.call_at(request.deadline, request.expire)
            if request not in self._listeners and request.needs_listener:
                self._listeners[request] = loop.create_task(_listen(request))
        self._seen_before = set(self._under_way)
        self._round = loop.call_later(ROUND_SECONDS, self._make_round)


async def _listen(request: Request) -> None:
    """Abandon a request whose caller leaves.

    While its body is read, the reader of the body notices that instead.
    """
    while (await request.receive())["type"] != "http.disconnect":
        pass
    request.abandon()

"""A shop whose orders the depot follows: another service, played by a transport."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.chassis.following.followers import LONGEST_ANSWER_SECONDS, Follower, Handler, Source
from services.chassis.peers import Account, Peer
from tests.chassis.depot import take_order

PLACED = "shop.order.placed"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass
class Shop:
    """Its feed: what happened, how it is asked, and how it answers wrongly where a test wants it."""

    events: list[dict[str, Any]] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    at_once: int = 100
    faults: list[Exception] = field(default_factory=list)
    deliver: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list
    move: Callable[[int], int] = int
    refused: tuple[str, ...] = ()
    meanwhile: Callable[[], Awaitable[object]] | None = None

    def tell(self, subject: str = "a", kind: str = PLACED, **data: Any) -> None:
        """One more event."""
        number = len(self.events) + 1
        self.events.append(
            {
                "specversion": "1.0",
                "id": str(uuid.uuid4()),
                "source": "/v1/shop",
                "type": kind,
                "subject": subject,
                "time": "2026-11-29T10:00:00Z",
                "sequence": str(number),
                "subjectversion": 1,
                "countyterc": "2469",
                "traceid": TRACE,
                "data": {"number": number, **data},
            }
        )

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """A page of the feed."""
        self.asked.append(request)
        if self.faults:
            raise self.faults.pop(0)
        after = request.url.params["after"]
        if after in self.refused:
            return httpx.Response(422, json={"code": "validation_failed"})
        start = int(after)
        items = self.events[start : start + self.at_once]
        if self.meanwhile is not None:
            await self.meanwhile()
        following = self.move(start + len(items))
        return httpx.Response(200, json={"items": self.deliver(items), "next_cursor": str(following)})

    def cursors(self) -> list[str]:
        """Where it was asked to go on."""
        return [request.url.params["after"] for request in self.asked]

    def source(self) -> Source:
        """The shop as the depot's account asks it."""
        given = httpx.MockTransport(lambda _: httpx.Response(200, json={"access_token": "mine", "expires_in": 600}))
        account = Account("http://provider.test/token", ("depot", "secret"), "events:read", seconds=30, transport=given)
        transport = httpx.MockTransport(self.answer)
        return Source(Peer("http://shop.test", seconds=LONGEST_ANSWER_SECONDS, transport=transport), account)


def follower(handler: Handler = take_order, kind: str = PLACED) -> Follower:
    """A follower of the shop's orders."""
    return Follower("shop", {kind: handler}, lambda _: None)


class Enough(BaseException):
    """The test has seen what it wanted."""


@dataclass
class Pauses:
    """Waits for nothing, and remembers how long it should have; ends what waits the last time."""

    most: int
    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) == self.most:
            raise Enough

"""Who follows another service's events, and what each event does here."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from services.chassis.data.work import Change
from services.chassis.peers import Account, Peer
from services.chassis.trust.callers import Caller


class FollowedEvent(BaseModel):
    """The fields of an event that are used."""

    id: UUID
    type: str
    subject: str
    subjectversion: int
    sequence: int
    countyterc: str | None
    # It goes to logs and headers: nothing but a trace id may pass.
    traceid: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
    data: dict[str, Any]


class FollowedPage(BaseModel):
    """Some events, and the cursor of the next page."""

    items: list[FollowedEvent]
    next_cursor: str


# All that an event does here, in the change's transaction. It may ask other services
# before its first write: nobody then waits for its locks.
Handler = Callable[[Change, FollowedEvent], Awaitable[None]]


class Source(NamedTuple):
    """The peer with the events (`seconds`: LONGEST_ANSWER_SECONDS) and our account."""

    peer: Peer
    account: Account


# The other service may wait for the first new event before it answers.
LONGEST_ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Follower:
    """The events of one service, and a handler for each type that has an effect.

    `source` makes peer and account from the settings; None where nothing is followed.
    A type that is added later is followed from then on; when the feed has to be read
    from its beginning again, its earlier events take effect too.
    """

    service: str
    handlers: Mapping[str, Handler]
    source: Callable[[Any], Source | None]

    def caller_of(self, event: FollowedEvent) -> Caller:
        """The caller for an event's effect: the feed, in the event's county."""
        # No further than the event: a handler that goes beyond it finds nothing.
        county = [event.countyterc] if event.countyterc else []
        return Caller(f"feed:{self.service}", counties=frozenset(county))

    async def carry_out(self, change: Change, event: FollowedEvent) -> None:
        """Run the handler of the event's type."""
        await change.act_for(self.caller_of(event))
        await self.handlers[event.type](change, event)
        if change.is_undone:
            raise RuntimeError("an event that leaves nothing would be lost")

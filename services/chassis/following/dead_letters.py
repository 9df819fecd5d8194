"""Events that were put aside, over HTTP; an operator can replay one."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, select, update
from starlette.responses import Response

from services.chassis.data import work
from services.chassis.data.database import problem_of
from services.chassis.data.effects import Subject
from services.chassis.data.wire import json_object
from services.chassis.following import inbox
from services.chassis.following.followers import FollowedEvent, Follower
from services.chassis.following.tables import DEAD_LETTERS
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.problems import (
    NotFound,
    Problem,
    ResourceBusy,
    StateConflict,
    Unavailable,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import SliceRouter, router
from services.chassis.trust.identity import requires
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import Listed, ListQuery, Page, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.units import Change, Reading

log = logger("following")


class ReplayFailed(Problem):
    """The event cannot be carried out yet either; it stays put aside."""

    status, title_pl = 409, "Zdarzenia nadal nie można wykonać; pozostaje odłożone"


class DeadLetterRead(BaseModel):
    """An event that was put aside, without type and subject: they may reveal a person."""

    id: UUID
    feed: str = Field(description="the service whose event it is")
    problem: str = Field(description="why it was put aside")
    attempts: int
    behind: UUID | None = Field(
        description="the first one put aside of the same subject: it is replayed before"
    )
    trace_id: str = Field(description="leads to the log lines")
    created_at: datetime
    replayed_at: datetime | None


_LETTERS = DEAD_LETTERS.c
_earlier = DEAD_LETTERS.alias("earlier")
_BEHIND = (
    select(_earlier.c.id)
    .where(
        _earlier.c.feed == _LETTERS.feed,
        _earlier.c.subject == _LETTERS.subject,
        _earlier.c.position < _LETTERS.position,
        _earlier.c.replayed_at.is_(None),
        _LETTERS.replayed_at.is_(None),
    )
    .order_by(_earlier.c.position)
    .limit(1)
    .correlate(DEAD_LETTERS)
    .scalar_subquery()
)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _BEHIND if name == "behind" else _LETTERS[name]
    for name in DeadLetterRead.model_fields
}
_LISTING = Listing(
    _WIRE, {"created_at": _LETTERS.created_at}, "-created_at", _LETTERS.id
)


def dead_letter_routes(
    service: str, operate: StrEnum, followers: Sequence[Follower]
) -> SliceRouter:
    """`/dead-letters` of a service that follows others, for its operators."""
    routes = router(prefix="/dead-letters", tags=["dead-letters"])
    by_feed = {follower.service: follower for follower in followers}

    @routes.get(
        "",
        name=f"list_{service}_dead_letters",
        dependencies=[requires(operate)],
        responses=answers(Page[DeadLetterRead]),
    )
    async def list_dead_letters(
        reading: Reading,
        terms: Terms,
        query: Annotated[ListQuery, Query()],
    ) -> Response:
        """Events of other services that could not be carried out here, newest first."""
        listed = Listed(_LISTING, select(DEAD_LETTERS))
        return page_answer(await page_of(reading, terms, query, listed), terms)

    @routes.post(
        "/{letter_id}/replay",
        name=f"replay_{service}_dead_letter",
        dependencies=[requires(operate)],
        responses=answers(DeadLetterRead, NotFound, StateConflict, ReplayFailed),
    )
    async def replay_dead_letter(change: Change, letter_id: Id) -> Response:
        """Carry out an event that was put aside, once the cause is mended; those of one subject in order."""
        return Answer(await _replay(change, by_feed, letter_id))

    return routes


async def _replay(
    change: work.Change, by_feed: dict[str, Follower], letter_id: UUID
) -> str:
    """The letter as JSON, after its event took effect in the same transaction."""
    this = select(_LETTERS.feed).where(_LETTERS.id == letter_id)
    feed = (await change.one(this, NotFound)).feed
    try:
        # Before the letter is read: the follower may be working on the same subject.
        await inbox.lock_feed(change, feed)
    except inbox.TakenElsewhere:
        raise ResourceBusy(retry_after=1) from None
    state = select(_LETTERS.event, _LETTERS.replayed_at, _BEHIND.label("behind"))
    letter = await change.one(state.where(_LETTERS.id == letter_id))
    if letter.replayed_at is not None:
        raise StateConflict(state="replayed", allowed=[])
    # A later change of a subject is not made before an earlier one.
    if letter.behind is not None:
        raise StateConflict(state="waiting", allowed=[], missing=[str(letter.behind)])
    # Recorded while the change is still the operator's.
    change.record("replay_dead_letter", Subject(f"dead-letters/{letter_id}"))
    await _carry_out(change, by_feed.get(feed), letter.event)
    statement = update(DEAD_LETTERS).where(_LETTERS.id == letter_id)
    statement = statement.values(replayed_at=func.clock_timestamp())
    body: str = await change.scalar(statement.returning(json_object(_WIRE)))
    return body


async def _carry_out(
    change: work.Change, follower: Follower | None, event: dict[str, Any]
) -> None:
    """ReplayFailed with the code of the fault; Unavailable for an outage."""
    try:
        # A letter outlives its follower: that is a failure too.
        if follower is None:
            raise LookupError
        await follower.carry_out(change, FollowedEvent.model_validate(event))
    except Exception as error:
        problem = problem_of(error)
        if isinstance(problem, Unavailable):
            raise
        log.warning(
            "replay failed", problem=problem.slug(), **describe_exception(error)
        )
        # Only the code: the message of a fault may quote the event.
        raise ReplayFailed(problem=problem.slug()) from error

"""The unit of work of a request, given to an endpoint to read or to change."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.chassis.data import work
from services.chassis.data.effects import Subject
from services.chassis.data.work import NOBODY
from services.chassis.ground.problems import Problem
from services.chassis.trust.callers import Caller
from services.chassis.web import idempotency

# The object is not visible to the caller, or does not exist.
_REFUSED = {403, 404, 410, 423}


def caller_in(request: Request) -> Caller:
    """The caller; NOBODY where the endpoint demands no caller."""
    caller: Caller = request.scope.get("splot.caller", NOBODY)
    return caller


async def open_change(request: Request) -> AsyncIterator[work.Change]:
    """The transaction of a request; a repeated one gets the answer of the first.

    A refusal that has to be counted leaves a record, of the address alone.
    """
    database, caller = request.app.state.database, caller_in(request)
    try:
        async with database.change(caller) as change:
            # First of all: a repeat must do nothing, and see nothing new.
            await idempotency.claim(change, request)
            request.scope["splot.change"] = change
            yield change
    except idempotency.Replay:
        # A request that gave up waiting for a standby has committed all the same.
        await database.settle()
        raise
    except Problem as problem:
        if problem.missed is not None:
            await _record_refusal(request, problem.missed, "missed")
        raise


async def open_reading(request: Request) -> AsyncIterator[work.Reading]:
    """The connection of a request that only reads."""
    async with request.app.state.database.reading(caller_in(request)) as reading:
        yield reading


async def open_replica(request: Request) -> AsyncIterator[work.Reading]:
    """The same for long reads that may be a moment old: of a replica, if any."""
    database = request.app.state.database
    async with database.reading(caller_in(request), replica=True) as reading:
        request.scope["splot.headers"] = reading.age
        yield reading


async def open_audited(request: Request) -> AsyncIterator[work.AuditedReading]:
    """A connection for reading; its audit record is committed before the answer.

    Where the record cannot be written there is no answer. A refused read leaves a
    record as well, of the address alone.
    """
    database, caller = request.app.state.database, caller_in(request)
    try:
        async with database.audited(caller) as reading:
            yield reading
    except Problem as problem:
        if problem.status in _REFUSED:
            await _record_refusal(request)
        raise


async def _record_refusal(
    request: Request, action: str = "read", outcome: str = "refused"
) -> None:
    # A transaction of its own: that of the request was rolled back with its refusal.
    async with request.app.state.database.change(caller_in(request)) as change:
        subject = Subject(request.scope["path"].split("/", 3)[-1])
        change.record(action, subject, audit_outcome=outcome)


# `function`: ended, and so committed, before the answer is sent.
Change = Annotated[work.Change, Depends(open_change, scope="function")]
Audited = Annotated[work.AuditedReading, Depends(open_audited, scope="function")]
Reading = Annotated[work.Reading, Depends(open_reading, scope="function")]
ReplicaReading = Annotated[work.Reading, Depends(open_replica, scope="function")]

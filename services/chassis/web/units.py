"""The unit of work of a request: what an endpoint is given to ask, or to change."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.chassis.data import work
from services.chassis.data.work import NOBODY
from services.chassis.trust.callers import Caller
from services.chassis.web import idempotency


def caller_in(request: Request) -> Caller:
    """Who asks; nobody where the endpoint demands no caller."""
    caller: Caller = request.scope.get("splot.caller", NOBODY)
    return caller


async def open_change(request: Request) -> AsyncIterator[work.Change]:
    """The transaction of a request. One that was carried out before is answered as it was then."""
    async with request.app.state.database.change(caller_in(request)) as change:
        await idempotency.claim(change, request)
        request.scope["splot.change"] = change
        yield change


async def open_reading(request: Request) -> AsyncIterator[work.Reading]:
    """The connection of a request that only asks."""
    async with request.app.state.database.reading(caller_in(request)) as reading:
        yield reading


Change = Annotated[work.Change, Depends(open_change, scope="function")]
Reading = Annotated[work.Reading, Depends(open_reading, scope="function")]

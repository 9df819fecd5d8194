"""/protocols with their versions."""

from typing import Annotated

from fastapi import Path, Query

from services.chassis import problems as general
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.listing import ListQuery, Page, QueryCount
from services.chassis.responses import answers
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Line
from services.screening import permissions as may
from services.screening import problems
from services.screening.protocols import actions, queries
from services.screening.protocols import schemas as wire

router = slice_router(tags=["protocols"])
Code = Annotated[
    Line, Path(pattern=r"^[A-Z][A-Z0-9_-]{1,39}$", examples=["SMALL-CHILDREN"])
]
Number = Annotated[QueryCount, Path(ge=1, le=9999, examples=[1])]


@router.get("/protocols", responses=answers(Page[wire.ProtocolRead]))
async def list_protocols(
    caller: may.CanReadProtocols,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The protocols by which campaigns screen."""
    return await queries.list_protocols(reading, terms, query)


@router.post(
    "/protocols",
    status_code=201,
    responses=answers(
        wire.ProtocolRead,
        general.OutsideScope,
        problems.ProtocolAlreadyKnown,
        status=201,
    ),
)
async def create_protocol(
    caller: may.CanEditProtocols, change: Change, new: wire.ProtocolCreate
) -> Answer:
    """Give a protocol its code and its names; what it says comes in its versions."""
    return await actions.create_protocol(change, caller, new)


@router.get(
    "/protocols/{code}", responses=answers(wire.ProtocolRead, problems.ProtocolNotFound)
)
async def get_protocol(
    caller: may.CanReadProtocols, reading: Reading, code: Code
) -> Answer:
    """One protocol, and the number of its newest version."""
    return await queries.get_protocol(reading, code)


@router.get(
    "/protocols/{code}/versions",
    responses=answers(Page[wire.ProtocolVersionRead], problems.ProtocolNotFound),
)
async def list_protocol_versions(
    caller: may.CanReadProtocols,
    reading: Reading,
    terms: Terms,
    code: Code,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The versions of a protocol, the newest first, the retired ones included."""
    return await queries.list_versions(reading, terms, code, query)


@router.post(
    "/protocols/{code}/versions",
    status_code=201,
    responses=answers(
        wire.ProtocolVersionRead,
        problems.ProtocolNotFound,
        general.OutsideScope,
        general.UnknownReference,
        status=201,
    ),
)
async def add_protocol_version(
    caller: may.CanEditProtocols,
    change: Change,
    code: Code,
    new: wire.ProtocolVersionCreate,
) -> Answer:
    """Write the next version: the battery of stage one and, for two stages, who goes on and to which battery.

    It names published versions of instruments, and never changes.
    """
    return await actions.add_protocol_version(change, caller, code, new)


@router.get(
    "/protocols/{code}/versions/{number}",
    responses=answers(wire.ProtocolVersionRead, problems.ProtocolVersionNotFound),
)
async def get_protocol_version(
    caller: may.CanReadProtocols,
    reading: Reading,
    terms: Terms,
    code: Code,
    number: Number,
) -> Answer:
    """One version of a protocol."""
    return await queries.get_version(reading, terms, code, number)


@router.post(
    "/protocols/{code}/versions/{number}/retire",
    responses=answers(
        wire.ProtocolVersionRead,
        problems.ProtocolVersionNotFound,
        general.OutsideScope,
        general.PreconditionRequired,
        general.VersionMismatch,
        general.StateConflict,
    ),
)
async def retire_protocol_version(
    caller: may.CanEditProtocols,
    change: Change,
    code: Code,
    number: Number,
    retiring: wire.ProtocolVersionRetire,
    if_match: IfMatch = None,
) -> Answer:
    """Let no campaign begin with a version any more; those that did go on."""
    return await actions.retire_protocol_version(
        change, caller, code, number, retiring, if_match
    )

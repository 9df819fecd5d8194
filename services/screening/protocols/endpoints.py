"""/protocols with their versions."""

from typing import Annotated

from fastapi import Path, Query

from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page, QueryCount
from services.chassis.web.units import Change, Reading
from services.screening.demands import CanEditProtocols, CanReadProtocols
from services.screening.problems import (
    ProtocolAlreadyKnown,
    ProtocolNotFound,
    ProtocolVersionNotFound,
)
from services.screening.protocols import actions, queries
from services.screening.protocols.schemas import (
    ProtocolCreate,
    ProtocolRead,
    ProtocolVersionCreate,
    ProtocolVersionRead,
    ProtocolVersionRetire,
)

router = slice_router(tags=["protocols"])
Code = Annotated[
    Line, Path(pattern=r"^[A-Z][A-Z0-9_-]{1,39}$", examples=["SMALL-CHILDREN"])
]
Number = Annotated[QueryCount, Path(ge=1, le=9999, examples=[1])]


@router.get("/protocols", responses=answers(Page[ProtocolRead]))
async def list_protocols(
    caller: CanReadProtocols,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The protocols by which campaigns screen."""
    return page_answer(await queries.list_protocols(reading, terms, query), terms)


@router.post(
    "/protocols",
    status_code=201,
    responses=answers(
        ProtocolRead,
        OutsideScope,
        ProtocolAlreadyKnown,
        status=201,
    ),
)
async def create_protocol(
    caller: CanEditProtocols, change: Change, new: ProtocolCreate
) -> Answer:
    """Create a protocol with its code and its names; its stages come with its versions."""
    protocol = await actions.create_protocol(change, new)
    return created_answer(protocol, f"/v1/screening/protocols/{new.code}")


@router.get("/protocols/{code}", responses=answers(ProtocolRead, ProtocolNotFound))
async def get_protocol(
    caller: CanReadProtocols, reading: Reading, code: Code
) -> Answer:
    """One protocol, and the number of its newest version."""
    # No 304: the number of its newest version can change without a new version
    # of the protocol.
    return stored_answer(await queries.get_protocol(reading, code))


@router.get(
    "/protocols/{code}/versions",
    responses=answers(Page[ProtocolVersionRead], ProtocolNotFound),
)
async def list_protocol_versions(
    caller: CanReadProtocols,
    reading: Reading,
    terms: Terms,
    code: Code,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The versions of a protocol, the newest first, the retired ones included."""
    versions = await queries.list_versions(reading, terms, code, query)
    return page_answer(versions, terms)


@router.post(
    "/protocols/{code}/versions",
    status_code=201,
    responses=answers(
        ProtocolVersionRead,
        ProtocolNotFound,
        OutsideScope,
        UnknownReference,
        status=201,
    ),
)
async def add_protocol_version(
    caller: CanEditProtocols,
    change: Change,
    code: Code,
    new: ProtocolVersionCreate,
) -> Answer:
    """Add the next version: the battery of stage one, and optionally a selection and a stage two.

    A version names published versions of instruments and never changes.
    """
    number, version = await actions.add_protocol_version(change, code, new)
    path = f"/v1/screening/protocols/{code}/versions/{number}"
    return created_answer(version, path)


@router.get(
    "/protocols/{code}/versions/{number}",
    responses=answers(ProtocolVersionRead, ProtocolVersionNotFound),
)
async def get_protocol_version(
    caller: CanReadProtocols,
    reading: Reading,
    terms: Terms,
    code: Code,
    number: Number,
) -> Answer:
    """One version of a protocol."""
    return stored_answer(await queries.get_version(reading, code, number), terms)


@router.post(
    "/protocols/{code}/versions/{number}/retire",
    responses=answers(
        ProtocolVersionRead,
        ProtocolVersionNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
        StateConflict,
    ),
)
async def retire_protocol_version(
    caller: CanEditProtocols,
    change: Change,
    code: Code,
    number: Number,
    retiring: ProtocolVersionRetire,
    if_match: IfMatch = None,
) -> Answer:
    """Retire a version: no new campaign can use it; campaigns that already use it go on."""
    # The ETag names a version by its id, which is not in the address.
    current = await queries.get_version(change, code, number)
    version = expected_version(if_match, current.key)
    retired_version = await actions.retire_protocol_version(
        change, code, number, retiring, version
    )
    return stored_answer(retired_version)

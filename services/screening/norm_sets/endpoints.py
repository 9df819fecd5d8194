"""/instruments/{code}/versions/{number}/norm-sets."""

from typing import Annotated

from fastapi import Query

from services.chassis import clock
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.listing import Page
from services.chassis.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.responses import answers
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.screening.instruments.rules.definitions import InstrumentCode
from services.screening.instruments.schemas import VersionNumber
from services.screening.norm_sets import actions, queries
from services.screening.norm_sets.schemas import (
    NormSetCreate,
    NormSetEntry,
    NormSetList,
    NormSetRead,
    NormSetUpdate,
)
from services.screening.permissions import CanEditNormSets, CanReadNormSets
from services.screening.problems import (
    InstrumentVersionNotFound,
    InstrumentVersionNotPublished,
    NormSetAlreadyExists,
    NormSetNotFound,
)

router = slice_router(
    prefix="/instruments/{code}/versions/{number}/norm-sets", tags=["norm-sets"]
)
_CHANGE = (
    InstrumentVersionNotFound,
    NormSetNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[NormSetEntry], InstrumentVersionNotFound))
async def list_norm_sets(
    caller: CanReadNormSets,
    reading: Reading,
    terms: Terms,
    code: InstrumentCode,
    number: VersionNumber,
    query: Annotated[NormSetList, Query()],
) -> Answer:
    """The norms of an instrument version, those in force and the others."""
    return await queries.list_norm_sets(reading, terms, code, number, query)


@router.post(
    "",
    status_code=201,
    responses=answers(
        NormSetRead, InstrumentVersionNotFound, NormSetAlreadyExists, status=201
    ),
)
async def create_norm_set(
    caller: CanEditNormSets,
    change: Change,
    code: InstrumentCode,
    number: VersionNumber,
    new: NormSetCreate,
) -> Answer:
    """Draft norms. A child of the forms' ages without a table, or with two, is refused."""
    return await actions.create_norm_set(change, caller, code, number, new)


@router.get("/{norm_set_id}", responses=answers(NormSetRead, NormSetNotFound))
async def get_norm_set(
    caller: CanReadNormSets,
    reading: Reading,
    terms: Terms,
    code: InstrumentCode,
    number: VersionNumber,
    norm_set_id: Id,
) -> Answer:
    """One norm set with its tables."""
    return await queries.get_norm_set(reading, terms, code, number, norm_set_id)


@router.put("/{norm_set_id}", responses=answers(NormSetRead, *_CHANGE))
async def amend_norm_set(
    caller: CanEditNormSets,
    change: Change,
    code: InstrumentCode,
    number: VersionNumber,
    norm_set_id: Id,
    other: NormSetUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Give a draft other norms."""
    return await actions.amend_norm_set(
        change, caller, code, number, norm_set_id, other, if_match
    )


@router.post(
    "/{norm_set_id}/bring-into-force",
    responses=answers(NormSetRead, *_CHANGE, InstrumentVersionNotPublished),
)
async def bring_norm_set_into_force(
    caller: CanEditNormSets,
    change: Change,
    code: InstrumentCode,
    number: VersionNumber,
    norm_set_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Let a draft count from now on. What was in force is replaced; results made with it keep its name."""
    return await actions.bring_norm_set_into_force(
        change, caller, code, number, norm_set_id, if_match, clock.now()
    )

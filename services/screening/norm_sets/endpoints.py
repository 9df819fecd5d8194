"""/instruments/{code}/versions/{number}/norm-sets."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.screening.demands import CanEditNormSets, CanReadNormSets
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
from services.screening.problems import (
    InstrumentVersionNotFound,
    InstrumentVersionNotPublished,
    NormSetAlreadyExists,
    NormSetNotFound,
)

router = slice_router(
    prefix="/instruments/{code}/versions/{number}/norm-sets", tags=["norm-sets"]
)


class _NormSetPath(NamedTuple):
    """The path parameters of a norm set."""

    code: InstrumentCode
    number: VersionNumber
    norm_set_id: Id


NormSetPath = Annotated[_NormSetPath, Depends()]
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
    """All norm sets of an instrument version, in any state."""
    norm_sets = await queries.list_norm_sets(reading, terms, code, number, query)
    return page_answer(norm_sets, terms)


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
    """Draft norms. They are refused if a child of the forms' ages has no table, or two tables."""
    norm_set = await actions.create_norm_set(change, code, number, new)
    path = (
        f"/v1/screening/instruments/{code}/versions/{number}/norm-sets/{norm_set.key}"
    )
    return created_answer(norm_set, path)


@router.get("/{norm_set_id}", responses=answers(NormSetRead, NormSetNotFound))
async def get_norm_set(
    caller: CanReadNormSets,
    reading: Reading,
    terms: Terms,
    path: NormSetPath,
) -> Answer:
    """One norm set with its tables."""
    return stored_answer(await queries.get_norm_set(reading, *path), terms)


@router.put("/{norm_set_id}", responses=answers(NormSetRead, *_CHANGE))
async def amend_norm_set(
    caller: CanEditNormSets,
    change: Change,
    path: NormSetPath,
    norms: NormSetUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Give a draft other norms."""
    # A whole document: if tables were patched one by one, they would overlap or leave
    # ages out.
    version = expected_version(if_match, path.norm_set_id)
    norm_set = await actions.amend_norm_set(change, *path, norms=norms, version=version)
    return stored_answer(norm_set)


@router.post(
    "/{norm_set_id}/bring-into-force",
    responses=answers(NormSetRead, *_CHANGE, InstrumentVersionNotPublished),
)
async def bring_norm_set_into_force(
    caller: CanEditNormSets,
    change: Change,
    path: NormSetPath,
    if_match: IfMatch = None,
) -> Answer:
    """Bring a draft into force from now on.

    The norm set in force is replaced; results that were made with it keep its code.
    """
    version = expected_version(if_match, path.norm_set_id)
    # An instant and no day: one day can have results by both norm sets.
    norm_set = await actions.bring_norm_set_into_force(
        change, *path, version=version, now=clock.now()
    )
    return stored_answer(norm_set)

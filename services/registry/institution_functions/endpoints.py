"""/institutions/{institution_id}/functions."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
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
from services.registry.demands import CanGiveFunctions, CanReadInstitutions
from services.registry.institution_functions import actions, queries
from services.registry.institution_functions.schemas import (
    FunctionCreate,
    FunctionEnd,
    FunctionList,
    FunctionRead,
)
from services.registry.problems import (
    ConditionsNotMet,
    FunctionAlreadyHeld,
    FunctionNotFound,
    InstitutionClosed,
    InstitutionNotFound,
)

router = slice_router(prefix="/institutions", tags=["institutions"])


@router.get(
    "/{institution_id}/functions",
    responses=answers(Page[FunctionRead], InstitutionNotFound),
)
async def list_functions(
    caller: CanReadInstitutions,
    reading: Reading,
    terms: Terms,
    institution_id: Id,
    query: Annotated[FunctionList, Query()],
) -> Answer:
    """The functions that an institution holds and held."""
    functions = await queries.list_functions(reading, terms, institution_id, query)
    return page_answer(functions, terms)


@router.post(
    "/{institution_id}/functions",
    status_code=201,
    responses=answers(
        FunctionRead,
        InstitutionNotFound,
        InstitutionClosed,
        OutsideScope,
        FunctionAlreadyHeld,
        ConditionsNotMet,
        UnknownReference,
        status=201,
    ),
)
async def give_function(
    caller: CanGiveFunctions, change: Change, institution_id: Id, new: FunctionCreate
) -> Answer:
    """Give an institution a function for a county and a time.

    A county has one lead coordination centre (WOKRO), which sits in one of seven host
    types; a non-public host is entrusted, not designated (School System Act, art. 90v).
    The host of a county's resource coordination centre (PCKZ) is tied to the centre's
    body, which has to exist on the first day.

    The host and the centre are checked for the first day. A function entered for the
    past ends with its institution or centre, if that has ended since.
    """
    function = await actions.give_function(change, institution_id, new)
    path = f"/v1/registry/institutions/{institution_id}/functions/{function.key}"
    return created_answer(function, path)


@router.get(
    "/{institution_id}/functions/{function_id}",
    responses=answers(FunctionRead, FunctionNotFound),
)
async def get_function(
    caller: CanReadInstitutions,
    reading: Reading,
    terms: Terms,
    institution_id: Id,
    function_id: Id,
) -> Answer:
    """One function that an institution holds or held."""
    function = await queries.get_function(reading, institution_id, function_id)
    return stored_answer(function, terms)


@router.post(
    "/{institution_id}/functions/{function_id}/end",
    responses=answers(
        FunctionRead,
        InstitutionNotFound,
        FunctionNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
        StateConflict,
    ),
)
async def end_function(
    caller: CanGiveFunctions,
    change: Change,
    institution_id: Id,
    function_id: Id,
    end: FunctionEnd,
    if_match: IfMatch = None,
) -> Answer:
    """End a function that an institution holds."""
    version = expected_version(if_match, function_id)
    function = await actions.end_function(
        change, institution_id, function_id, end, version
    )
    return stored_answer(function)

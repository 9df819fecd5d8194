"""/institutions and their functions."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    AmbiguousReference,
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Date, Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
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
from services.registry.demands import (
    CanCloseInstitutions,
    CanEditInstitutions,
    CanGiveFunctions,
    CanReadInstitutions,
)
from services.registry.institutions import actions, queries
from services.registry.institutions.schemas import (
    FunctionCreate,
    FunctionEnd,
    FunctionList,
    FunctionRead,
    InstitutionClose,
    InstitutionCreate,
    InstitutionList,
    InstitutionRead,
    InstitutionUpdate,
)
from services.registry.problems import (
    FunctionAlreadyHeld,
    FunctionNotFound,
    InstitutionClosed,
    InstitutionNotFound,
    RspoAlreadyRegistered,
)

router = slice_router(prefix="/institutions", tags=["institutions"])
_CHANGE = (
    InstitutionNotFound,
    InstitutionClosed,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "",
    responses=answers(
        Page[InstitutionRead],
        AmbiguousReference,
        UnknownReference,
        NotAcceptable,
        files=files("csv", "xlsx", "ndjson", "geojson"),
    ),
)
async def list_institutions(
    caller: CanReadInstitutions,
    reading: Reading,
    request: Request,
    query: Annotated[InstitutionList, Query()],
) -> Response:
    """Institutions of all sectors: those that work today, or as they were on the day `as_of`."""
    listed = await queries.list_institutions(reading, query, clock.today())
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        InstitutionRead,
        OutsideScope,
        RspoAlreadyRegistered,
        AmbiguousReference,
        UnknownReference,
        status=201,
    ),
)
async def create_institution(
    caller: CanEditInstitutions, change: Change, new: InstitutionCreate
) -> Answer:
    """Register an institution in a county of the caller's. The county is named by code, or by an unambiguous name."""
    institution = await actions.create_institution(change, new)
    return created_answer(institution, f"/v1/registry/institutions/{institution.key}")


@router.get(
    "/{institution_id}", responses=answers(InstitutionRead, InstitutionNotFound)
)
async def get_institution(
    caller: CanReadInstitutions,
    reading: Reading,
    terms: Terms,
    institution_id: Id,
    as_of: Annotated[Date | None, Query(description="as it was on that day")] = None,
) -> Answer:
    """One institution, as it is or as it was on a day."""
    institution = await queries.get_institution(reading, institution_id, as_of)
    return stored_answer(institution, terms)


@router.patch(
    "/{institution_id}",
    responses=answers(
        InstitutionRead, *_CHANGE, RspoAlreadyRegistered, UnknownReference
    ),
)
async def amend_institution(
    caller: CanEditInstitutions,
    change: Change,
    institution_id: Id,
    patch: InstitutionUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change an institution by a merge patch. How it was until today stays readable with `as_of`."""
    version = expected_version(if_match, institution_id)
    institution = await actions.amend_institution(
        change, institution_id, patch, version, clock.today()
    )
    return stored_answer(institution)


@router.post("/{institution_id}/close", responses=answers(InstitutionRead, *_CHANGE))
async def close_institution(
    caller: CanCloseInstitutions,
    change: Change,
    institution_id: Id,
    end: InstitutionClose,
    if_match: IfMatch = None,
) -> Answer:
    """Close an institution. The functions that it still holds end on the same day; its record and history stay."""
    version = expected_version(if_match, institution_id)
    institution = await actions.close_institution(
        change, institution_id, end, version, clock.today()
    )
    return stored_answer(institution)


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
        UnknownReference,
        status=201,
    ),
)
async def give_function(
    caller: CanGiveFunctions, change: Change, institution_id: Id, new: FunctionCreate
) -> Answer:
    """Give an institution a function for a county and a time.

    A lead coordination centre (WOKRO) sits in one of seven host types and is one per county; a non-public host is
    entrusted, not designated (School System Act, art. 90v).
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

"""/institutions."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    AmbiguousReference,
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
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
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import (
    CanCloseInstitutions,
    CanEditInstitutions,
    CanReadInstitutions,
)
from services.registry.institutions import actions, queries
from services.registry.institutions.schemas import (
    InstitutionClose,
    InstitutionCreate,
    InstitutionList,
    InstitutionRead,
    InstitutionUpdate,
)
from services.registry.problems import (
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
    """Register an institution in one of the caller's counties. The county is named by
    code, or by an unambiguous name.
    """
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
    """Change an institution by a merge patch. Its state until today stays
    readable with `as_of`.
    """
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
    """Close an institution. The functions that it holds on that day end with it; its
    record and history stay.
    """
    version = expected_version(if_match, institution_id)
    institution = await actions.close_institution(
        change, institution_id, end, version, clock.today()
    )
    return stored_answer(institution)

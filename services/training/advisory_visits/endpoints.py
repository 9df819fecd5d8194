"""/authorities/{id}/advisory-visits."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.advisory_visits import actions, queries
from services.training.advisory_visits.schemas import (
    AdvisoryVisitList,
    AdvisoryVisitRead,
    AdvisoryVisitRecord,
    VisitSums,
)
from services.training.annulling import RecordAnnul
from services.training.authorities.queries import get_worked
from services.training.demands import CanReadAuthorityWork, CanRecordAdvisoryVisits
from services.training.permissions import Permission
from services.training.problems import (
    AdvisoryVisitNotFound,
    AuthorityNotFound,
    OutsideAdvisoryWindow,
)

router = slice_router(
    prefix="/authorities/{authority_id}/advisory-visits", tags=["advisory-visits"]
)
_FILES = files("csv", "xlsx", "ndjson")
_READ = Permission.READ_AUTHORITY_WORK


@router.get(
    "",
    responses=answers(
        Page[AdvisoryVisitRead], AuthorityNotFound, NotAcceptable, files=_FILES
    ),
)
async def list_advisory_visits(
    caller: CanReadAuthorityWork,
    reading: Reading,
    request: Request,
    authority_id: Id,
    query: Annotated[AdvisoryVisitList, Query()],
) -> Response:
    """The visits to an authority, by day."""
    await get_worked(reading, authority_id, _READ)
    # The reach again in the query, by the visits' own columns, as in all lists of work.
    listed = queries.list_visits(reading, authority_id, query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        AdvisoryVisitRead,
        AuthorityNotFound,
        StateConflict,
        OutsideAdvisoryWindow,
        status=201,
    ),
)
async def record_advisory_visit(
    caller: CanRecordAdvisoryVisits,
    change: Change,
    authority_id: Id,
    new: AdvisoryVisitRecord,
) -> Answer:
    """Record a visit: when, how long, about what.

    Only in the twelve months that begin when the team has been trained.
    """
    visit = await actions.record_visit(change, authority_id, new, clock.today())
    path = f"/v1/training/authorities/{authority_id}/advisory-visits/{visit.key}"
    return created_answer(visit, path)


# Before `/{visit_id}`, whose pattern matches this path as well.
@router.get("/sums", responses=answers(VisitSums, AuthorityNotFound))
async def sum_advisory_visits(
    caller: CanReadAuthorityWork, reading: Reading, authority_id: Id
) -> Answer:
    """Number and minutes of the visits to an authority, and the window for them."""
    authority = await get_worked(reading, authority_id, _READ)
    # No ETag: the sums have no version, and each visit changes them.
    sums = await queries.get_sums(reading, authority)
    return Answer(sums.model_dump_json(), headers={"cache-control": "no-cache"})


@router.get(
    "/{visit_id}",
    responses=answers(AdvisoryVisitRead, AuthorityNotFound, AdvisoryVisitNotFound),
)
async def get_advisory_visit(
    caller: CanReadAuthorityWork,
    reading: Reading,
    terms: Terms,
    authority_id: Id,
    visit_id: Id,
) -> Answer:
    """One visit of an authority."""
    await get_worked(reading, authority_id, _READ)
    visit = await queries.get_visit(reading, authority_id, visit_id)
    return stored_answer(visit, terms)


@router.post(
    "/{visit_id}/annul",
    responses=answers(
        AdvisoryVisitRead,
        AuthorityNotFound,
        AdvisoryVisitNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_advisory_visit(
    caller: CanRecordAdvisoryVisits,
    change: Change,
    authority_id: Id,
    visit_id: Id,
    annulling: RecordAnnul,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Annul a record, with the reason. It stays in lists and counts nowhere."""
    version = expected_version(if_match, visit_id)
    return stored_answer(
        await actions.annul_advisory_visit(
            change, authority_id, visit_id, annulling.reason, version
        )
    )

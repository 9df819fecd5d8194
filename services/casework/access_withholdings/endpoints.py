"""/access-log/withholdings."""

from typing import Annotated

from fastapi import Query

from services.casework.access_withholdings import actions, queries
from services.casework.access_withholdings.schemas import (
    WithholdingCreate,
    WithholdingList,
    WithholdingRead,
)
from services.casework.demands import CanDecideRequests
from services.casework.problems import PersonNotFound, WithholdingNotFound
from services.casework.reads import Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# The path matters: while something is withheld, the family's log leaves out every
# access under this path.
_LOOK = Look("list_withholdings", actions.PATH, None, sealed="access_withholdings")
router = slice_router(prefix="/access-log/withholdings", tags=["privacy"])


@router.get("", responses=answers(Page[WithholdingRead]))
async def list_withholdings(
    caller: CanDecideRequests,
    reading: Audited,
    terms: Terms,
    query: Annotated[WithholdingList, Query()],
) -> Answer:
    """The withholdings of entries of access logs, the newest first: whose log, which
    period, and why.
    """
    listed = queries.list_withholdings(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    # No 423: a child is protected even while the processing of its data is restricted.
    responses=answers(WithholdingRead, PersonNotFound, Erased, status=201),
)
async def withhold_entries(
    caller: CanDecideRequests, change: Change, new: WithholdingCreate
) -> Answer:
    """Withhold entries of a child's access log from its guardians, because seeing them
    could put it in danger.

    The guardians' log shows neither these entries nor that there are any.
    """
    stored = await actions.withhold_entries(change, new)
    return created_answer(stored, f"/v1/casework/{actions.PATH}/{stored.key}")


@router.get(
    "/{withholding_id}",
    responses=answers(WithholdingRead, WithholdingNotFound, Erased),
)
async def get_withholding(
    caller: CanDecideRequests, reading: Audited, terms: Terms, withholding_id: Id
) -> Answer:
    """One withholding, with its reason."""
    withholding = await queries.get_withholding(reading, withholding_id)
    path = f"{actions.PATH}/{withholding_id}"
    subject = Subject(path, county=withholding.county_terc)
    record_read(reading, "get_withholding", subject, [withholding.person_id], None)
    return stored_answer(await queries.get_shown(reading, withholding), terms)


@router.post(
    "/{withholding_id}/release",
    responses=answers(
        WithholdingRead,
        WithholdingNotFound,
        Erased,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def release_entries(
    caller: CanDecideRequests,
    change: Change,
    withholding_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Release a withholding: the guardians see the entries from now on."""
    version = expected_version(if_match, withholding_id)
    stored = await actions.release_entries(change, withholding_id, version, clock.now())
    return stored_answer(stored)

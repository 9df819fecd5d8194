"""/conferences."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
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
from services.training.conferences import actions, queries
from services.training.conferences.rules import AUDIENCES
from services.training.conferences.schemas import (
    AudienceCatalogue,
    AudienceRead,
    ConferenceCancel,
    ConferenceCreate,
    ConferenceList,
    ConferenceRead,
    ConferenceUpdate,
)
from services.training.demands import CanEditConferences, CanReadConferences
from services.training.problems import ConferenceNotFound, ConferenceNotOver

router = slice_router(prefix="/conferences", tags=["conferences"])
_CHANGE = (ConferenceNotFound, StateConflict, PreconditionRequired, VersionMismatch)


@router.get(
    "",
    responses=answers(
        Page[ConferenceRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_conferences(
    caller: CanReadConferences,
    reading: Reading,
    request: Request,
    query: Annotated[ConferenceList, Query()],
) -> Response:
    """Conferences by programme, audience, mode and time, the latest first."""
    # Without a reach: every signed-in caller may register, and so read them all.
    listed = queries.list_conferences(query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "", status_code=201, responses=answers(ConferenceRead, UnknownReference, status=201)
)
async def plan_conference(
    caller: CanEditConferences, change: Change, new: ConferenceCreate
) -> Answer:
    """Plan a conference of a programme, online or at a place."""
    conference = await actions.plan_conference(change, new)
    return created_answer(conference, f"/v1/training/conferences/{conference.key}")


# Before `/{conference_id}`, whose pattern matches this path as well.
@router.get("/audiences", responses=answers(AudienceCatalogue))
async def get_conference_audiences(caller: CanReadConferences) -> Answer:
    """The audiences that a conference can have, in both languages."""
    items = [AudienceRead(**each._asdict()) for each in AUDIENCES]
    # From the code and not from a table: the list changes with a release only.
    body = AudienceCatalogue(items=items).model_dump_json()
    return Answer(body, headers={"cache-control": "no-cache"})


@router.get("/{conference_id}", responses=answers(ConferenceRead, ConferenceNotFound))
async def get_conference(
    caller: CanReadConferences, reading: Reading, terms: Terms, conference_id: Id
) -> Answer:
    """One conference."""
    return stored_answer(await queries.get_conference(reading, conference_id), terms)


@router.patch("/{conference_id}", responses=answers(ConferenceRead, *_CHANGE))
async def amend_conference(
    caller: CanEditConferences,
    change: Change,
    conference_id: Id,
    patch: ConferenceUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a conference by a merge patch, while it has not taken place."""
    version = expected_version(if_match, conference_id)
    return stored_answer(
        await actions.amend_conference(change, conference_id, patch, version)
    )


# Opened explicitly, although times are set: a plan may still change.
@router.post("/{conference_id}/open", responses=answers(ConferenceRead, *_CHANGE))
async def open_conference(
    caller: CanEditConferences,
    change: Change,
    conference_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Open registration, within the conference's registration times."""
    version = expected_version(if_match, conference_id)
    return stored_answer(await actions.open_conference(change, conference_id, version))


@router.post(
    "/{conference_id}/hold",
    responses=answers(ConferenceRead, *_CHANGE, ConferenceNotOver),
)
async def hold_conference(
    caller: CanEditConferences,
    change: Change,
    conference_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Mark a conference as held."""
    version, now = expected_version(if_match, conference_id), clock.now()
    return stored_answer(
        await actions.hold_conference(change, conference_id, version, now)
    )


# Registrations stay: staff have to inform the people who had a place.
@router.post("/{conference_id}/cancel", responses=answers(ConferenceRead, *_CHANGE))
async def cancel_conference(
    caller: CanEditConferences,
    change: Change,
    conference_id: Id,
    cancelling: ConferenceCancel,
    if_match: IfMatch = None,
) -> Answer:
    """Cancel a conference, with a reason that everybody may read."""
    version, reason = expected_version(if_match, conference_id), cancelling.reason
    return stored_answer(
        await actions.cancel_conference(change, conference_id, reason, version)
    )

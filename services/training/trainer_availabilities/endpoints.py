"""/trainers/{trainer_id}/availabilities."""

from typing import Annotated

from fastapi import Query, Response

from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers, problems
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
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditTrainers, CanReadTrainers
from services.training.problems import AvailabilityNotFound, TrainerNotFound
from services.training.trainer_availabilities import actions, queries
from services.training.trainer_availabilities.schemas import (
    AvailabilityCreate,
    AvailabilityList,
    AvailabilityRead,
)
from services.training.trainers.queries import get_trainer

router = slice_router(prefix="/trainers/{trainer_id}/availabilities", tags=["trainers"])


@router.get("", responses=answers(Page[AvailabilityRead], TrainerNotFound))
async def list_availabilities(
    caller: CanReadTrainers,
    reading: Reading,
    terms: Terms,
    trainer_id: Id,
    query: Annotated[AvailabilityList, Query()],
) -> Answer:
    """The times in which a trainer is free or away, in order."""
    # Without this, an unknown trainer would have an empty list instead of a 404.
    await get_trainer(reading, trainer_id)
    listed = queries.list_availabilities(trainer_id, query)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(AvailabilityRead, TrainerNotFound, status=201),
)
async def state_availability(
    caller: CanEditTrainers, change: Change, trainer_id: Id, new: AvailabilityCreate
) -> Answer:
    """Add a time in which a trainer is free or away.

    From now on, no session can be planned against it.
    """
    time = await actions.state_availability(change, trainer_id, new)
    location = f"/v1/training/trainers/{trainer_id}/availabilities/{time.key}"
    return created_answer(time, location)


@router.get(
    "/{availability_id}", responses=answers(AvailabilityRead, AvailabilityNotFound)
)
async def get_availability(
    caller: CanReadTrainers,
    reading: Reading,
    terms: Terms,
    trainer_id: Id,
    availability_id: Id,
) -> Answer:
    """One time in which a trainer is free, or away."""
    time = await queries.get_availability(reading, trainer_id, availability_id)
    return stored_answer(time, terms)


@router.delete(
    "/{availability_id}",
    status_code=204,
    responses=problems(
        AvailabilityNotFound,
        TrainerNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def withdraw_availability(
    caller: CanEditTrainers,
    change: Change,
    trainer_id: Id,
    availability_id: Id,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Response:
    """Delete a time in which a trainer was free or away."""
    version = expected_version(if_match, availability_id)
    await actions.withdraw_availability(change, trainer_id, availability_id, version)
    return Response(status_code=204)

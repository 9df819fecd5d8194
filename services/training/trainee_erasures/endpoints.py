"""Erasure of /trainees."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    ResourceBusy,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.training.demands import CanEditTrainees
from services.training.problems import TraineeNotFound
from services.training.trainee_erasures import actions
from services.training.trainees.schemas import TraineeRead

router = slice_router(prefix="/trainees/{trainee_id}", tags=["trainees"])


@router.post(
    "/erase",
    responses=answers(
        TraineeRead,
        TraineeNotFound,
        StateConflict,
        ResourceBusy,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def erase_trainee(
    caller: CanEditTrainees,
    change: Change,
    trainee_id: Id,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Erase a trainee at their own request.

    Name, organisation, e-mail address and account are deleted for good. The person is
    withdrawn from groups that have not ended. Completed training stays counted by sex,
    kind of organisation and place.
    """
    version = expected_version(if_match, trainee_id)
    return stored_answer(
        await actions.erase_trainee(change, trainee_id, version, clock.now())
    )

"""Accounts of /trainers and /trainees."""

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
from services.training.accounts import actions
from services.training.accounts.schemas import AccountJoin
from services.training.demands import CanEditTrainees, CanEditTrainers
from services.training.problems import (
    TraineeAccountTaken,
    TraineeNotFound,
    TrainerAccountTaken,
    TrainerNotFound,
)
from services.training.trainees.schemas import TraineeRead
from services.training.trainers.schemas import TrainerRead

router = slice_router(tags=["accounts"])


@router.put(
    "/trainees/{trainee_id}/account",
    responses=answers(
        TraineeRead,
        TraineeNotFound,
        TraineeAccountTaken,
        StateConflict,
        ResourceBusy,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def join_trainee_account(
    # The right to edit the person: the account is a fact that opens the others to it.
    caller: CanEditTrainees,
    change: Change,
    trainee_id: Id,
    join: AccountJoin,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Set the account of a trainee.

    It reads the trainee's own records from the next request on; the account before it
    reads none.
    """
    version = expected_version(if_match, trainee_id)
    return stored_answer(
        await actions.join_trainee_account(change, trainee_id, join.account, version)
    )


@router.put(
    "/trainers/{trainer_id}/account",
    responses=answers(
        TrainerRead,
        TrainerNotFound,
        TrainerAccountTaken,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def join_trainer_account(
    caller: CanEditTrainers,
    change: Change,
    trainer_id: Id,
    join: AccountJoin,
    if_match: IfMatch = None,
) -> Answer:
    """Set the account of a trainer.

    It reads the people of the trainer's groups; the account before it reads none.
    """
    version = expected_version(if_match, trainer_id)
    return stored_answer(
        await actions.join_trainer_account(change, trainer_id, join.account, version)
    )

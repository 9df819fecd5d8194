"""/trainers."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    VersionMismatch,
    refuse,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditTrainers, CanReadTrainers
from services.training.problems import TrainerAccountTaken, TrainerNotFound
from services.training.trainers import actions, queries
from services.training.trainers.rules import Span, TrainerKind
from services.training.trainers.schemas import (
    ConflictQuery,
    TrainerConflictRead,
    TrainerConflicts,
    TrainerCreate,
    TrainerList,
    TrainerRead,
    TrainerUpdate,
)

router = slice_router(prefix="/trainers", tags=["trainers"])


@router.get(
    "",
    responses=answers(
        Page[TrainerRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_trainers(
    caller: CanReadTrainers,
    reading: Reading,
    request: Request,
    query: Annotated[TrainerList, Query()],
) -> Response:
    """Trainers and external experts, by kind, competence and a day."""
    listed = queries.list_trainers(query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(TrainerRead, TrainerAccountTaken, status=201),
)
async def register_trainer(
    caller: CanEditTrainers, change: Change, new: TrainerCreate
) -> Answer:
    """Register a trainer of groups."""
    trainer = await actions.register_trainer(change, new, TrainerKind.TRAINER)
    return created_answer(trainer, f"/v1/training/trainers/{trainer.key}")


@router.get("/{trainer_id}", responses=answers(TrainerRead, TrainerNotFound))
async def get_trainer(
    caller: CanReadTrainers, reading: Reading, terms: Terms, trainer_id: Id
) -> Answer:
    """One trainer or external expert."""
    return stored_answer(await queries.get_trainer(reading, trainer_id), terms)


@router.patch(
    "/{trainer_id}",
    responses=answers(
        TrainerRead, TrainerNotFound, PreconditionRequired, VersionMismatch
    ),
)
async def amend_trainer(
    caller: CanEditTrainers,
    change: Change,
    trainer_id: Id,
    patch: TrainerUpdate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Change a trainer by a merge patch.

    A trainer who has left cannot be planned for sessions after the last day.
    """
    version = expected_version(if_match, trainer_id)
    return stored_answer(
        await actions.amend_trainer(change, trainer_id, patch, version)
    )


@router.get(
    "/{trainer_id}/conflicts", responses=answers(TrainerConflicts, TrainerNotFound)
)
async def list_trainer_conflicts(
    caller: CanReadTrainers,
    reading: Reading,
    trainer_id: Id,
    query: Annotated[ConflictQuery, Query()],
) -> Answer:
    """Why a trainer cannot come to a session at a time.

    The trainer has left, is not available, or trains elsewhere.
    """
    # Without this check nothing would overlap, and everybody would seem free.
    if query.ends_at <= query.starts_at:
        refuse(("ends_at", "wrong_order"))
    trainer = await queries.get_trainer_facts(reading, trainer_id)
    span = Span(query.starts_at, query.ends_at)
    conflicts = await queries.list_trainer_conflicts(reading, [trainer], span)
    items = [
        TrainerConflictRead(reason=each.reason, session_id=each.session_id)
        for each in conflicts
    ]
    return Answer(TrainerConflicts(items=items).model_dump_json())

"""/experts."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
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
from services.training.demands import CanEditTrainers, CanReadTrainers
from services.training.experts.schemas import ExpertList
from services.training.problems import TrainerAccountTaken, TrainerNotFound
from services.training.trainers import actions, queries
from services.training.trainers.rules import TrainerKind
from services.training.trainers.schemas import (
    TrainerCreate,
    TrainerList,
    TrainerRead,
    TrainerUpdate,
)

EXPERT = TrainerKind.EXTERNAL_EXPERT
router = slice_router(prefix="/experts", tags=["experts"])


@router.get(
    "",
    responses=answers(
        Page[TrainerRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_experts(
    caller: CanReadTrainers,
    reading: Reading,
    request: Request,
    query: Annotated[ExpertList, Query()],
) -> Response:
    """External experts who work with authorities, by competence."""
    # The list of trainers with one filter set: experts are rows of trainers.
    of_kind = TrainerList(**query.model_dump(), kind=[EXPERT])
    return await list_answer(request, reading, query, queries.list_trainers(of_kind))


@router.post(
    "",
    status_code=201,
    responses=answers(TrainerRead, TrainerAccountTaken, status=201),
)
async def register_expert(
    caller: CanEditTrainers, change: Change, new: TrainerCreate
) -> Answer:
    """Register an external expert, who can give sessions like a trainer."""
    # The kind comes from the address and is in no body, so that it cannot be changed.
    expert = await actions.register_trainer(change, new, EXPERT)
    return created_answer(expert, f"/v1/training/experts/{expert.key}")


@router.get("/{expert_id}", responses=answers(TrainerRead, TrainerNotFound))
async def get_expert(
    caller: CanReadTrainers, reading: Reading, terms: Terms, expert_id: Id
) -> Answer:
    """One external expert."""
    # With the kind: a trainer's id is not found under this address.
    return stored_answer(await queries.get_trainer(reading, expert_id, EXPERT), terms)


@router.patch(
    "/{expert_id}",
    responses=answers(
        TrainerRead, TrainerNotFound, PreconditionRequired, VersionMismatch
    ),
)
async def amend_expert(
    caller: CanEditTrainers,
    change: Change,
    expert_id: Id,
    patch: TrainerUpdate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Change an external expert by a merge patch."""
    version = expected_version(if_match, expert_id)
    return stored_answer(
        await actions.amend_trainer(change, expert_id, patch, version, EXPERT)
    )

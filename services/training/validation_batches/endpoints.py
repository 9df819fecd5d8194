"""/groups/{group_id}/validations:batch."""

from fastapi import Depends, Request

from services.chassis.ground import clock
from services.chassis.ground.problems import Language
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.batch_answers import refusal_of_item
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change
from services.training.demands import CanRecordValidations
from services.training.problems import GroupNotFound, ValidatorNotIndependent
from services.training.validation_batches import actions
from services.training.validation_batches.schemas import (
    ValidationBatch,
    ValidationBatchItem,
    ValidationBatchRead,
)

router = slice_router(prefix="/groups/{group_id}", tags=["validations"])


@router.post(
    "/validations:batch",
    responses=answers(ValidationBatchRead, GroupNotFound, ValidatorNotIndependent),
    dependencies=[Depends(demand_key)],
)
async def record_validations(
    caller: CanRecordValidations,
    change: Change,
    request: Request,
    group_id: Id,
    batch: ValidationBatch,
) -> Answer:
    """Record up to 200 validations of a group's people; each one is recorded or refused
    separately.

    That is a group of twenty with ten outcomes. A refused item has a `problem` and does
    not affect the others. An outcome that is validated already is refused: it has to be
    corrected, with a reason.
    """
    language = preferred_language(request.headers.get("accept-language", ""))
    recordings = await actions.record_validations(
        change, group_id, batch.items, clock.today()
    )
    items = [_item(place, each, language) for place, each in enumerate(recordings)]
    return Answer(ValidationBatchRead(items=items).model_dump_json())


def _item(
    index: int, recording: actions.Recording, language: Language
) -> ValidationBatchItem:
    """The answer for one item; a refusal is the problem of a single request."""
    refusal, problem = recording.refusal, None
    if refusal is not None:
        problem = refusal_of_item(refusal, index, language)
    return ValidationBatchItem(
        index=index,
        status=recording.status,
        id=recording.validation_id,
        problem=problem,
    )

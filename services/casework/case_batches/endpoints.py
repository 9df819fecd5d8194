"""/cases:batch."""

from typing import Any

from fastapi import Depends, Request
from pydantic_core import to_json

from services.casework.case_batches import actions
from services.casework.case_batches.schemas import CaseBatch, CaseBatchRead
from services.casework.demands import CanOpenCases
from services.chassis.ground import clock
from services.chassis.ground.problems import Language
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.batch_answers import refusal_of_item
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change

router = slice_router(prefix="/cases", tags=["cases"])


@router.post(
    # With a key: whoever lost the answer would otherwise take every case over again.
    ":batch",
    responses=answers(CaseBatchRead),
    dependencies=[Depends(demand_key)],
)
async def take_over_cases(
    caller: CanOpenCases,
    change: Change,
    request: Request,
    batch: CaseBatch,
) -> Answer:
    """Up to 200 cases that were worked on elsewhere, on paper or in another system,
    each with its child, the parent, their consent, the team, the assessment, the plan
    that is carried out and the reviews held.

    Each is registered anew as it stands, `in_progress`, with the days on which
    everything happened; who entered it is the caller. It has to meet what every step on
    the way asks for: a basis for the county's work, a whole team, a completed
    assessment, a plan with a goal for the family that the parent and somebody of the
    team other than its author have signed. What is wrong with one stands in its
    `problem` and keeps none of the others out. Cases of lead coordination centres, and
    of pupils of age, are opened one by one.
    """
    language = preferred_language(request.headers.get("accept-language", ""))
    taken = await actions.take_over_cases(change, batch, clock.today())
    items = [_item(place, each, language) for place, each in enumerate(taken)]
    return Answer(to_json({"items": items}))


def _item(index: int, taken: actions.TakenOver, language: Language) -> dict[str, Any]:
    """What is answered about one; a refusal as the problem it would be if it had been
    sent alone.
    """
    refusal, made = taken.refusal, taken.made
    return {
        "index": index,
        "status": taken.status,
        "id": made and made.case_id,
        "person_id": made and made.person_id,
        "plan_id": made and made.plan_id,
        "problem": refusal and refusal_of_item(refusal, index, language),
    }

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
    # With a required idempotency key: a repeat after a lost answer would otherwise
    # import every case again.
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

    Each is recorded in its present state, `in_progress`, with the days on which
    everything happened, and with the caller as the person who entered it. It must meet
    the conditions of every step: a legal basis for the county's work, a complete team,
    a completed assessment, and a plan with a goal for the family, signed by the parent
    and by a member of the team other than its author. The errors of a case are in its
    `problem` and do not affect the others. Cases of lead coordination centres, and of
    pupils of age, are opened one by one.
    """
    language = preferred_language(request.headers.get("accept-language", ""))
    results = await actions.take_over_cases(change, batch, clock.today())
    items = [_item(place, each, language) for place, each in enumerate(results)]
    return Answer(to_json({"items": items}))


def _item(index: int, result: actions.TakenOver, language: Language) -> dict[str, Any]:
    """The JSON of one item; a refusal is the same problem
    as if the case had been sent alone.
    """
    refusal, ids = result.refusal, result.ids
    return {
        "index": index,
        "status": result.status,
        "id": ids and ids.case_id,
        "person_id": ids and ids.person_id,
        "plan_id": ids and ids.plan_id,
        "problem": refusal and refusal_of_item(refusal, index, language),
    }

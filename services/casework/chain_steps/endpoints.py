"""/cases/{case_id}/chain-steps."""

from services.casework.cases.queries import get_case
from services.casework.chain_steps import actions, queries
from services.casework.chain_steps.schemas import Chain, ChainStepRecord
from services.casework.demands import CanMoveCases, CanReadCases
from services.casework.problems import (
    CaseNotFound,
    CaseNotReady,
    ChainStepNotDue,
    ProcessingRestricted,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited, Change

router = slice_router(prefix="/cases/{case_id}/chain-steps", tags=["cases"])


@router.get("", responses=answers(Chain, CaseNotFound, Erased))
async def get_chain(caller: CanReadCases, reading: Audited, case_id: Id) -> Answer:
    """The chain of a lead coordination centre (WOKRO) for a child and its family: the
    status of each step, and what it found.

    A step is needed only where the step before it found a need (Dz.U. 2023 poz. 1801,
    § 1(1) points 2 to 4).
    """
    case = await get_case(reading, case_id)
    subject = Subject(f"cases/{case_id}/chain-steps", county=case.county_terc)
    record_read(reading, "get_chain", subject, [case.person_id], Category.CASE)
    return Answer((await queries.get_chain(reading, case)).model_dump_json())


@router.post(
    "",
    status_code=201,
    responses=answers(
        Chain,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        CaseNotReady,
        # 409: the law sets the order of steps, and nothing in the body is wrong.
        ChainStepNotDue,
        StateConflict,
        status=201,
    ),
)
async def record_chain_step(
    caller: CanMoveCases, change: Change, case_id: Id, new: ChainStepRecord
) -> Answer:
    """Record the finding of the step that is due, once: needs, then directions and
    schedule, then services.

    Only in a case of a lead coordination centre (`track` `wokro`), from the state
    `consented` until it ends.
    """
    chain = await actions.record_chain_step(change, case_id, new, clock.now())
    location = f"/v1/casework/cases/{case_id}/chain-steps"
    # The whole chain: the finding of one step decides which step is due next.
    return Answer(chain.model_dump_json(), 201, {"location": location})

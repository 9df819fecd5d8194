"""Every change of the chain of a lead coordination centre: each step is recorded once,
in order.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert

from services.casework.cases.actions import require_open
from services.casework.cases.models import Case
from services.casework.cases.queries import lock_case
from services.casework.cases.rules import (
    CaseState,
    ChainStep,
    StepStatus,
    allowed_verbs,
    chain,
)
from services.casework.cases.schemas import Track
from services.casework.chain_steps import queries
from services.casework.chain_steps.models import CaseChainStep
from services.casework.chain_steps.schemas import Chain, ChainStepRecord
from services.casework.people.queries import lock_person, place_of
from services.casework.permissions import Permission
from services.casework.problems import CaseNotReady, ChainStepNotDue
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.vault import seal


async def record_chain_step(
    change: Change, case_id: UUID, new: ChainStepRecord, now: datetime
) -> Chain:
    """Record the finding of the step that is due; ChainStepNotDue for any other."""
    case = await lock_case(change, case_id, Permission.MOVE_CASES)
    _require_worked_on(case)
    # Under the lock on the case: of two at once, the second finds the step done.
    await _require_due(change, case, new.step)
    record = await lock_person(change, case.person_id, Permission.MOVE_CASES)
    row_id: UUID = await change.scalar(func.uuidv7().select())
    summary = {"summary": new.summary}
    await change.execute(
        insert(CaseChainStep).values(
            id=row_id,
            county_terc=case.county_terc,
            case_id=case_id,
            person_id=case.person_id,
            step=new.step,
            found_need=new.found_need,
            recorded_by=change.caller.subject,
            recorded_at=now,
            sealed=seal(record.key, place_of("chain_steps", row_id), summary),
        )
    )
    path = f"cases/{case_id}/chain-steps/{new.step}"
    change.record(
        "record_chain_step",
        # A step is added and never changed: it has no second version.
        Subject(path, 1, case.county_terc),
        "chain-step.recorded",
        people=[str(case.person_id)],
        found_need=new.found_need,
    )
    return await queries.get_chain(change, case)


def _require_worked_on(case: Case) -> None:
    """StateConflict while the case is a draft and after it has ended; CaseNotReady on
    another track.
    """
    require_open(case)
    state = CaseState(case.state)
    if state is CaseState.DRAFT:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    # 409 and not 404: the caller may see the case, but its track has no chain.
    if case.track != Track.WOKRO:
        raise CaseNotReady(missing=["wokro_track"])


async def _require_due(change: Change, case: Case, step: ChainStep) -> None:
    done = await queries.list_done(change, case.id)
    statuses = chain({ChainStep(row.step): row.found_need for row in done})
    if statuses[step] is StepStatus.DUE:
        return
    due = [each.value for each, status in statuses.items() if status is StepStatus.DUE]
    raise ChainStepNotDue(step=step.value, state=statuses[step].value, due=due)

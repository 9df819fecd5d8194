"""/retention-runs."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanRetain
from services.casework.problems import (
    OwnDecision,
    RetentionRunNotDue,
    RetentionRunNotFound,
)
from services.casework.reads import record_read
from services.casework.retention_runs import actions, queries
from services.casework.retention_runs.schemas import (
    RetentionRunList,
    RetentionRunPropose,
    RetentionRunRead,
    RetentionRunSummary,
)
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
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
from services.chassis.web.units import Audited, Change, Reading

_REFUSALS = (
    RetentionRunNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
router = slice_router(prefix="/retention-runs", tags=["privacy"])


@router.get("", responses=answers(Page[RetentionRunSummary]))
async def list_runs(
    caller: CanRetain,
    reading: Reading,
    terms: Terms,
    query: Annotated[RetentionRunList, Query()],
) -> Answer:
    """Runs of the retention rules in the caller's counties, the newest first."""
    # Not audited: the list contains only counts; people are only in a single run.
    listed = queries.list_runs(query, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.post(
    "", status_code=201, responses=answers(RetentionRunRead, OutsideScope, status=201)
)
async def propose_run(
    caller: CanRetain, change: Change, new: RetentionRunPropose
) -> Answer:
    """Propose a run (a dry run): the people in a county whose retention period is over
    on a day, and the reasons why some are kept. Nothing is erased.

    Kept are people with an open case, a legal hold or restricted processing, and the
    mother and all present and former guardians of a child who is not erased.
    """
    stored = await actions.propose_run(change, new)
    return created_answer(stored, f"/v1/casework/retention-runs/{stored.key}")


@router.get("/{run_id}", responses=answers(RetentionRunRead, RetentionRunNotFound))
async def get_run(
    caller: CanRetain, reading: Audited, terms: Terms, run_id: Id
) -> Answer:
    """One run, with its people."""
    run = await queries.get_run(reading, run_id)
    subject = Subject(f"retention-runs/{run_id}", county=run.county_terc)
    # With all people of the run, because the answer shows them.
    record_read(reading, "get_run", subject, run.people, None)
    return stored_answer(queries.to_stored(run), terms)


@router.post(
    "/{run_id}/carry-out",
    responses=answers(RetentionRunRead, OwnDecision, RetentionRunNotDue, *_REFUSALS),
)
async def carry_out_run(
    caller: CanRetain, change: Change, run_id: Id, if_match: IfMatch = None
) -> Answer:
    """Approve a run: a job erases its people. It needs another person than the one who
    proposed it.

    Every person is checked again, and kept if no longer due.
    The erasure cannot be undone.
    """
    version = expected_version(if_match, run_id)
    return stored_answer(
        await actions.carry_out_run(change, run_id, version, clock.now(), clock.today())
    )


# Declined and not deleted, so that the decision stays on record.
@router.post(
    "/{run_id}/decline", responses=answers(RetentionRunRead, OwnDecision, *_REFUSALS)
)
async def decline_run(
    caller: CanRetain, change: Change, run_id: Id, if_match: IfMatch = None
) -> Answer:
    """Decline a run: nobody is erased. It needs another person than the one who
    proposed it.
    """
    version = expected_version(if_match, run_id)
    return stored_answer(
        await actions.decline_run(change, run_id, version, clock.now())
    )

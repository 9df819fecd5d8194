"""/conference-retention-runs."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
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
from services.chassis.web.units import Change, Reading
from services.training.conference_retention_runs import actions, queries
from services.training.conference_retention_runs.rules import RunVerb
from services.training.conference_retention_runs.schemas import (
    ConferenceRetentionRunList,
    ConferenceRetentionRunPropose,
    ConferenceRetentionRunRead,
)
from services.training.demands import CanRetain
from services.training.problems import (
    ConferenceRetentionRuleMissing,
    ConferenceRetentionRunNotFound,
    SubmitterDecides,
)

router = slice_router(prefix="/conference-retention-runs", tags=["conferences"])
_DECIDING = (
    ConferenceRetentionRunNotFound,
    SubmitterDecides,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[ConferenceRetentionRunRead]))
async def list_conference_retention_runs(
    caller: CanRetain,
    reading: Reading,
    terms: Terms,
    query: Annotated[ConferenceRetentionRunList, Query()],
) -> Answer:
    """Runs of the retention rules, the newest first."""
    # No audit record: a run names conferences and no people.
    page = await page_of(reading, terms, query, queries.list_runs(query))
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ConferenceRetentionRunRead, ConferenceRetentionRuleMissing, status=201
    ),
)
async def propose_conference_retention_run(
    caller: CanRetain, change: Change, new: ConferenceRetentionRunPropose
) -> Answer:
    """Propose a run: the conferences whose registrations fall due, by the rule of that
    day. Nobody is erased yet.
    """
    # No future day: the rule might have ended by then.
    run = await actions.propose_run(change, new.as_of, clock.today())
    return created_answer(run, f"/v1/training/conference-retention-runs/{run.key}")


@router.get(
    "/{run_id}",
    responses=answers(ConferenceRetentionRunRead, ConferenceRetentionRunNotFound),
)
async def get_conference_retention_run(
    caller: CanRetain, reading: Reading, terms: Terms, run_id: Id
) -> Answer:
    """One run."""
    return stored_answer(await queries.get_run(reading, run_id), terms)


# In the request and not in a job: each conference takes a few statements.
@router.post(
    "/{run_id}/carry-out", responses=answers(ConferenceRetentionRunRead, *_DECIDING)
)
async def carry_out_conference_retention_run(
    caller: CanRetain, change: Change, run_id: Id, if_match: IfMatch = None
) -> Answer:
    """Erase the registrations of the conferences in a run; counts by audience stay. The
    account that proposed the run cannot carry it out.
    """
    version, now = expected_version(if_match, run_id), clock.now()
    verb = RunVerb.CARRY_OUT
    return stored_answer(await actions.decide_run(change, run_id, verb, version, now))


@router.post(
    "/{run_id}/decline", responses=answers(ConferenceRetentionRunRead, *_DECIDING)
)
async def decline_conference_retention_run(
    caller: CanRetain, change: Change, run_id: Id, if_match: IfMatch = None
) -> Answer:
    """Decline a run: nobody is erased. Its proposer cannot decline it."""
    version, now = expected_version(if_match, run_id), clock.now()
    verb = RunVerb.DECLINE
    return stored_answer(await actions.decide_run(change, run_id, verb, version, now))

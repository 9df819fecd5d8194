"""/sites/{site_id}/scope-decisions."""

from typing import Annotated

from fastapi import Query

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
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import (
    CanReadProgrammes,
    CanRecordSiteSteps,
    CanSignForCoalition,
    CanSignForProject,
)
from services.registry.problems import (
    SamePersonSigned,
    ScopeDecisionNotFound,
    SiteNotFound,
)
from services.registry.scope_decisions import actions, queries
from services.registry.scope_decisions.rules import ScopeParty
from services.registry.scope_decisions.schemas import (
    ScopeDecisionCreate,
    ScopeDecisionRead,
)

router = slice_router(prefix="/sites/{site_id}/scope-decisions", tags=["programmes"])
_SIGN = (
    SiteNotFound,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    StateConflict,
    ScopeDecisionNotFound,
    SamePersonSigned,
)


@router.get("", responses=answers(Page[ScopeDecisionRead], SiteNotFound))
async def list_scope_decisions(
    caller: CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    site_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The decisions on what is tested at a site, the superseded ones included."""
    decisions = await queries.list_decisions(reading, terms, site_id, query)
    return page_answer(decisions, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ScopeDecisionRead, SiteNotFound, OutsideScope, StateConflict, status=201
    ),
)
async def decide_scope(
    caller: CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    new: ScopeDecisionCreate,
) -> Answer:
    """Record which spheres are tested. The decision is valid once two persons sign it,
    and supersedes the one before.
    """
    decision = await actions.decide_scope(change, site_id, new, clock.today())
    path = f"/v1/registry/sites/{site_id}/scope-decisions/{decision.key}"
    return created_answer(decision, path)


@router.get(
    "/{decision_id}", responses=answers(ScopeDecisionRead, ScopeDecisionNotFound)
)
async def get_scope_decision(
    caller: CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    site_id: Id,
    decision_id: Id,
) -> Answer:
    """One decision on scope, with the ETag that signing needs."""
    decision = await queries.get_decision(reading, site_id, decision_id)
    return stored_answer(decision, terms)


@router.post(
    # A path for each party, because each signs with a permission of its own.
    "/{decision_id}/sign-for-coalition",
    responses=answers(ScopeDecisionRead, *_SIGN),
)
async def sign_scope_for_coalition(
    caller: CanSignForCoalition,
    change: Change,
    site_id: Id,
    decision_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Sign a decision for the local coalition."""
    version = expected_version(if_match, decision_id)
    decision = await actions.sign_scope(
        change, site_id, decision_id, version, ScopeParty.COALITION
    )
    return stored_answer(decision)


@router.post(
    "/{decision_id}/sign-for-project",
    responses=answers(ScopeDecisionRead, *_SIGN),
)
async def sign_scope_for_project(
    caller: CanSignForProject,
    change: Change,
    site_id: Id,
    decision_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Sign a decision for the project's team."""
    version = expected_version(if_match, decision_id)
    decision = await actions.sign_scope(
        change, site_id, decision_id, version, ScopeParty.PROJECT
    )
    return stored_answer(decision)

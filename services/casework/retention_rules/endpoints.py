"""/retention-rules."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanRetain
from services.casework.problems import RetentionRuleNotFound, RetentionRuleOverlaps
from services.casework.retention_rules import actions, queries
from services.casework.retention_rules.schemas import (
    RetentionRuleCreate,
    RetentionRuleEnd,
    RetentionRuleList,
    RetentionRuleRead,
)
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
from services.chassis.web.units import Change, Reading

router = slice_router(prefix="/retention-rules", tags=["privacy"])


@router.get("", responses=answers(Page[RetentionRuleRead]))
async def list_rules(
    caller: CanRetain,
    reading: Reading,
    terms: Terms,
    query: Annotated[RetentionRuleList, Query()],
) -> Answer:
    """Retention rules of the caller's counties: how long each kind of record is kept,
    and by which law.
    """
    # Not audited: rules contain no personal data.
    listed = queries.list_rules(query, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        RetentionRuleRead, OutsideScope, RetentionRuleOverlaps, status=201
    ),
)
async def add_rule(
    caller: CanRetain, change: Change, new: RetentionRuleCreate
) -> Answer:
    """Add a rule. Records of a kind without a rule never fall due."""
    stored = await actions.add_rule(change, new)
    return created_answer(stored, f"/v1/casework/retention-rules/{stored.key}")


@router.get("/{rule_id}", responses=answers(RetentionRuleRead, RetentionRuleNotFound))
async def get_rule(
    caller: CanRetain, reading: Reading, terms: Terms, rule_id: Id
) -> Answer:
    """One rule, current or ended."""
    return stored_answer(await queries.get_rule(reading, rule_id), terms)


@router.post(
    # Ended and never changed, so that the rule of a past erasure can still be read.
    "/{rule_id}/end",
    responses=answers(
        RetentionRuleRead,
        RetentionRuleNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def end_rule(
    caller: CanRetain,
    change: Change,
    rule_id: Id,
    body: RetentionRuleEnd,
    if_match: IfMatch = None,
) -> Answer:
    """End a rule on a day; another rule may follow."""
    version = expected_version(if_match, rule_id)
    return stored_answer(
        await actions.end_rule(change, rule_id, version, body.valid_to, clock.today())
    )

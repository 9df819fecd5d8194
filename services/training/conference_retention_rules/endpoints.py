"""/conference-retention-rules."""

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
from services.training.conference_retention_rules import actions, queries
from services.training.conference_retention_rules.schemas import (
    ConferenceRetentionRuleCreate,
    ConferenceRetentionRuleEnd,
    ConferenceRetentionRuleList,
    ConferenceRetentionRuleRead,
)
from services.training.demands import CanRetain
from services.training.problems import (
    ConferenceRetentionRuleNotFound,
    ConferenceRetentionRuleOverlaps,
)

router = slice_router(prefix="/conference-retention-rules", tags=["conferences"])


@router.get("", responses=answers(Page[ConferenceRetentionRuleRead]))
async def list_conference_retention_rules(
    caller: CanRetain,
    reading: Reading,
    terms: Terms,
    query: Annotated[ConferenceRetentionRuleList, Query()],
) -> Answer:
    """The rules that set for how many months registrations of a conference are kept,
    with their legal basis.
    """
    # No audit record: a rule is not about a person.
    page = await page_of(reading, terms, query, queries.list_rules())
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ConferenceRetentionRuleRead, ConferenceRetentionRuleOverlaps, status=201
    ),
)
async def add_conference_retention_rule(
    caller: CanRetain, change: Change, new: ConferenceRetentionRuleCreate
) -> Answer:
    """Add a rule. On each day at most one is valid; without one, nobody is erased."""
    rule = await actions.add_rule(change, new)
    return created_answer(rule, f"/v1/training/conference-retention-rules/{rule.key}")


@router.get(
    "/{rule_id}",
    responses=answers(ConferenceRetentionRuleRead, ConferenceRetentionRuleNotFound),
)
async def get_conference_retention_rule(
    caller: CanRetain, reading: Reading, terms: Terms, rule_id: Id
) -> Answer:
    """One rule."""
    return stored_answer(await queries.get_rule(reading, rule_id), terms)


@router.post(
    # Rules are ended and never changed: the rule of every erasure stays readable.
    "/{rule_id}/end",
    responses=answers(
        ConferenceRetentionRuleRead,
        ConferenceRetentionRuleNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def end_conference_retention_rule(
    caller: CanRetain,
    change: Change,
    rule_id: Id,
    ending: ConferenceRetentionRuleEnd,
    if_match: IfMatch = None,
) -> Answer:
    """End a rule with a last day, which may not be in the past."""
    version, today = expected_version(if_match, rule_id), clock.today()
    return stored_answer(
        await actions.end_rule(change, rule_id, ending.valid_to, version, today)
    )

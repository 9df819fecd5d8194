"""Every change of a retention rule of conferences."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.training.conference_retention_rules import queries
from services.training.conference_retention_rules.models import ConferenceRetentionRule
from services.training.conference_retention_rules.schemas import (
    ConferenceRetentionRuleCreate,
)


def _record(change: Change, action: str, rule: Stored, event: str) -> None:
    # Without a county: conferences are for people of all counties.
    subject = Subject(f"conference-retention-rules/{rule.key}", rule.version)
    change.record(action, subject, f"conference-retention-rule.{event}")


async def add_rule(change: Change, new: ConferenceRetentionRuleCreate) -> Stored:
    """Add a rule. On each day at most one rule is valid."""
    if new.valid_to is not None and new.valid_to < new.valid_from:
        refuse(("valid_to", "wrong_order"))
    adding = insert(ConferenceRetentionRule).values(**new.model_dump())
    rule = await change.stored(adding.returning(*queries.STORED))
    _record(change, "add_conference_retention_rule", rule, "added")
    return rule


async def end_rule(
    change: Change, rule_id: UUID, valid_to: date, version: int, today: date
) -> Stored:
    """End a rule with `valid_to`, which may not be in the past."""
    rule = await queries.lock_rule(change, rule_id)
    require_version(rule.version, version)
    if rule.valid_to is not None:
        raise StateConflict(state="ended", allowed=[])
    # Earlier runs used the rule and have to stay explainable.
    if valid_to < max(today, rule.valid_from):
        refuse(("valid_to", "in_past"))
    table = ConferenceRetentionRule
    statement = update(table).where(col(table.id) == rule_id)
    statement = statement.values(
        valid_to=valid_to, version=table.version + 1, changed_at=func.now()
    )
    after = await change.stored(statement.returning(*queries.STORED))
    _record(change, "end_conference_retention_rule", after, "ended")
    return after

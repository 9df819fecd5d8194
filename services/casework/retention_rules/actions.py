"""Every change of a retention rule."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, text, update
from sqlmodel import col

from services.casework.permissions import Permission
from services.casework.problems import RetentionRuleOverlaps
from services.casework.retention_rules import queries
from services.casework.retention_rules.models import RetentionRule
from services.casework.retention_rules.rules import begins_without_a_case
from services.casework.retention_rules.schemas import RetentionRuleCreate
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand

# An advisory lock on a text, because there is no row yet to lock. The seed separates it
# from other such locks.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 19))")


def _record(change: Change, action: str, rule: RetentionRule, event: str) -> None:
    subject = Subject(f"retention-rules/{rule.id}", rule.version, rule.county_terc)
    kind = rule.record_kind
    change.record(action, subject, f"retention-rule.{event}", record_kind=kind)


async def add_rule(change: Change, new: RetentionRuleCreate) -> Stored:
    """Add a rule of one of the caller's counties.

    Only one rule holds for a kind of record at a time.
    """
    demand(change.caller, Permission.RETAIN, county=new.county_terc)
    wrong = []
    if new.valid_to is not None and new.valid_to < new.valid_from:
        wrong.append(("valid_to", "wrong_order"))
    if begins_without_a_case(new.record_kind, new.starts_with):
        wrong.append(("starts_with", "not_allowed"))
    refuse(*wrong)
    await change.execute(_LOCK, {"about": f"{new.county_terc} {new.record_kind}"})
    if await queries.rule_has_overlap(change, new):
        raise RetentionRuleOverlaps()
    statement = (
        insert(RetentionRule).values(**new.model_dump()).returning(*queries.RULES.c)
    )
    rule = RetentionRule(**(await change.one(statement))._mapping)
    _record(change, "add_rule", rule, "added")
    return queries.to_stored(rule)


async def end_rule(
    change: Change, rule_id: UUID, version: int, valid_to: date, today: date
) -> Stored:
    """End a rule on a day, which must not be in the past."""
    rule = await queries.lock_rule(change, rule_id)
    require_version(rule.version, version)
    if rule.valid_to is not None:
        raise StateConflict(state="ended", allowed=[])
    # Past runs used this rule and must stay explainable.
    if valid_to < max(today, rule.valid_from):
        refuse(("valid_to", "in_past"))
    statement = (
        update(RetentionRule)
        .where(col(RetentionRule.id) == rule_id)
        .values(
            valid_to=valid_to,
            version=RetentionRule.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.RULES.c)
    )
    after = RetentionRule(**(await change.one(statement))._mapping)
    _record(change, "end_rule", after, "ended")
    return queries.to_stored(after)

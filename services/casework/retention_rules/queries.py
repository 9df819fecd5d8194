"""Every query on the retention rules."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from services.casework.permissions import Permission
from services.casework.problems import RetentionRuleNotFound
from services.casework.retention_rules.models import RetentionRule
from services.casework.retention_rules.schemas import (
    RetentionRuleCreate,
    RetentionRuleList,
    RetentionRuleRead,
)
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

RULES = rows_of(RetentionRule)
_LIST = Filtered(
    Listing(
        {name: RULES.c[name] for name in RetentionRuleRead.model_fields},
        {"valid_from": RULES.c.valid_from},
        "-valid_from",
        RULES.c.id,
    ),
    RULES,
    {name: Filter(RULES.c[name]) for name in ("county_terc", "record_kind")},
    county=RULES.c.county_terc,
)


def list_rules(query: RetentionRuleList, caller: Caller) -> Listed:
    """The rules that a list shows."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.RETAIN)


async def get_rule(reading: Reading, rule_id: UUID) -> Stored:
    """One rule of the caller's counties."""
    reach = within(reading.caller, Permission.RETAIN, county=RULES.c.county_terc)
    statement = select(RULES).where(RULES.c.id == rule_id, reach)
    missing = RetentionRuleNotFound
    return to_stored(await reading.instance(RetentionRule, statement, missing))


async def lock_rule(change: Change, rule_id: UUID) -> RetentionRule:
    """One rule of the caller's counties, locked until the transaction ends."""
    county = RULES.c.county_terc
    statement = select(RULES).where(
        RULES.c.id == rule_id, within(change.caller, Permission.RETAIN, county=county)
    )
    missing = RetentionRuleNotFound
    # Locked: otherwise the later of two requests would overwrite the other's day.
    return await change.instance(RetentionRule, statement.with_for_update(), missing)


async def rule_has_overlap(reading: Reading, new: RetentionRuleCreate) -> bool:
    """Whether another rule for the same kind of record holds on a day of the new rule."""
    columns = RULES.c
    statement = select(columns.id).where(
        columns.county_terc == new.county_terc,
        columns.record_kind == new.record_kind,
        # A rule without a last day overlaps everything after it.
        columns.valid_from <= (new.valid_to or date.max),
        or_(columns.valid_to.is_(None), columns.valid_to >= new.valid_from),
    )
    return await reading.find(statement.limit(1)) is not None


def to_stored(rule: RetentionRule) -> Stored:
    """A rule as it is shown."""
    body = RetentionRuleRead.model_validate(rule.model_dump())
    return Stored(rule.id, rule.version, body.model_dump_json())

"""Every query of the retention rules of conferences."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.conference_retention_rules.models import ConferenceRetentionRule
from services.training.conference_retention_rules.schemas import (
    ConferenceRetentionRuleRead,
)
from services.training.problems import ConferenceRetentionRuleNotFound

RULES = rows_of(ConferenceRetentionRule)
_WIRE = {name: RULES.c[name] for name in ConferenceRetentionRuleRead.model_fields}
STORED = stored_columns(_WIRE, RULES.c.id, RULES.c.version)
_LISTING = Listing(_WIRE, {"valid_from": RULES.c.valid_from}, "-valid_from", RULES.c.id)


def list_rules() -> Listed:
    """All rules, the newest first."""
    rows: Rows = select(RULES)
    return Listed(_LISTING, rows)


_ONE: Rows = select(*STORED).where(RULES.c.id == bindparam("key"))


async def get_rule(reading: Reading, rule_id: UUID) -> Stored:
    """One rule."""
    return await reading.stored(_ONE, ConferenceRetentionRuleNotFound, {"key": rule_id})


async def lock_rule(change: Change, rule_id: UUID) -> ConferenceRetentionRule:
    """One rule, locked until the transaction ends."""
    statement = select(RULES).where(RULES.c.id == rule_id).with_for_update()
    problem = ConferenceRetentionRuleNotFound
    return await change.instance(ConferenceRetentionRule, statement, problem)


async def find_months(reading: Reading, day: date) -> int | None:
    """The months of the rule that is valid on a day; None without a rule."""
    columns = RULES.c
    not_ended = or_(columns.valid_to.is_(None), columns.valid_to >= day)
    statement = select(columns.months).where(columns.valid_from <= day, not_ended)
    months: int | None = await reading.scalar(statement)
    return months

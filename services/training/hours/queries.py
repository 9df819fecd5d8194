"""Hours, summed by PostgreSQL."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    Numeric,
    Select,
    cast,
    false,
    func,
    literal,
    select,
    union_all,
)

from services.chassis.data.wire import DecimalText
from services.chassis.data.work import Reading, Rows
from services.training.hour_totals.queries import COUNTS, TOTALS
from services.training.hours.rules import (
    Dimension,
    decimal_hours,
    hours_text,
    qualifier,
    verdict,
    verdict_text,
)
from services.training.hours.schemas import (
    HoursItem,
    HoursQuery,
    HoursRead,
    HoursSum,
    HoursText,
    HoursThreshold,
)
from services.training.sessions.queries import IS_ORIGINAL, SESSIONS

# Near midnight a session is of another year by UTC.
_WARSAW = "Europe/Warsaw"


def _counted() -> Any:
    """Every session that was held and every sum from elsewhere, with equal columns."""
    held, total = SESSIONS.c, TOTALS.c
    # A session counts to the year in which it began in Poland.
    begun = func.extract("year", func.timezone(_WARSAW, held.starts_at))
    sessions = select(
        cast(begun, Integer).label("year"),
        held.audience_role,
        held.county_terc,
        held.programme_id,
        held.minutes,
        # Kept apart: a year that was imported and is recorded as well shows it here.
        literal(0).label("imported"),
        false().label("is_lower_bound"),
    ).where(held.state == "held", IS_ORIGINAL)
    totals = select(
        total.year,
        total.audience_role,
        total.county_terc,
        total.programme_id,
        total.minutes,
        total.minutes,
        total.is_lower_bound,
    ).where(COUNTS)
    # All, and not distinct: two equal sessions are two.
    return union_all(sessions, totals).subquery("counted")


def sum_hours(query: HoursQuery) -> Rows:
    """The sums, in the order of what they are by; as a file they are these rows."""
    counted = _counted().c
    by = [counted[name] for name in dict.fromkeys(query.by)]
    # Sums from elsewhere are large, and two dozen of them outgrow an integer.
    minutes = cast(func.sum(counted.minutes), BigInteger)
    rows: Rows = Select(
        *by,
        minutes.label("minutes"),
        cast(func.sum(counted.imported), BigInteger).label("imported_minutes"),
        # In the database as well: rows of files are streamed, and pass no Python.
        cast(func.round(cast(minutes, Numeric) / 60, 2), DecimalText).label("hours"),
        cast(func.bool_or(counted.is_lower_bound), Boolean).label("is_lower_bound"),
    )
    for name in Dimension:
        values = getattr(query, name)
        if values is not None:
            rows = rows.where(counted[name].in_(values))
    return rows.group_by(*by).order_by(*by)


async def get_hours(reading: Reading, query: HoursQuery) -> HoursRead:
    """The sums, what they come to together, and whether that is enough."""
    # Not paged: years, four roles, counties and programmes make few sums.
    rows = await reading.rows(sum_hours(query))
    items = []
    for row in rows:
        facts = row._asdict()
        of = {name.value: facts[name] for name in query.by}
        figures = (row.minutes, row.imported_minutes)
        summed = _sum(*figures, is_lower_bound=row.is_lower_bound)
        items.append(HoursItem(**of, **summed.model_dump()))
    total = _sum(
        sum(row.minutes for row in rows),
        sum(row.imported_minutes for row in rows),
        is_lower_bound=any(row.is_lower_bound for row in rows),
    )
    threshold = None
    if query.at_least_hours is not None:
        threshold = _threshold(total, query.at_least_hours)
    return HoursRead(items=items, total=total, threshold=threshold)


def _sum(minutes: int, imported: int, *, is_lower_bound: bool) -> HoursSum:
    found = qualifier(is_lower_bound=is_lower_bound)
    return HoursSum(
        minutes=minutes,
        imported_minutes=imported,
        hours=decimal_hours(minutes),
        qualifier=found,
        text=HoursText(**hours_text(minutes, found)._asdict()),
    )


def _threshold(total: HoursSum, hours: int) -> HoursThreshold:
    decided = verdict(total.minutes, total.qualifier, hours)
    said = verdict_text(hours, decided)
    return HoursThreshold(
        at_least_hours=hours, verdict=decided, text=HoursText(**said._asdict())
    )

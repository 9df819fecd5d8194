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

# In UTC, a session near midnight could fall in another year.
_WARSAW = "Europe/Warsaw"


def _counted() -> Any:
    """All held sessions and all imported sums, with the same columns."""
    session, total = SESSIONS.c, TOTALS.c
    # A session counts in the year in which it began in Polish time.
    year = func.extract("year", func.timezone(_WARSAW, session.starts_at))
    sessions = select(
        cast(year, Integer).label("year"),
        session.audience_role,
        session.county_terc,
        session.programme_id,
        session.minutes,
        # A separate column, which shows a year that is both imported and recorded.
        literal(0).label("imported"),
        false().label("is_lower_bound"),
    ).where(session.state == "held", IS_ORIGINAL)
    totals = select(
        total.year,
        total.audience_role,
        total.county_terc,
        total.programme_id,
        total.minutes,
        total.minutes,
        total.is_lower_bound,
    ).where(COUNTS)
    # UNION ALL: two equal sessions count twice.
    return union_all(sessions, totals).subquery("counted")


def sum_hours(query: HoursQuery) -> Rows:
    """The sums, sorted by their dimensions, for answers and files."""
    columns = _counted().c
    by = [columns[name] for name in dict.fromkeys(query.by)]
    # Imported sums are large: two dozen of them can exceed an integer.
    minutes = cast(func.sum(columns.minutes), BigInteger)
    rows: Rows = Select(
        *by,
        minutes.label("minutes"),
        cast(func.sum(columns.imported), BigInteger).label("imported_minutes"),
        # Computed by the database: rows of files are streamed without Python.
        cast(func.round(cast(minutes, Numeric) / 60, 2), DecimalText).label("hours"),
        cast(func.bool_or(columns.is_lower_bound), Boolean).label("is_lower_bound"),
    )
    for name in Dimension:
        values = getattr(query, name)
        if values is not None:
            rows = rows.where(columns[name].in_(values))
    return rows.group_by(*by).order_by(*by)


async def get_hours(reading: Reading, query: HoursQuery) -> HoursRead:
    """The sums, their total, and whether it reaches the number asked for."""
    # Without pages: there are few combinations of the dimensions.
    rows = await reading.rows(sum_hours(query))
    items = []
    for row in rows:
        facts = row._asdict()
        dimensions = {name.value: facts[name] for name in query.by}
        figures = (row.minutes, row.imported_minutes)
        hours_sum = _sum(*figures, is_lower_bound=row.is_lower_bound)
        items.append(HoursItem(**dimensions, **hours_sum.model_dump()))
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
    sum_qualifier = qualifier(is_lower_bound=is_lower_bound)
    return HoursSum(
        minutes=minutes,
        imported_minutes=imported,
        hours=decimal_hours(minutes),
        qualifier=sum_qualifier,
        text=HoursText(**hours_text(minutes, sum_qualifier)._asdict()),
    )


def _threshold(total: HoursSum, hours: int) -> HoursThreshold:
    decision = verdict(total.minutes, total.qualifier, hours)
    text = verdict_text(hours, decision)
    return HoursThreshold(
        at_least_hours=hours, verdict=decision, text=HoursText(**text._asdict())
    )

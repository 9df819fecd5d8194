"""The table of entities and reports, asked of the records."""

import json

from sqlalchemy import Integer, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.data.work import Reading, Rows
from services.registry.register_reports.queries import REPORTS, get_obtained
from services.registry.register_reports.rules.facts import EntityKind
from services.registry.register_statistics.rules.printing import (
    Language,
    printed,
    printed_columns,
)
from services.registry.register_statistics.rules.statistics import Known, table
from services.registry.register_statistics.schemas import (
    MOST_YEARS,
    RegisterStatisticsRead,
    StatisticsQuery,
)


async def get_statistics(
    reading: Reading, kind: EntityKind, query: StatisticsQuery
) -> RegisterStatisticsRead:
    """The table of the years asked for, or of the last ones of which anything is known.

    Of the voivodeships asked for, or of the whole country.
    """
    obtained = await get_obtained(reading, kind)
    # Asked of the whole country also for a voivodeship, which may have no entity in a known year.
    of_kind = select(REPORTS.c.year).where(REPORTS.c.kind == kind).distinct()
    reported = await reading.scalars(of_kind)
    # A year without a single row may still have a statement: its list was not obtained.
    years = query.years or [*reported, *[year for year, _ in obtained]]
    # The last ones: each year is a column, and a reader asks for what is recent.
    chosen = sorted({*years})[-MOST_YEARS:]
    columns = [
        REPORTS.c[name] for name in ("year", "register", "entity_key", "registered")
    ]
    has_report = REPORTS.c.report_submitted_on.is_not(None)
    statement: Rows = select(*columns, has_report).where(
        REPORTS.c.kind == kind, REPORTS.c.year.in_(chosen)
    )
    if query.voivodeship_terc:
        places = REPORTS.c.voivodeship_terc.in_(query.voivodeship_terc)
        statement = statement.where(places)
    known = [Known(*row) for row in await reading.rows(statement)]
    facts = table(kind, chosen, known, obtained, reported)
    facts["voivodeship_terc"] = query.voivodeship_terc
    return RegisterStatisticsRead.model_validate(facts)


def rows_of_statistics(statistics: RegisterStatisticsRead, language: Language) -> Rows:
    """The table as people read it, as a select: a file is written from what PostgreSQL answers."""
    # Bound as text: a parameter of type JSONB would be made JSON a second time.
    listed = json.dumps(printed(statistics.model_dump(), language))
    records = func.jsonb_to_recordset(cast(bindparam("rows", listed, Text), JSONB))
    columns = [
        column(name, Integer if name.isdigit() else Text)
        for name in printed_columns(statistics.years)
    ]
    derived = records.table_valued(*columns).render_derived(with_types=True)
    statement: Rows = select(derived)
    return statement

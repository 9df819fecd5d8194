"""The table of entities and reports, computed from the stored rows."""

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
    """The table of the requested years, or of the last years with a row or a statement.

    Of the requested voivodeships, or of the whole country.
    """
    coverages = await get_obtained(reading, kind)
    # Years of the whole country: a voivodeship may have no entity in one of them.
    of_kind = select(REPORTS.c.year).where(REPORTS.c.kind == kind).distinct()
    years_with_rows = await reading.scalars(of_kind)
    # A year without a row may still have a statement: its list was not obtained.
    years = query.years or [*years_with_rows, *[year for year, _ in coverages]]
    # Only the last ones: each year is a column, and readers look for recent years.
    last_years = sorted({*years})[-MOST_YEARS:]
    columns = [
        REPORTS.c[name] for name in ("year", "register", "entity_key", "registered")
    ]
    has_report = REPORTS.c.report_submitted_on.is_not(None)
    statement: Rows = select(*columns, has_report).where(
        REPORTS.c.kind == kind, REPORTS.c.year.in_(last_years)
    )
    if query.voivodeship_terc:
        places = REPORTS.c.voivodeship_terc.in_(query.voivodeship_terc)
        statement = statement.where(places)
    rows = [Known(*row) for row in await reading.rows(statement)]
    facts = table(kind, last_years, rows, coverages, years_with_rows)
    facts["voivodeship_terc"] = query.voivodeship_terc
    return RegisterStatisticsRead.model_validate(facts)


def rows_of_statistics(statistics: RegisterStatisticsRead, language: Language) -> Rows:
    """The printed table as a SELECT, since a file is written from a result
    of PostgreSQL.
    """
    # Bound as text: a parameter of type JSONB would be encoded a second time.
    body = json.dumps(printed(statistics.model_dump(), language))
    records = func.jsonb_to_recordset(cast(bindparam("rows", body, Text), JSONB))
    columns = [
        column(name, Integer if name.isdigit() else Text)
        for name in printed_columns(statistics.years)
    ]
    derived = records.table_valued(*columns).render_derived(with_types=True)
    statement: Rows = select(derived)
    return statement

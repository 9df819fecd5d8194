"""Every question asked of the yearly reports and of what was stated of the registers' lists."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Table,
    case,
    func,
    literal,
    null,
    select,
)

from services.chassis.access import within
from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.callers import Caller
from services.chassis.listing import Listing, json_object
from services.chassis.paging import page
from services.chassis.problems import FieldError, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
from services.registry.institutions.models import Institution
from services.registry.permissions import Permission
from services.registry.problems import RegisterReportNotFound
from services.registry.register_reports.models import RegisterCoverage, RegisterReport
from services.registry.register_reports.rules.facts import (
    DEADLINES,
    EntityKind,
    Reconciliation,
    Register,
)
from services.registry.register_reports.rules.statistics import Known, table
from services.registry.register_reports.schemas import (
    CoverageList,
    CoverageRead,
    ReconciledEntity,
    ReconciliationList,
    StatisticalReportList,
    StatisticalReportRead,
)

MOST_YEARS = 20
REPORTS, COVERAGES = (
    cast(Table, rows_of(RegisterReport)),
    cast(Table, rows_of(RegisterCoverage)),
)
_INSTITUTIONS: FromClause = rows_of(Institution)
_TWINS = REPORTS.alias("twins")
_LATER = COVERAGES.alias("later")


def _deadline() -> ColumnElement[date]:
    """The last day for a row's report, by the dated deadlines of the rules."""
    latest_first = sorted(DEADLINES, key=lambda entry: -entry.first_year)
    kind, year = REPORTS.c.kind, REPORTS.c.year
    whens = [
        (
            (kind == entry.kind) & (year >= entry.first_year),
            func.make_date(year + 1, entry.month, entry.day, type_=Date),
        )
        for entry in latest_first
    ]
    return case(*whens)


def _reconciliation() -> ColumnElement[str]:
    """Where the row's entity stands, by the row and its twin in the other register; as the rules say it."""
    is_cas, has_twin = REPORTS.c.register == Register.CAS, _TWINS.c.id.is_not(None)
    with_voivode = case(
        (is_cas, func.coalesce(_TWINS.c.registered, REPORTS.c.registered)),
        else_=REPORTS.c.registered,
    )
    return case(
        ((is_cas | has_twin) & with_voivode, literal(Reconciliation.BOTH.value)),
        (is_cas | has_twin, literal(Reconciliation.CAS_ONLY.value)),
        (with_voivode, literal(Reconciliation.VOIVODE_ONLY.value)),
        else_=null(),
    )


_DUE, _WHERE = _deadline(), _reconciliation()
_LATE = REPORTS.c.report_submitted_on > _DUE
_SAME = (
    (_TWINS.c.kind == REPORTS.c.kind)
    & (_TWINS.c.year == REPORTS.c.year)
    & (_TWINS.c.entity_key == REPORTS.c.entity_key)
    & (_TWINS.c.register != REPORTS.c.register)
)
_JOINED = REPORTS.outerjoin(_TWINS, _SAME)


def _wire(
    rows: FromClause, read: type[Any], elsewhere: Mapping[str, Any]
) -> dict[str, ColumnElement[Any]]:
    names = [field.alias or name for name, field in read.model_fields.items()]
    return {
        name: elsewhere[name] if name in elsewhere else rows.c[name] for name in names
    }


WIRE = _wire(
    REPORTS,
    StatisticalReportRead,
    {"due_on": _DUE, "late": _LATE, "reconciliation": _WHERE},
)
_SORTABLE = {
    name: REPORTS.c[name]
    for name in ("year", "entity_key", "entity_name", "county_terc")
}
_LISTING = Listing(WIRE, _SORTABLE, "entity_key", REPORTS.c.id)
_HOLDS = ~(
    select(_LATER.c.id)
    .where(
        *[_LATER.c[name] == COVERAGES.c[name] for name in ("kind", "year", "register")]
    )
    .where(
        func.row(_LATER.c.recorded_at, _LATER.c.id)
        > func.row(COVERAGES.c.recorded_at, COVERAGES.c.id)
    )
    .exists()
)
COVERAGE_WIRE = _wire(COVERAGES, CoverageRead, {"holds": _HOLDS})
_COVERAGE_LISTING = Listing(
    COVERAGE_WIRE,
    {name: COVERAGES.c[name] for name in ("year", "recorded_at")},
    "-recorded_at",
    COVERAGES.c.id,
)
_ENTITY_LISTING = Listing(
    _wire(REPORTS, ReconciledEntity, {"reconciliation": _WHERE}),
    {name: REPORTS.c[name] for name in ("entity_key", "entity_name", "county_terc")},
    "entity_key",
    REPORTS.c.id,
)


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    return within(
        caller, Permission.READ_REGISTER_REPORTS, county=REPORTS.c.county_terc
    )


def list_statistical_reports(
    caller: Caller, query: StatisticalReportList
) -> tuple[Listing, Rows]:
    """What a list or an export of reports shows, and of which rows; those in the caller's reach."""
    found: Rows = select(REPORTS).select_from(_JOINED).where(_seen_by(caller))
    for name in ("kind", "year", "voivodeship_terc", "county_terc", "reconciliation"):
        if values := getattr(query, name):
            found = found.where(WIRE[name].in_(values))
    if query.register_:
        found = found.where(REPORTS.c.register == query.register_)
    if query.submitted is not None:
        found = found.where(
            REPORTS.c.report_submitted_on.is_not(None) == query.submitted
        )
    if query.late is not None:
        found = found.where(_LATE.is_(query.late))
    return _LISTING, found


async def _one(reading: Reading, statement: Rows) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise RegisterReportNotFound()
    return found


async def get_statistical_report(
    reading: Reading, terms: AnswerTerms | None, caller: Caller, report_id: UUID
) -> Answer:
    """One report in the caller's reach. Sent whole each time: its entity's other register may change beside it."""
    one = (
        select(json_object(WIRE), REPORTS.c.version)
        .select_from(_JOINED)
        .where(REPORTS.c.id == report_id)
    )
    found = await _one(reading, one.where(_seen_by(caller)))
    return tagged(found[0], etag(report_id, found[1]), terms)


async def lock_statistical_report(
    reading: Reading, caller: Caller, report_id: UUID
) -> Record:
    """The record of a report in the caller's reach, held until the transaction ends."""
    return await _one(
        reading,
        select(REPORTS)
        .where(REPORTS.c.id == report_id, _seen_by(caller))
        .with_for_update(),
    )


async def require_institution(reading: Reading, institution_id: UUID) -> None:
    """UnknownReference unless the institution is registered."""
    known = select(_INSTITUTIONS.c.id).where(_INSTITUTIONS.c.id == institution_id)
    if await reading.scalar(known) is None:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))


async def list_coverages(
    reading: Reading, terms: AnswerTerms, query: CoverageList
) -> Answer:
    """A page of statements, the newest first."""
    found = select(COVERAGES)
    if query.kind:
        found = found.where(COVERAGES.c.kind == query.kind)
    if query.year:
        found = found.where(COVERAGES.c.year.in_(query.year))
    if query.register_:
        found = found.where(COVERAGES.c.register == query.register_)
    if query.holds is not None:
        found = found.where(_HOLDS.is_(query.holds))
    return await page(reading, terms, query, _COVERAGE_LISTING, found)


async def get_coverage_answer(reading: Reading, coverage_id: UUID) -> Answer:
    """One statement as JSON."""
    statement = select(json_object(COVERAGE_WIRE)).where(COVERAGES.c.id == coverage_id)
    return Answer(str(await reading.scalar(statement)), 201)


async def get_statistics(
    reading: Reading, kind: EntityKind, years: list[int] | None
) -> Answer:
    """The table of the years asked for, or of the last ones of which anything is known."""
    held = select(COVERAGES.c.year, COVERAGES.c.register, COVERAGES.c.coverage).where(
        COVERAGES.c.kind == kind, _HOLDS
    )
    obtained = {
        (row.year, row.register): row.coverage for row in await reading.rows(held)
    }
    of_kind = select(REPORTS.c.year).where(REPORTS.c.kind == kind).distinct()
    known = (
        []
        if years
        else [*await reading.scalars(of_kind), *[year for year, _ in obtained]]
    )
    chosen = sorted({*(years or known)})[-MOST_YEARS:]
    columns = [
        REPORTS.c[name] for name in ("year", "register", "entity_key", "registered")
    ]
    rows: Rows = select(*columns, REPORTS.c.report_submitted_on.is_not(None)).where(
        REPORTS.c.kind == kind, REPORTS.c.year.in_(chosen)
    )
    found = [Known(*row) for row in await reading.rows(rows)]
    body = json.dumps(table(kind, chosen, found, obtained), ensure_ascii=False)
    return Answer(body, headers={"cache-control": "no-cache"})


async def get_reconciliation(
    reading: Reading,
    terms: AnswerTerms,
    caller: Caller,
    kind: EntityKind,
    query: ReconciliationList,
) -> Answer:
    """How many entities in the caller's reach stand where, and a page of them; an entity of both is its CAS row."""
    one_each = (REPORTS.c.register == Register.CAS) | _TWINS.c.id.is_(None)
    entities: Rows = (
        select(REPORTS)
        .select_from(_JOINED)
        .where(
            REPORTS.c.kind == kind,
            REPORTS.c.year == query.year,
            one_each,
            _WHERE.is_not(None),
            _seen_by(caller),
        )
    )
    counts = {
        each.value: func.count().filter(_WHERE.in_([each.value]))
        for each in Reconciliation
    }
    counted = entities.with_only_columns(
        json_object(counts), maintain_column_froms=True
    )
    totals = await reading.scalar(counted)
    listed = (
        entities.where(_WHERE.in_([query.reconciliation]))
        if query.reconciliation
        else entities
    )
    listing = await page(reading, terms, query, _ENTITY_LISTING, listed)
    head = f'{{"kind":"{kind.value}","year":{query.year},"counts":{totals},'
    kept = {
        name: value
        for name, value in listing.headers.items()
        if name in {"link", "preference-applied"}
    }
    return Answer(head.encode() + bytes(listing.body)[1:], headers=kept)

"""Every question asked of the yearly reports and of the statements about the
registers' lists.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    case,
    func,
    literal,
    null,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import json_object, stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.institutions.models import Institution
from services.registry.permissions import Permission
from services.registry.problems import RegisterReportNotFound
from services.registry.register_reports.models import RegisterCoverage, RegisterReport
from services.registry.register_reports.rules.facts import (
    DEADLINES,
    Coverage,
    EntityKind,
    Obtained,
    Reconciliation,
    Register,
)
from services.registry.register_reports.schemas import (
    CoverageList,
    ReconciledEntity,
    ReconciliationList,
    RegisterCoverageRead,
    StatisticalReportList,
    StatisticalReportRead,
)

REPORTS: FromClause = rows_of(RegisterReport)
COVERAGES: FromClause = rows_of(RegisterCoverage)
_INSTITUTIONS: FromClause = rows_of(Institution)
# The row of the same entity and year in the other register; there is at most one.
_TWINS = REPORTS.alias("twins")
_LATER = COVERAGES.alias("later")


def _deadline() -> ColumnElement[date]:
    """The last day for a row's report, by the dated deadlines of the rules."""
    # CASE takes the first match, and a later entry must replace an earlier one.
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
    """In which registers the entity of a row is: `statistics.reconciled` for many rows
    at once, in SQL.
    """
    is_cas, has_twin = REPORTS.c.register == Register.CAS, _TWINS.c.id.is_not(None)
    # If the voivodes' list is complete and has no such entity, `registered` in the row
    # of the central register does not count.
    alone = REPORTS.c.registered & ~_VOIVODES_ARE_COMPLETE
    with_voivode = case(
        (is_cas, func.coalesce(_TWINS.c.registered, alone)),
        else_=REPORTS.c.registered,
    )
    return case(
        ((is_cas | has_twin) & with_voivode, literal(Reconciliation.BOTH.value)),
        (is_cas | has_twin, literal(Reconciliation.CAS_ONLY.value)),
        (with_voivode, literal(Reconciliation.VOIVODE_ONLY.value)),
        else_=null(),
    )


_HOLDS = ~(
    select(_LATER.c.id)
    .where(
        *[_LATER.c[name] == COVERAGES.c[name] for name in ("kind", "year", "register")]
    )
    .where(
        # The id decides between two statements of one instant.
        func.row(_LATER.c.recorded_at, _LATER.c.id)
        > func.row(COVERAGES.c.recorded_at, COVERAGES.c.id)
    )
    .exists()
)
_VOIVODES_ARE_COMPLETE: ColumnElement[bool] = (
    select(COVERAGES.c.id)
    .where(COVERAGES.c.kind == REPORTS.c.kind, COVERAGES.c.year == REPORTS.c.year)
    .where(COVERAGES.c.register == Register.VOIVODE, _HOLDS)
    .where(COVERAGES.c.coverage == Coverage.COMPLETE)
    .correlate(REPORTS)
    .exists()
)
_DUE, _RECONCILIATION = _deadline(), _reconciliation()
# NULL without a report, which is neither late nor in time.
_LATE = REPORTS.c.report_submitted_on > _DUE
_IS_TWIN = (
    (_TWINS.c.kind == REPORTS.c.kind)
    & (_TWINS.c.year == REPORTS.c.year)
    & (_TWINS.c.entity_key == REPORTS.c.entity_key)
    & (_TWINS.c.register != REPORTS.c.register)
)
_JOINED = REPORTS.outerjoin(_TWINS, _IS_TWIN)


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
    {"due_on": _DUE, "late": _LATE, "reconciliation": _RECONCILIATION},
)
_BY_ENTITY = {
    "entity_key": REPORTS.c.entity_key,
    "entity_name": in_polish_order(REPORTS.c.entity_name),
    "county_terc": REPORTS.c.county_terc,
}
_SORTED = {"year": REPORTS.c.year, **_BY_ENTITY}
_LISTING = Listing(WIRE, _SORTED, "entity_key", REPORTS.c.id)
COVERAGE_WIRE = _wire(COVERAGES, RegisterCoverageRead, {"holds": _HOLDS})
_COVERAGE_LISTING = Listing(
    COVERAGE_WIRE,
    {name: COVERAGES.c[name] for name in ("year", "recorded_at")},
    "-recorded_at",
    COVERAGES.c.id,
)
_RECONCILED = _wire(REPORTS, ReconciledEntity, {"reconciliation": _RECONCILIATION})
_ENTITY_LISTING = Listing(_RECONCILED, _BY_ENTITY, "entity_key", REPORTS.c.id)


def _within_reach(caller: Caller) -> ColumnElement[bool]:
    return within(
        caller, Permission.READ_REGISTER_REPORTS, county=REPORTS.c.county_terc
    )


def list_statistical_reports(reading: Reading, query: StatisticalReportList) -> Listed:
    """The reports in the caller's reach that a list or a file shows."""
    reports: Rows = select(REPORTS).select_from(_JOINED)
    reports = reports.where(_within_reach(reading.caller))
    for name in ("kind", "year", "voivodeship_terc", "county_terc", "reconciliation"):
        if values := getattr(query, name):
            reports = reports.where(WIRE[name].in_(values))
    if query.register_:
        reports = reports.where(REPORTS.c.register == query.register_)
    if query.submitted is not None:
        reports = reports.where(
            REPORTS.c.report_submitted_on.is_not(None) == query.submitted
        )
    if query.late is not None:
        reports = reports.where(_LATE.is_(query.late))
    return Listed(_LISTING, reports)


async def get_statistical_report(reading: Reading, report_id: UUID) -> Stored:
    """One report in the caller's reach.

    Its version only counts its own changes: the entity's row in the other register may
    change without a new version.
    """
    statement = (
        select(*stored_columns(WIRE, REPORTS.c.id, REPORTS.c.version))
        .select_from(_JOINED)
        .where(REPORTS.c.id == report_id, _within_reach(reading.caller))
    )
    return await reading.stored(statement, RegisterReportNotFound)


# By the attributes of the table class: its `register_` is the column `register`.
_RECORD = [
    getattr(RegisterReport, name).label(name) for name in RegisterReport.model_fields
]


async def lock_statistical_report(change: Change, report_id: UUID) -> RegisterReport:
    """The record of a report in the caller's reach, locked until the transaction ends."""
    statement = (
        select(*_RECORD)
        # Within reach already here: another county's report is not found. To refuse it
        # would show that it exists.
        .where(REPORTS.c.id == report_id, _within_reach(change.caller))
        .with_for_update()
    )
    return await change.instance(RegisterReport, statement, RegisterReportNotFound)


async def require_institution(reading: Reading, institution_id: UUID) -> None:
    """UnknownReference unless the institution is registered."""
    statement = select(_INSTITUTIONS.c.id).where(_INSTITUTIONS.c.id == institution_id)
    if await reading.scalar(statement) is None:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))


async def list_coverages(
    reading: Reading, terms: ListTerms, query: CoverageList
) -> ItemPage:
    """A page of statements, the newest first."""
    coverages = select(COVERAGES)
    if query.kind:
        coverages = coverages.where(COVERAGES.c.kind == query.kind)
    if query.year:
        coverages = coverages.where(COVERAGES.c.year.in_(query.year))
    if query.register_:
        coverages = coverages.where(COVERAGES.c.register == query.register_)
    if query.holds is not None:
        coverages = coverages.where(_HOLDS.is_(query.holds))
    listed = Listed(_COVERAGE_LISTING, coverages)
    return await page_of(reading, terms, query, listed)


async def get_coverage(reading: Reading, coverage_id: UUID) -> str:
    """One statement as JSON. It has no version: a statement is replaced, never changed."""
    statement = select(json_object(COVERAGE_WIRE)).where(COVERAGES.c.id == coverage_id)
    return str(await reading.scalar(statement))


async def get_obtained(reading: Reading, kind: EntityKind) -> Obtained:
    """The valid coverage of each list, by year and register."""
    statement = select(
        COVERAGES.c.year, COVERAGES.c.register, COVERAGES.c.coverage
    ).where(COVERAGES.c.kind == kind, _HOLDS)
    rows = await reading.rows(statement)
    return {(year, register): coverage for year, register, coverage in rows}


class Reconciled(NamedTuple):
    """The numbers of entities by reconciliation, as a JSON object, and a page
    of the entities.
    """

    counts: str
    entities: ItemPage


async def get_reconciliation(
    reading: Reading, terms: ListTerms, kind: EntityKind, query: ReconciliationList
) -> Reconciled:
    """The entities in the caller's reach, by the registers they are in; of an entity in
    both, the CAS row.
    """
    # An entity in both registers has two rows, and must be counted once.
    is_counted = (REPORTS.c.register == Register.CAS) | _TWINS.c.id.is_(None)
    entities: Rows = (
        select(REPORTS)
        .select_from(_JOINED)
        .where(
            REPORTS.c.kind == kind,
            REPORTS.c.year == query.year,
            is_counted,
            _RECONCILIATION.is_not(None),
            _within_reach(reading.caller),
        )
    )
    if query.voivodeship_terc:
        places = REPORTS.c.voivodeship_terc.in_(query.voivodeship_terc)
        entities = entities.where(places)
    counts = {
        member.value: func.count().filter(_RECONCILIATION.in_([member.value]))
        for member in Reconciliation
    }
    statement = entities.with_only_columns(
        json_object(counts), maintain_column_froms=True
    )
    totals = await reading.scalar(statement)
    if query.reconciliation:
        entities = entities.where(_RECONCILIATION.in_([query.reconciliation]))
    listed = Listed(_ENTITY_LISTING, entities)
    return Reconciled(totals, await page_of(reading, terms, query, listed))

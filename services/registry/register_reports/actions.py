"""Every change of a yearly report, whole files of them, and statements of which lists were obtained."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.background.jobs import JobRun
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import today as this_day
from services.chassis.ground.correlation import trace_id
from services.chassis.ground.problems import refuse
from services.chassis.transfer.imports import Import, Merged, reject
from services.chassis.trust.access import demand, own_counties
from services.registry.permissions import Permission
from services.registry.register_reports import queries, statements
from services.registry.register_reports.models import RegisterCoverage, RegisterReport
from services.registry.register_reports.rules import facts, rows
from services.registry.register_reports.schemas import (
    CoverageState,
    StatisticalReportCreate,
    StatisticalReportUpdate,
)
from services.registry.territories.queries import find_county


async def _check(change: Change, values: dict[str, Any], today: date) -> None:
    """ValidationFailed for contradictions and future dates; UnknownReference for an
    unknown institution.
    """
    refuse(*facts.contradictions(values), *facts.of_the_future(values, today))
    if values["institution_id"] is not None:
        await queries.require_institution(change, values["institution_id"])


async def create_statistical_report(
    change: Change, new: StatisticalReportCreate, today: date
) -> Stored:
    """Record the entry of a register about an entity in a year, once for each kind,
    year, register and entity.
    """
    values = new.model_dump(by_alias=True)
    county = new.county_terc
    await find_county(change, county, name="/county_terc")
    demand(change.caller, Permission.EDIT_REGISTER_REPORTS, county=county)
    await _check(change, values, today)
    statement = insert(RegisterReport).values(**values)
    report_id: UUID = await change.scalar(statement.returning(col(RegisterReport.id)))
    # Read back: the reconciliation also depends on the entity's row
    # in the other register.
    report = await queries.get_statistical_report(change, report_id)
    subject = Subject(f"register-reports/{report_id}", report.version, county)
    action, event = "create_statistical_report", "register-report.created"
    change.record(action, subject, event, fields=sorted(values))
    return report


async def amend_statistical_report(
    change: Change,
    report_id: UUID,
    patch: StatisticalReportUpdate,
    version: int,
    today: date,
) -> Stored:
    """Change the fields that the patch names; to move an entity to another county, the
    caller must reach both.
    """
    report = await queries.lock_statistical_report(change, report_id)
    permission = Permission.EDIT_REGISTER_REPORTS
    demand(change.caller, permission, county=report.county_terc)
    require_version(report.version, version)
    # The rules use the name of the field on the wire.
    before = report.model_dump() | {"register": report.register_}
    patched = patch.model_dump(exclude_unset=True)
    changed = {name: value for name, value in patched.items() if value != before[name]}
    await _check(change, before | changed, today)
    # The caller must reach both counties, to move an entity away and to take one over.
    if "county_terc" in changed:
        county = await find_county(change, changed["county_terc"], name="/county_terc")
        demand(change.caller, permission, county=county)
    if changed:
        await _change(change, report, changed)
    return await queries.get_statistical_report(change, report_id)


async def _change(
    change: Change, report: RegisterReport, values: dict[str, Any]
) -> None:
    new_version = {"version": RegisterReport.version + 1, "changed_at": func.now()}
    is_report = col(RegisterReport.id) == report.id
    statement = update(RegisterReport).where(is_report).values(**values | new_version)
    version = await change.scalar(statement.returning(col(RegisterReport.version)))
    county = values.get("county_terc", report.county_terc)
    subject = Subject(f"register-reports/{report.id}", version, county)
    action, event = "amend_statistical_report", "register-report.changed"
    change.record(action, subject, event, fields=sorted(values))


async def state_coverage(change: Change, new: CoverageState) -> str:
    """State whether a register's list for a year was obtained. The new statement
    replaces earlier ones, which are kept.

    The statement is about the whole country, so the caller must reach every county.
    Returns its JSON.
    """
    demand(change.caller, Permission.EDIT_REGISTER_REPORTS)
    values = new.model_dump(by_alias=True) | {"stated_by": change.caller.subject}
    statement = insert(RegisterCoverage).values(**values)
    coverage_id: UUID = await change.scalar(
        statement.returning(col(RegisterCoverage.id))
    )
    subject = Subject(f"register-coverages/{coverage_id}")
    # The event only names the list. Followers have to read the valid statement: a later
    # one may have replaced this one by then.
    list_ = {name: values[name] for name in ("kind", "year", "register")}
    change.record("state_coverage", subject, **list_, coverage=new.coverage)
    change.tell("register-coverage.stated", subject, **list_)
    return await queries.get_coverage(change, coverage_id)


async def _merge(change: Change, run: JobRun) -> Merged:
    # Two files merged at once would both see the same rows as new, and the second file
    # would then fail as a whole.
    await change.execute(statements.ONE_FILE_AT_A_TIME)
    await reject(change, statements.UNKNOWN_REFERENCES)
    await reject(change, statements.OF_THE_FUTURE, this_day())
    counties = own_counties(run.caller, Permission.IMPORT_REGISTER_REPORTS)
    if counties is not None:
        await reject(change, statements.OUT_OF_REACH, counties)
        await reject(change, statements.KNOWN_OUT_OF_REACH, counties)
    # The last check: a rejected row must not make a good one a repetition.
    await reject(change, statements.REPEATED)
    values = {"actor": run.caller.subject, "job": str(run.id), "trace_id": trace_id()}
    created, changed, unchanged = await change.one(statements.MERGE, values=values)
    return Merged(created, changed, unchanged)


# Merged as a whole and not in parts: a row may repeat any other row of the file.
REPORTS_FILE = Import(
    kind="register_reports",
    permission=Permission.IMPORT_REGISTER_REPORTS,
    rule=rows.parse_report_row,
    staging=rows.STAGING,
    merge=_merge,
    fields=rows.FIELDS,
    required=rows.REQUIRED,
)
IMPORTS = {REPORTS_FILE.kind: REPORTS_FILE}

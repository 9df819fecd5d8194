"""Every change of a yearly report, whole files of them, and statements of which lists were obtained."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text, update

from services.chassis import audit, events
from services.chassis.access import demand, own_counties
from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.clock import today as this_day
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.correlation import trace_id
from services.chassis.imports import Import, Merged, reject
from services.chassis.jobs import JobRun
from services.chassis.problems import FieldError, ValidationFailed, VersionMismatch
from services.chassis.work import Change, Record
from services.registry.permissions import Permission
from services.registry.register_reports import queries
from services.registry.register_reports.rules import facts, rows
from services.registry.register_reports.schemas import (
    CoverageState,
    StatisticalReportCreate,
    StatisticalReportUpdate,
)
from services.registry.territories.queries import find_county


def _note(
    change: Change,
    caller: Caller,
    action: str,
    event: str,
    row: Record,
    fields: list[str],
) -> None:
    subject, county = f"register-reports/{row.id}", row.county_terc
    audit.record(
        change, caller, action, subject, county=county, detail={"fields": fields}
    )
    data = {"href": f"/v1/registry/{subject}", "fields": fields}
    events.emit(
        change,
        f"registry.register-report.{event}",
        subject,
        row.version,
        county=county,
        data=data,
    )


async def _check(change: Change, values: dict[str, Any], today: date) -> None:
    wrong = facts.contradictions(values) + facts.of_the_future(values, today)
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", code) for name, code in wrong]
        )
    if values["institution_id"] is not None:
        await queries.require_institution(change, values["institution_id"])


async def create_statistical_report(
    change: Change, caller: Caller, new: StatisticalReportCreate, today: date
) -> Answer:
    """Record what a register says of an entity in a year, once a kind, year, register and entity."""
    values = new.model_dump(by_alias=True)
    await find_county(change, new.county_terc, name="/county_terc")
    demand(caller, Permission.EDIT_REGISTER_REPORTS, county=new.county_terc)
    await _check(change, values, today)
    statement = insert(queries.REPORTS).values(**values).returning(*queries.REPORTS.c)
    row = await change.one(statement)
    _note(change, caller, "create_statistical_report", "created", row, sorted(values))
    answer = await queries.get_statistical_report(change, None, caller, row.id)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/register-reports/{row.id}"
    return answer


async def amend_statistical_report(
    change: Change,
    caller: Caller,
    report_id: UUID,
    patch: StatisticalReportUpdate,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Change what the patch names; to move an entity to another county, both are the caller's."""
    row = await queries.lock_statistical_report(change, caller, report_id)
    demand(caller, Permission.EDIT_REGISTER_REPORTS, county=row.county_terc)
    if expected_version(if_match, report_id) != row.version:
        raise VersionMismatch()
    given = patch.model_dump(exclude_unset=True)
    changed = {
        name: value for name, value in given.items() if value != row._mapping[name]
    }
    await _check(change, dict(row._mapping) | changed, today)
    if "county_terc" in changed:
        await find_county(change, changed["county_terc"], name="/county_terc")
        demand(caller, Permission.EDIT_REGISTER_REPORTS, county=changed["county_terc"])
    if changed:
        stamped = changed | {"version": row.version + 1, "changed_at": func.now()}
        statement = (
            update(queries.REPORTS)
            .where(queries.REPORTS.c.id == report_id)
            .values(**stamped)
        )
        after = await change.one(statement.returning(*queries.REPORTS.c))
        _note(
            change,
            caller,
            "amend_statistical_report",
            "changed",
            after,
            sorted(changed),
        )
    return await queries.get_statistical_report(change, None, caller, report_id)


async def state_coverage(change: Change, caller: Caller, new: CoverageState) -> Answer:
    """State whether a register's list for a year was obtained; it replaces what was stated before, which is kept.

    The statement is about the whole country, so it is for those whose permission reaches everywhere.
    """
    demand(caller, Permission.EDIT_REGISTER_REPORTS)
    values = new.model_dump(by_alias=True) | {"stated_by": caller.subject}
    statement = (
        insert(queries.COVERAGES).values(**values).returning(queries.COVERAGES.c.id)
    )
    coverage_id: UUID = await change.scalar(statement)
    subject, told = (
        f"register-coverages/{coverage_id}",
        {name: values[name] for name in ("kind", "year", "register")},
    )
    audit.record(
        change,
        caller,
        "state_coverage",
        subject,
        detail=told | {"coverage": new.coverage},
    )
    events.emit(change, "registry.register-coverage.stated", subject, 1, data=told)
    return await queries.get_coverage_answer(change, coverage_id)


_ONE_FILE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('register_reports', 0))"
)
_KNOWN = "kind, year, register, entity_key"
_MERGED = (
    "entity_name",
    "county_terc",
    "registered",
    "report_submitted_on",
    "institution_id",
)
_COLUMNS = ", ".join(_MERGED)
_REPEATED = f"""
SELECT line, '/entity_key', 'repeated_in_file' FROM (
    SELECT line, row_number() OVER (PARTITION BY {_KNOWN} ORDER BY line) AS time FROM staging
) AS numbered WHERE time > 1
"""  # noqa: S608 - put together from our own names of columns
_UNKNOWN = """
SELECT line, '/county_terc', 'not_found' FROM staging
WHERE county_terc NOT IN (SELECT terc FROM territorial_units WHERE level = 'county')
UNION ALL
SELECT line, '/institution_id', 'not_found' FROM staging
WHERE institution_id IS NOT NULL AND NOT EXISTS (SELECT FROM institutions WHERE id = staging.institution_id)
"""
_OF_THE_FUTURE = """
SELECT line, '/year', 'in_future' FROM staging WHERE year > extract(year FROM $1::date)
UNION ALL
SELECT line, '/report_submitted_on', 'in_future' FROM staging WHERE report_submitted_on > $1::date
"""
_OUT_OF_REACH = "SELECT line, '/county_terc', 'outside_scope' FROM staging WHERE NOT county_terc = ANY ($1::text[])"
_KNOWN_OUT_OF_REACH = f"""
SELECT line, '/entity_key', 'outside_scope' FROM staging JOIN register_reports AS known USING ({_KNOWN})
WHERE NOT known.county_terc = ANY ($1::text[])
"""  # noqa: S608
_BEFORE = ", ".join(f"known.{name}" for name in _MERGED)
_AFTER = ", ".join(f"coalesce(staging.{name}, known.{name})" for name in _MERGED)
_NAMED = ", ".join(
    f"coalesce(staging.{name}, known.{name}) AS {name}" for name in _MERGED
)
_MERGE = text(
    f"""
WITH compared AS (
    SELECT known.id, {_KNOWN}, {_NAMED}, known.id IS NOT NULL AND ({_BEFORE}) IS DISTINCT FROM ({_AFTER}) AS differs
    FROM staging LEFT JOIN register_reports AS known USING ({_KNOWN})
), changed AS (
    UPDATE register_reports AS report
    SET ({_COLUMNS}) = ROW({", ".join(f"compared.{name}" for name in _MERGED)}),
        version = report.version + 1, changed_at = now()
    FROM compared WHERE compared.differs AND report.id = compared.id
    RETURNING report.id, report.version, report.county_terc, 'changed' AS change
), created AS (
    INSERT INTO register_reports ({_KNOWN}, entity_name, county_terc, registered, report_submitted_on, institution_id)
    SELECT {_KNOWN}, entity_name, county_terc, coalesce(registered, true), report_submitted_on, institution_id
    FROM compared WHERE id IS NULL
    RETURNING id, version, county_terc, 'created' AS change
), done AS (
    SELECT * FROM changed UNION ALL SELECT * FROM created
), told AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'registry.register-report.' || change, 'register-reports/' || id, version, county_terc,
           jsonb_build_object('href', '/v1/registry/register-reports/' || id, 'job', CAST(:job AS text)),
           CAST(:trace_id AS text)
    FROM done
), noted AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_statistical_reports', 'register-reports/' || id, change, county_terc,
           jsonb_build_object('job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM done
)
SELECT (SELECT count(*) FROM created), (SELECT count(*) FROM changed),
       (SELECT count(*) FROM compared WHERE id IS NOT NULL AND NOT differs)
"""  # noqa: S608
)
"""Compare, change, create, tell and note: one statement over one snapshot. An empty cell leaves what is known."""


async def _merge(change: Change, run: JobRun) -> Merged:
    await change.execute(_ONE_FILE_AT_A_TIME)
    await reject(change, _UNKNOWN)
    await reject(change, _OF_THE_FUTURE, this_day())
    own = own_counties(run.caller, Permission.IMPORT_REGISTER_REPORTS)
    if own is not None:
        await reject(change, _OUT_OF_REACH, own)
        await reject(change, _KNOWN_OUT_OF_REACH, own)
    await reject(change, _REPEATED)
    values = {"actor": run.caller.subject, "job": str(run.id), "trace_id": trace_id()}
    created, changed, unchanged = await change.one(_MERGE, values=values)
    return Merged(created, changed, unchanged)


REPORTS_FILE = Import(
    kind="register_reports",
    permission=Permission.IMPORT_REGISTER_REPORTS,
    rule=rows.parse_report_row,
    staging=rows.STAGING,
    merge=_merge,
    fields=rows.FIELDS,
    required=rows.REQUIRED,
    encodings=("utf-8", "cp1250"),
)
IMPORTS = {REPORTS_FILE.kind: REPORTS_FILE}

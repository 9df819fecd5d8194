"""Files of screenings merged part by part: one COPY, one statement, one count; all of it the job's one transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.access import set_row_scope
from services.chassis.clock import today
from services.chassis.correlation import trace_id
from services.chassis.identity import Caller, Reach
from services.chassis.imports import Import, Merged, receive, reject
from services.chassis.jobs import JobRun
from services.chassis.problems import FieldError
from services.chassis.routes import Answer
from services.screening.campaigns.actions import count_results
from services.screening.instruments.queries import get_plan
from services.screening.norm_sets.queries import find_norm_set_id
from services.screening.permissions import Permission
from services.screening.screening_imports import queries
from services.screening.screening_imports.rules import rows
from services.screening.screening_imports.schemas import ScreeningImport
from services.screening.screenings.queries import require_open_campaign

_OUT_OF_REACH = "SELECT line, '/county_terc', 'outside_scope' FROM staging WHERE NOT county_terc = ANY ($1::text[])"
_UNKNOWN_IMPLEMENTER = """
SELECT line, '/implementer', CASE WHEN implementer IS NULL THEN 'missing' ELSE 'not_found' END FROM staging
WHERE NOT EXISTS (SELECT FROM campaign_implementers AS known WHERE known.campaign_id = $1 AND known.code = implementer)
"""
_OTHER_COUNTY = "SELECT line, '/county_terc', 'outside_campaign' FROM staging WHERE county_terc <> $1"
_NOT_SELECTED = """
SELECT line, '/subject_ref', 'not_selected' FROM staging
WHERE NOT EXISTS (
    SELECT FROM campaign_subjects AS subject
    WHERE subject.campaign_id = $1 AND subject.subject_ref = staging.subject_ref AND subject.is_selected
)
"""
_FACTS = (
    "subject_ref, birth_month, age_months, sex, county_terc, institution_id, implementer, form_code, informant,"
    " administered_on, answers"
)
_COMPARED = ", ".join(f"known.{name.strip()}" for name in _FACTS.split(","))
_STAGED = ", ".join(f"staging.{name.strip()}" for name in _FACTS.split(","))
_TAKEN = f"""
SELECT staging.line, '/external_id', 'already_taken' FROM staging
JOIN screenings AS known ON known.source = $1 AND known.external_id = staging.external_id
WHERE ({_COMPARED}) IS DISTINCT FROM ({_STAGED})
   OR (known.instrument_code, known.instrument_version) <> ($2, $3) OR known.campaign_id IS DISTINCT FROM $4
"""  # noqa: S608 - put together from our own names of columns
_MERGE = text(
    f"""
WITH created AS (
    INSERT INTO screenings ({_FACTS}, has_consent, state, result, outcome, external_id, source, campaign_id, stage,
                            instrument_code, instrument_version, norm_set_id, created_by, submitted_by, submitted_at,
                            scored_at)
    SELECT {_FACTS}, has_consent, state, result, outcome, external_id, CAST(:source AS text),
           CAST(:campaign_id AS uuid), CAST(:stage AS integer), CAST(:instrument_code AS text),
           CAST(:instrument_version AS integer), CASE WHEN result IS NOT NULL THEN CAST(:norm_set_id AS uuid) END,
           CAST(:actor AS text), CAST(:actor AS text), now(), CASE WHEN result IS NOT NULL THEN now() END
    FROM staging
    ON CONFLICT DO NOTHING
    RETURNING id, version, subject_ref, county_terc, institution_id, implementer, sex, age_months, state, outcome,
              result
), told AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'screening.screening.' || state, 'screenings/' || id, version, county_terc,
           jsonb_strip_nulls(jsonb_build_object(
               'href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref, 'institution_id', institution_id,
               'campaign_id', CAST(:campaign_id AS uuid), 'job', CAST(:job AS text))),
           CAST(:trace_id AS text)
    FROM created
), noted AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_screenings', 'screenings/' || id, 'created', county_terc, institution_id,
           jsonb_build_object('job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM created
)
SELECT count(*),
       coalesce(json_agg(json_build_object(
           'campaign_id', CAST(:campaign_id AS uuid), 'stage', CAST(:stage AS integer), 'subject_ref', subject_ref,
           'county_terc', county_terc, 'implementer', implementer, 'sex', sex, 'age_months', age_months,
           'instrument', CAST(:instrument_code AS text), 'outcome', outcome, 'screening_id', id, 'direction', 1,
           'bands', coalesce((
               SELECT json_object_agg(scale ->> 'code', scale ->> 'band')
               FROM jsonb_array_elements(result -> 'scales') AS scale
               WHERE scale ->> 'band' IS NOT NULL), '{{}}'))), '[]')::text
FROM created
"""  # noqa: S608
)
_MANY, _FEW = text("SET LOCAL enable_nestloop = off"), text("SET LOCAL enable_nestloop = on")
"""Thousands of results are counted in tables whose statistics know nothing yet of this transaction's rows."""
_INVISIBLE = """
SELECT line, '/external_id', 'already_taken' FROM staging
WHERE NOT EXISTS (SELECT FROM screenings AS known WHERE known.source = $1 AND known.external_id = staging.external_id)
"""
"""What could neither be created nor be seen belongs to a county that the caller does not reach."""


async def import_screenings(session: AsyncSession, caller: Caller, request: Any, asked: ScreeningImport) -> Answer:
    """Keep the file for a job. What cannot be scored, or has no open campaign, is refused before."""
    plan = await get_plan(session, asked.instrument_code, asked.instrument_version)
    await set_row_scope(session, caller)
    if asked.campaign_id is not None:
        await require_open_campaign(session, asked.campaign_id, FieldError("parameter", "campaign_id", "not_found"))
    parameters = asked.parameters() | {"fields": rows.columns_of(plan)}
    return await receive(request, session, caller, SCREENINGS_FILE, dry_run=asked.dry_run, parameters=parameters)


async def _context(session: AsyncSession, run: JobRun) -> dict[str, Any]:
    """What the parser scores with: everything as it is in force when the job begins."""
    code, number = run.parameters["instrument_code"], run.parameters["instrument_version"]
    await get_plan(session, code, number)
    await set_row_scope(session, run.caller)
    if run.parameters["campaign_id"] is not None:
        place = FieldError("parameter", "campaign_id", "not_found")
        campaign = await require_open_campaign(session, UUID(run.parameters["campaign_id"]), place)
        run.parameters = {**run.parameters, "campaign_county": campaign.county_terc}
    norm_set_id = await find_norm_set_id(session, code, number)
    run.parameters = {**run.parameters, "norm_set_id": norm_set_id}
    label, norms = await queries.get_norm_document(session, norm_set_id) if norm_set_id else ("", None)
    definition = await queries.get_definition_document(session, code, number)
    return {"definition": definition, "norms": norms, "label": label, "today": today().isoformat()}


async def _refuse_rows(session: AsyncSession, run: JobRun) -> None:
    asked = run.parameters
    if run.caller.reach(Permission.IMPORT_SCREENINGS) != Reach.EVERYWHERE:
        await reject(session, _OUT_OF_REACH, sorted(run.caller.counties))
    if asked["campaign_id"] is not None:
        await reject(session, _UNKNOWN_IMPLEMENTER, UUID(asked["campaign_id"]))
        if asked["campaign_county"] is not None:
            await reject(session, _OTHER_COUNTY, asked["campaign_county"])
        if asked["stage"] > 1:
            await reject(session, _NOT_SELECTED, UUID(asked["campaign_id"]))
    campaign = UUID(asked["campaign_id"]) if asked["campaign_id"] else None
    await reject(session, _TAKEN, asked["source"], asked["instrument_code"], asked["instrument_version"], campaign)


async def _merge(session: AsyncSession, run: JobRun) -> Merged:
    connection = await session.connection()
    await _refuse_rows(session, run)
    staged = int(await connection.scalar(text("SELECT count(*) FROM staging")) or 0)
    names = ("source", "campaign_id", "stage", "instrument_code", "instrument_version", "norm_set_id")
    values = {name: run.parameters[name] for name in names}
    values |= {"actor": run.caller.subject, "job": str(run.id), "trace_id": trace_id()}
    made, counted = (await connection.execute(_MERGE, values)).one()
    if values["campaign_id"] is not None and made:
        await connection.execute(_MANY)
        await count_results(session, counted)
        await connection.execute(_FEW)
    if made < staged:
        await reject(session, _INVISIBLE, values["source"])
        staged = int(await connection.scalar(text("SELECT count(*) FROM staging")) or 0)
    return Merged(made, 0, staged - made)


SCREENINGS_FILE = Import(
    kind="screenings",
    rule=rows.judge_of,
    staging=rows.STAGING,
    merge=_merge,
    required=rows.REQUIRED,
    unique=("external_id",),
    rows_at_once=8_000,
    context=_context,
)
IMPORTS = {SCREENINGS_FILE.kind: SCREENINGS_FILE}

"""Files of screenings merged part by part: one COPY, one statement, one count; all of it the job's one transaction."""

from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.chassis.access import own_counties
from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.clock import today
from services.chassis.correlation import trace_id
from services.chassis.files import Broken
from services.chassis.imports import Import, Merged, parsing, receive, reject
from services.chassis.jobs import JobRun
from services.chassis.problems import FieldError
from services.chassis.work import Change
from services.screening.campaign_counts.statements import (
    CELL,
    MOVES,
    MOVING,
    STEPS,
    counts_of,
)
from services.screening.campaigns.actions import ask_for_release
from services.screening.instruments.queries import get_plan
from services.screening.norm_sets.queries import find_norm_set_id
from services.screening.peers import asks_registry, find_unknown_institutions
from services.screening.permissions import Permission
from services.screening.problems import SubjectNotSelected
from services.screening.screening_imports import queries
from services.screening.screening_imports.rules import rows
from services.screening.screening_imports.schemas import ScreeningImport
from services.screening.screenings.queries import require_open_campaign

_OUT_OF_REACH = "SELECT line, '/county_terc', 'outside_scope' FROM staging WHERE NOT county_terc = ANY ($1::text[])"
_UNKNOWN_INSTITUTION = """
SELECT line, '/institution_id', 'not_found' FROM staging WHERE institution_id = ANY ($1::uuid[])
"""
_UNKNOWN_IMPLEMENTER = """
SELECT line, '/implementer', CASE WHEN implementer IS NULL THEN 'missing' ELSE 'not_found' END FROM staging
WHERE NOT EXISTS (SELECT FROM campaign_implementers AS known WHERE known.campaign_id = $1 AND known.code = implementer)
"""
_MISPLACED = """
SELECT line, '/county_terc', 'outside_implementer' FROM staging
JOIN campaign_implementers AS known ON known.campaign_id = $1 AND known.code = implementer
WHERE known.counties <> '{}' AND NOT staging.county_terc = ANY (known.counties)
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
CROSS JOIN LATERAL (
    SELECT * FROM screenings
    WHERE source = $1 AND external_id = staging.external_id AND county_terc = staging.county_terc OFFSET 0
) AS known
WHERE ({_COMPARED}) IS DISTINCT FROM ({_STAGED})
   OR (known.instrument_code, known.instrument_version) <> ($2, $3) OR known.campaign_id IS DISTINCT FROM $4
"""  # noqa: S608 - put together from our own names of columns
_CREATED = f"""
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
    RETURNING id, version, subject_ref, county_terc, institution_id, state, external_id
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
)"""  # noqa: S608
_ROWS = "(SELECT count(*) FROM staging), (SELECT count(*) FROM created)"
_MERGE = text(f"{_CREATED} SELECT {_ROWS}, 0")
_MERGE_AND_MOVE = text(f"""{_CREATED}, given AS (
    SELECT CAST(:campaign_id AS uuid) AS campaign_id, created.subject_ref, created.county_terc,
           CAST(:stage AS integer) AS stage, CAST(:instrument_code AS text) AS instrument,
           created.id AS screening_id, outcome, sex, age_months, implementer, bands, 1 AS direction
    FROM created JOIN staging USING (external_id, county_terc)
), {MOVING}, stepped AS (INSERT INTO steps {STEPS})
SELECT {_ROWS}, {MOVES} FROM moved
""")  # noqa: S608
_STEPS = text(
    "CREATE TEMP TABLE steps ON COMMIT DROP AS "  # noqa: S608
    f"SELECT {CELL}, subjects FROM campaign_counts LIMIT 0"
)
_COUNT = text(counts_of("TABLE steps"))


async def import_screenings(
    change: Change, caller: Caller, request: Any, asked: ScreeningImport
) -> Answer:
    """Keep the file for a job. What cannot be scored, or has no open campaign, is refused before."""
    plan = await get_plan(change, asked.instrument_code, asked.instrument_version)
    if asked.campaign_id is not None:
        await require_open_campaign(
            change,
            asked.campaign_id,
            FieldError("parameter", "campaign_id", "not_found"),
        )
    parameters = asked.parameters() | {"fields": rows.columns_of(plan)}
    return await receive(
        request,
        change,
        caller,
        SCREENINGS_FILE,
        dry_run=asked.dry_run,
        parameters=parameters,
    )


async def _context(change: Change, run: JobRun) -> dict[str, Any]:
    """What the parser scores with: everything as it is in force when the job begins."""
    code, number = (
        run.parameters["instrument_code"],
        run.parameters["instrument_version"],
    )
    await get_plan(change, code, number)
    if run.parameters["campaign_id"] is not None:
        place = FieldError("parameter", "campaign_id", "not_found")
        campaign = await require_open_campaign(
            change, UUID(run.parameters["campaign_id"]), place
        )
        run.parameters = {**run.parameters, "campaign_county": campaign.county_terc}
        await change.execute(_STEPS)
    norm_set_id = await find_norm_set_id(change, code, number)
    run.parameters = {
        **run.parameters,
        "norm_set_id": norm_set_id,
        "unknown": await _find_unknown(change, run),
    }
    label, norms = (
        await queries.get_norm_document(change, norm_set_id)
        if norm_set_id
        else ("", None)
    )
    definition = await queries.get_definition_document(change, code, number)
    return {
        "definition": definition,
        "norms": norms,
        "label": label,
        "today": today().isoformat(),
    }


async def _find_unknown(change: Change, run: JobRun) -> list[UUID]:
    """The institutions of the file that are registered nowhere: asked before anything is written."""
    if not asks_registry():
        return []
    named = set[bytes]()
    with suppress(
        Broken
    ):  # what is wrong with the file is told when it is read for good
        async with parsing(_INSTITUTIONS, change, replace(run)) as read:
            async for lines in read.copied():
                named.update(line.rpartition(b"\t")[2] for line in lines.splitlines())
    return sorted(await find_unknown_institutions(UUID(one.decode()) for one in named))


async def _refuse_rows(change: Change, run: JobRun) -> None:
    asked = run.parameters
    own = own_counties(run.caller, Permission.IMPORT_SCREENINGS)
    if own is not None:
        await reject(change, _OUT_OF_REACH, own)
    if asked["unknown"]:
        await reject(change, _UNKNOWN_INSTITUTION, asked["unknown"])
    if asked["campaign_id"] is not None:
        for wrong in (_UNKNOWN_IMPLEMENTER, _MISPLACED):
            await reject(change, wrong, UUID(asked["campaign_id"]))
        if asked["campaign_county"] is not None:
            await reject(change, _OTHER_COUNTY, asked["campaign_county"])
        if asked["stage"] > 1:
            await reject(change, _NOT_SELECTED, UUID(asked["campaign_id"]))


async def _refuse_taken(change: Change, run: JobRun) -> None:
    """Of the rows that their county has already those that say something else now."""
    asked = run.parameters
    campaign = UUID(asked["campaign_id"]) if asked["campaign_id"] else None
    await reject(
        change,
        _TAKEN,
        asked["source"],
        asked["instrument_code"],
        asked["instrument_version"],
        campaign,
    )


async def _merge(change: Change, run: JobRun) -> Merged:
    await _refuse_rows(change, run)
    names = (
        "source",
        "campaign_id",
        "stage",
        "instrument_code",
        "instrument_version",
        "norm_set_id",
    )
    values = {name: run.parameters[name] for name in names}
    values |= {"actor": run.caller.subject, "job": str(run.id), "trace_id": trace_id()}
    merge = _MERGE if values["campaign_id"] is None else _MERGE_AND_MOVE
    staged, made, unselected, *_ = await change.one(merge, values=values)
    if unselected:
        raise SubjectNotSelected()
    if made < staged:
        await _refuse_taken(change, run)
        staged = int(await change.scalar(text("SELECT count(*) FROM staging")) or 0)
    return Merged(made, 0, staged - made)


async def _count(change: Change, run: JobRun) -> None:
    """All that moved is counted at the end: whoever counts in the same cells waits for no more than that."""
    if run.parameters["campaign_id"] is not None:
        await change.execute(_COUNT)
        await ask_for_release(change, UUID(run.parameters["campaign_id"]))


async def _keep_nothing(_: Change, __: JobRun) -> Merged:
    return Merged()


_INSTITUTIONS = Import(
    kind="institutions",
    rule=rows.institution_of,
    staging={"institution_id": "uuid"},
    merge=_keep_nothing,
    fields={"institution_id": "institution_id"},
)
"""The same file, read for nothing but the institutions that it names."""
SCREENINGS_FILE = Import(
    kind="screenings",
    permission=Permission.IMPORT_SCREENINGS,
    rule=rows.judge_of,
    staging=rows.STAGING,
    merge=_merge,
    finish=_count,
    required=rows.REQUIRED,
    unique=("external_id",),
    unique_within=("county_terc",),
    rows_at_once=4_000,
    context=_context,
)
IMPORTS = {SCREENINGS_FILE.kind: SCREENINGS_FILE}

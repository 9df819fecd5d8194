"""Imports of screenings from files: merged part by part, counted at the end, in one transaction."""

from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.chassis.background.jobs import JobRun
from services.chassis.data.work import Change
from services.chassis.ground.clock import today
from services.chassis.ground.correlation import trace_id
from services.chassis.transfer.files import Broken
from services.chassis.transfer.imports import Import, Merged, parsing, reject, warn
from services.chassis.trust.access import own_counties
from services.screening.campaigns.actions import ask_for_release
from services.screening.instruments.queries import get_plan
from services.screening.norm_sets.queries import find_norm_set_id
from services.screening.peers import asks_registry, find_unknown_institutions
from services.screening.permissions import Permission
from services.screening.problems import SubjectNotSelected
from services.screening.screening_imports import queries, statements
from services.screening.screening_imports.rules import rows
from services.screening.screening_imports.rules.facts import REQUIRED
from services.screening.screening_imports.rules.institutions import institution_of
from services.screening.screening_imports.schemas import ScreeningImport

_MERGED_BY = (
    "source",
    "campaign_id",
    "stage",
    "instrument_code",
    "instrument_version",
    "norm_set_id",
)


async def prepare_import(change: Change, query: ScreeningImport) -> dict[str, Any]:
    """The parameters of the job; raises a problem if nothing could be scored or counted."""
    plan = await get_plan(change, query.instrument_code, query.instrument_version)
    if query.campaign_id is not None:
        await queries.lock_campaign_of_import(change, query.campaign_id)
    return query.parameters() | {"fields": rows.columns_of(plan)}


async def _context(change: Change, run: JobRun) -> dict[str, Any]:
    """The context of the parser: definition and norms that are in force when the job begins."""
    code = run.parameters["instrument_code"]
    number = run.parameters["instrument_version"]
    campaign_id = run.parameters["campaign_id"]
    # Checked again: since the upload the version may have been retired, or
    # the campaign closed.
    await get_plan(change, code, number)
    # Before the campaign is locked, so that no lock waits for the registry.
    unknown_institutions = await _find_unknown_institutions(change, run)
    county = None
    if campaign_id is not None:
        county = await queries.lock_campaign_of_import(change, UUID(campaign_id))
        await change.execute(statements.CREATE_STEPS)
    norm_set_id = await find_norm_set_id(change, code, number)
    run.parameters = {
        **run.parameters,
        "campaign_county": county,
        "norm_set_id": norm_set_id,
        "unknown_institutions": unknown_institutions,
    }
    label, norms = "", None
    if norm_set_id is not None:
        label, norms = await queries.get_norm_document(change, norm_set_id)
    return {
        "definition": await queries.get_definition_document(change, code, number),
        "norms": norms,
        "label": label,
        "today": today().isoformat(),
    }


async def _find_unknown_institutions(change: Change, run: JobRun) -> list[UUID]:
    """The institutions of the file that the registry does not have; called before any write."""
    if not asks_registry():
        return []
    id_texts = set[bytes]()
    # Faults of the file are reported by the second reading, which imports it.
    with suppress(Broken):
        # With a copy of the run: the job must show the progress of the
        # second reading only.
        reading_run = replace(run, parameters={**run.parameters, "fields": None})
        async with parsing(_INSTITUTIONS, change, reading_run) as parsed:
            async for lines in parsed.copied():
                id_texts.update(
                    line.rpartition(b"\t")[2] for line in lines.splitlines()
                )
    ids = [UUID(name.decode()) for name in id_texts]
    return sorted(await find_unknown_institutions(ids))


async def _refuse_rows(change: Change, run: JobRun) -> None:
    """Reject the rows that are out of the caller's reach or that their campaign does not accept."""
    parameters = run.parameters
    own_codes = own_counties(change.caller, Permission.IMPORT_SCREENINGS)
    if own_codes is not None:
        await reject(change, statements.OUT_OF_REACH, own_codes)
    unknown_institutions = parameters["unknown_institutions"]
    if unknown_institutions:
        await reject(change, statements.UNKNOWN_INSTITUTION, unknown_institutions)
    if parameters["campaign_id"] is None:
        return
    campaign_id = UUID(parameters["campaign_id"])
    await reject(change, statements.UNKNOWN_IMPLEMENTER, campaign_id)
    await reject(change, statements.MISPLACED, campaign_id)
    county = parameters["campaign_county"]
    if county is not None:
        await reject(change, statements.OTHER_COUNTY, county)
    if parameters["stage"] > 1:
        await reject(change, statements.NOT_SELECTED, campaign_id)


async def _refuse_taken(change: Change, run: JobRun) -> None:
    """Reject the rows whose ids already exist in their counties with other facts."""
    parameters = run.parameters
    campaign_id = parameters["campaign_id"]
    await reject(
        change,
        statements.TAKEN,
        parameters["source"],
        parameters["instrument_code"],
        parameters["instrument_version"],
        UUID(campaign_id) if campaign_id else None,
    )


async def _merge(change: Change, run: JobRun) -> Merged:
    """Create the staged screenings that are new; those that already exist stay as they are."""
    await _refuse_rows(change, run)
    values = {name: run.parameters[name] for name in _MERGED_BY} | {
        "actor": change.caller.subject,
        "job": str(run.id),
        "trace_id": trace_id(),
    }
    is_in_campaign = values["campaign_id"] is not None
    merge = statements.MERGE_IN_CAMPAIGN if is_in_campaign else statements.MERGE
    staged_count, created_count, unselected_count, *_ = await change.one(
        merge, values=values
    )
    if unselected_count:
        raise SubjectNotSelected()
    # Most files have only new ids: facts are compared only if some ids exist.
    if created_count < staged_count:
        await _refuse_taken(change, run)
        staged_count = int(await change.scalar(statements.COUNT_STAGED) or 0)
    # After the merge, because rows of one file may contradict each other, too.
    if created_count:
        await warn(change, statements.CONTRADICTING)
    return Merged(created_count, 0, staged_count - created_count)


async def _count(change: Change, run: JobRun) -> None:
    """Count all moved subjects at the end, so that the locks of cells are held only for
    a short time.
    """
    if run.parameters["campaign_id"] is not None:
        await change.execute(statements.COUNT_STEPS)
        await ask_for_release(change, UUID(run.parameters["campaign_id"]))


async def _keep_nothing(_: Change, __: JobRun) -> Merged:
    return Merged()


_INSTITUTIONS = Import(
    kind="institutions",
    rule=institution_of,
    staging={"institution_id": "uuid"},
    merge=_keep_nothing,
    fields={"institution_id": "institution_id"},
)
"""A first reading of the same file, only for the institutions that it names."""
SCREENINGS_FILE = Import(
    kind="screenings",
    permission=Permission.IMPORT_SCREENINGS,
    rule=rows.judge_of,
    staging=rows.STAGING,
    merge=_merge,
    finish=_count,
    required=REQUIRED,
    judges_unknown=True,
    unique=("external_id",),
    # Within a county: two counties may use the same id for different children.
    unique_within=("county_terc",),
    rows_at_once=4_000,
    context=_context,
)
IMPORTS = {SCREENINGS_FILE.kind: SCREENINGS_FILE}

"""Import of trainees, merged in one transaction."""

from services.chassis.background.jobs import JobRun
from services.chassis.data.work import Change
from services.chassis.ground.correlation import trace_id
from services.chassis.transfer.imports import Import, Merged, reject
from services.chassis.trust.access import own_counties
from services.training.permissions import Permission
from services.training.trainee_imports import rules, statements


async def _merge(change: Change, run: JobRun) -> Merged:
    """Insert new trainees and update existing ones.

    An empty cell keeps the stored value.
    """
    source, programme = run.parameters["source"], run.parameters["programme_code"]
    own = own_counties(run.caller, Permission.IMPORT_TRAINEES)
    # First: rows of other counties are not looked up.
    if own is not None:
        await reject(change, statements.OUT_OF_REACH, own)
    # Locked before the checks below, so that enrolments cannot change in between.
    await change.fetchval(statements.LOCK_KNOWN, source)
    await reject(change, statements.UNKNOWN_AUTHORITY, programme)
    await reject(change, statements.ERASED, source, programme)
    await reject(change, statements.ENROLLED, source, programme)
    values = {
        "source": source,
        "programme": programme,
        "actor": run.caller.subject,
        "job": str(run.id),
        "trace_id": trace_id(),
    }
    # Counted by the writing statement, without the rejected rows.
    staged, created, changed = await change.one(statements.MERGE, values=values)
    return Merged(created, changed, staged - created - changed)


TRAINEES_FILE = Import(
    kind="trainees",
    permission=Permission.IMPORT_TRAINEES,
    rule=rules.staged_row,
    staging=rules.STAGING,
    merge=_merge,
    fields=rules.FIELDS,
    required=rules.REQUIRED,
    unique=("external_id",),
    # Two counties of one file may use the same id for different people.
    unique_within=("county_terc",),
    most_rows=20_000,
)

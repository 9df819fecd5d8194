"""Files of participants, merged in one transaction."""

from services.chassis.background.jobs import JobRun
from services.chassis.data.work import Change
from services.chassis.ground.correlation import trace_id
from services.chassis.transfer.imports import Import, Merged, reject
from services.chassis.trust.access import own_counties
from services.training.permissions import Permission
from services.training.trainee_imports import rules, statements


async def _merge(change: Change, run: JobRun) -> Merged:
    """Register who is new and change who is known.

    An empty cell leaves what is known.
    """
    source, programme = run.parameters["source"], run.parameters["programme_code"]
    own = own_counties(run.caller, Permission.IMPORT_TRAINEES)
    # First: what is said of other counties is not even compared.
    if own is not None:
        await reject(change, statements.OUT_OF_REACH, own)
    # Before it is asked who is enrolled: nobody is between the question and the change.
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
    # Counted by the statement that wrote: rows that were taken out are not among them.
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

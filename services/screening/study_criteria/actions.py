"""The import of a criterion from a file."""

from uuid import UUID

from services.chassis.background.jobs import JobRun
from services.chassis.data.work import Change
from services.chassis.ground.problems import StateConflict
from services.chassis.transfer.imports import Import, Merged, reject
from services.screening.permissions import Permission
from services.screening.studies.actions import change_study, see_every_county
from services.screening.studies.models import Study
from services.screening.studies.queries import lock_study
from services.screening.studies.rules import VERBS, CriterionSource, StudyState
from services.screening.study_criteria import statements
from services.screening.study_criteria.rules import (
    FIELDS,
    STAGING,
    parse_criterion_row,
)


async def require_criterion_wanted(change: Change, study_id: UUID) -> None:
    """StateConflict unless the study has an uploaded criterion and does not run."""
    study = await lock_study(change, study_id)
    source = study.criterion_source
    if source != CriterionSource.UPLOADED or study.state == StudyState.RUNNING:
        raise StateConflict(
            state=study.state,
            criterion_source=source,
            allowed=VERBS[StudyState(study.state)],
        )


def _require_not_running(study: Study) -> None:
    """StateConflict while a run reads the criteria."""
    if study.state == StudyState.RUNNING:
        raise StateConflict(state=study.state, allowed=VERBS[StudyState.RUNNING])


async def _merge(change: Change, run: JobRun) -> Merged:
    """Store the rows of an uploaded criterion.

    A later file replaces the outcomes of the same children.
    """
    study_id = UUID(run.parameters["study_id"])
    # Checked again: a run may have begun since the file was sent.
    _require_not_running(await lock_study(change, study_id))
    # Otherwise row-level security would hide the children of other counties, and they
    # would be reported as unknown.
    await see_every_county(change)
    await reject(change, statements.UNKNOWN_CHILDREN)
    created, changed, unchanged = await change.one(
        statements.MERGE, values={"study_id": study_id}
    )
    # The study gets a new version, because a run would now give other results.
    if created or changed:
        subject = await change_study(change, study_id, {})
        action, event = "import_study_criterion", "study.criterion-changed"
        change.record(action, subject, event, created=created, changed=changed)
    return Merged(created, changed, unchanged)


CRITERIA = Import(
    kind="study-criteria",
    permission=Permission.EDIT_STUDIES,
    rule=parse_criterion_row,
    staging=STAGING,
    merge=_merge,
    fields=FIELDS,
    required=("subject_ref", "outcome"),
    unique=("subject_ref",),
)

"""The SELECT of a study's criterion for each child, from either source."""

from sqlalchemy import FromClause, Subquery, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.chassis.data.tables import rows_of
from services.screening.screenings.models import Screening
from services.screening.screenings.rules.states import State
from services.screening.studies.models import Study
from services.screening.studies.rules import CriterionSource
from services.screening.study_criteria.models import StudyCriterion

WITH_RESULT = (State.SCORED, State.CONFIRMED)
"""The states of screenings that studies read."""
_CRITERIA: FromClause = rows_of(StudyCriterion)


def criteria_of(study: Study) -> Subquery:
    """The criterion for each child: the uploaded one, or the newest outcome of stage two."""
    if study.criterion_source == CriterionSource.UPLOADED:
        uploaded = select(_CRITERIA.c.subject_ref, _CRITERIA.c.outcome)
        return uploaded.where(_CRITERIA.c.study_id == study.id).subquery("criterion")
    rows = rows_of(Screening).alias("second").c
    newest = (
        select(rows.subject_ref, rows.outcome)
        .ext(distinct_on(rows.subject_ref))
        .where(
            rows.campaign_id == study.campaign_id,
            rows.stage == 2,
            rows.state.in_(WITH_RESULT),
        )
        # By day and then by id: of two screenings on one day the same one must always
        # be the newest.
        .order_by(rows.subject_ref, rows.administered_on.desc(), rows.id.desc())
    )
    if study.criterion_instrument is not None:
        newest = newest.where(rows.instrument_code == study.criterion_instrument)
    return newest.subquery("criterion")

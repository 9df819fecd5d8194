"""What the questions about studies are put together of."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on

from services.chassis.tables import JOBS, rows_of
from services.chassis.work import Record
from services.screening.campaigns.models import Campaign
from services.screening.instruments.models import Instrument, InstrumentVersion
from services.screening.screenings.models import Screening
from services.screening.studies.models import (
    Study,
    StudyCriterion,
    StudyExport,
    StudyExportFile,
    StudyRun,
)
from services.screening.studies.rules.closeness import HAS_CHANGED_BY_FEW, IS_TOO_CLOSE
from services.screening.studies.rules.kinds import CriterionSource, StudyState

STUDIES = rows_of(Study)
CRITERIA = rows_of(StudyCriterion)
RUNS = rows_of(StudyRun)
EXPORTS = rows_of(StudyExport)
FILES = rows_of(StudyExportFile)
SCREENINGS = rows_of(Screening)
CAMPAIGNS = rows_of(Campaign)
INSTRUMENTS = rows_of(Instrument)
VERSIONS = rows_of(InstrumentVersion)
_COUNTED = ("scored", "confirmed")
_CHILDREN, _DIGESTS = (
    bindparam("children", type_=ARRAY(Uuid)),
    bindparam("digests", type_=ARRAY(BigInteger)),
)
TOO_CLOSE = text(IS_TOO_CLOSE).bindparams(_CHILDREN)
CHANGED_BY_FEW = text(HAS_CHANGED_BY_FEW).bindparams(_CHILDREN, _DIGESTS)

_BROKEN_OFF = (
    select(literal_column("1"))
    .where(JOBS.c.id == STUDIES.c.job_id, JOBS.c.state.in_(["failed", "cancelled"]))
    .exists()
)
STATE: ColumnElement[str] = case(
    (
        and_(
            STUDIES.c.state == StudyState.RUNNING, _BROKEN_OFF, STUDIES.c.run_number > 0
        ),
        literal("ready"),
    ),
    (and_(STUDIES.c.state == StudyState.RUNNING, _BROKEN_OFF), literal("draft")),
    else_=STUDIES.c.state,
)
"""A run that failed or was cancelled leaves the study as it was before."""


def of_study(study: Record) -> ColumnElement[bool]:
    """The screenings of a study: of any form, as informants have their own; not of stage two, whose children differ."""
    rows, given = SCREENINGS.c, study._mapping
    asked: list[ColumnElement[bool]] = [
        rows.instrument_code == study.instrument_code,
        rows.instrument_version == study.instrument_version,
        rows.state.in_(_COUNTED),
        func.coalesce(rows.stage, 1) == 1,
    ]
    if study.counties:
        asked.append(rows.county_terc.in_(study.counties))
    asked += [
        rows[name] == given[name]
        for name in ("campaign_id", "sex")
        if given[name] is not None
    ]
    limits = {
        "age_from": rows.age_months.__ge__,
        "age_to": rows.age_months.__lt__,
        "administered_from": rows.administered_on.__ge__,
        "administered_to": rows.administered_on.__le__,
    }
    return and_(
        *asked,
        *(
            within(given[name])
            for name, within in limits.items()
            if given[name] is not None
        ),
    )


def criteria_of(study: Record) -> Any:
    """What the criterion says of each subject: the newest outcome of stage two, or what was uploaded."""
    if study.criterion_source == CriterionSource.UPLOADED:
        uploaded = select(CRITERIA.c.subject_ref, CRITERIA.c.outcome).where(
            CRITERIA.c.study_id == study.id
        )
        return uploaded.subquery("criterion")
    rows = rows_of(Screening).alias("second").c
    second = (
        (rows.campaign_id == study.campaign_id)
        & (rows.stage == 2)
        & rows.state.in_(_COUNTED)
    )
    if study.criterion_instrument is not None:
        second &= rows.instrument_code == study.criterion_instrument
    newest = (
        select(rows.subject_ref, rows.outcome)
        .ext(distinct_on(rows.subject_ref))
        .where(second)
    )
    return newest.order_by(
        rows.subject_ref, rows.administered_on.desc(), rows.id.desc()
    ).subquery("criterion")

"""Every SELECT on a study's screenings and on the results of its runs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from operator import eq, ge, le, lt
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Stored
from services.screening.campaign_releases.queries import (
    counties_as_sampled,
    get_released,
)
from services.screening.campaigns.rules.disclosure import FEW, threshold_of
from services.screening.problems import StudyNotFound, StudyNotReady, StudyTooSmall
from services.screening.screenings.models import Screening
from services.screening.studies.models import Study
from services.screening.studies.queries import STATE, STUDIES
from services.screening.studies.rules import (
    LEAST_SAMPLE,
    VERBS,
    StudyState,
)
from services.screening.study_criteria.queries import WITH_RESULT, criteria_of
from services.screening.study_runs import statements
from services.screening.study_runs.models import StudyRun
from services.screening.study_runs.rules.sections import (
    SECTION_OF_PLOT,
    Plot,
    Section,
)
from services.screening.study_runs.schemas import SECTION_MODELS

# In parts, because a whole study of tens of thousands of screenings would
# take much memory.
ROWS_AT_ONCE = 500
_RUNS: FromClause = rows_of(StudyRun)
_SCREENINGS: FromClause = rows_of(Screening)


def _of_study(study: Study) -> ColumnElement[bool]:
    """The condition of a study's screenings, by any form, because informants have their own forms.

    Screenings of stage two are excluded, because stage one selected their children.
    """
    rows = _SCREENINGS.c
    conditions = [
        rows.instrument_code == study.instrument_code,
        rows.instrument_version == study.instrument_version,
        rows.state.in_(WITH_RESULT),
        # Screenings outside of campaigns have no stage and count as stage one.
        func.coalesce(rows.stage, 1) == 1,
    ]
    if study.counties:
        conditions.append(rows.county_terc.in_(study.counties))
    limits = (
        (rows.campaign_id, eq, study.campaign_id),
        (rows.sex, eq, study.sex),
        (rows.age_months, ge, study.age_from),
        (rows.age_months, lt, study.age_to),
        (rows.administered_on, ge, study.administered_from),
        (rows.administered_on, le, study.administered_to),
    )
    conditions += [
        compare(column, limit) for column, compare, limit in limits if limit is not None
    ]
    return and_(*conditions)


async def list_children(reading: Reading, study: Study) -> list[UUID]:
    """The children with screenings by the study's own form."""
    rows = _SCREENINGS.c
    statement = select(rows.subject_ref).where(
        _of_study(study), rows.form_code == study.form_code
    )
    return [*await reading.scalars(statement.distinct())]


async def sample_is_too_close(
    reading: Reading, study: Study, children: Sequence[UUID]
) -> bool:
    """Whether results for these children and earlier runs together disclose few children."""
    values = {"study_id": study.id, "children": [*children], "few": FEW}
    return bool(await reading.scalar(statements.IS_TOO_CLOSE, values))


async def records_have_changed_by_few(
    reading: Reading, study: Study, digests: Mapping[UUID, int]
) -> bool:
    """Whether the records of only few children have changed since a run with the same limits."""
    values = {
        "study_id": study.id,
        "children": [*digests],
        "digests": [*digests.values()],
        "few": FEW,
    }
    return bool(await reading.scalar(statements.HAS_CHANGED_BY_FEW, values))


async def get_frame(reading: Reading, study: Study) -> dict[str, Any]:
    """The numbers to compare the sample's counties with: members of the statistics' `Task`."""
    published_counties = await _list_published_counties(reading, study)
    if study.campaign_id is None:
        return {"counties": study.counties, "published": _by_county(published_counties)}
    # As released to everybody, because other callers than the one who ran the study
    # read its results.
    campaign, numbers = await get_released(reading, study.campaign_id)
    of_campaign = counties_as_sampled(numbers)
    return {
        "edges": campaign.age_bands,
        "small_cell": threshold_of(campaign.small_cell),
        "population": {
            county["county_terc"]: county["subjects"] for county in of_campaign
        },
        "counties": study.counties or numbers.frame.counties,
        "published": _by_county([*published_counties, *of_campaign]),
    }


def _by_county(counties: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    by_county: dict[str, list[dict[str, Any]]] = {}
    for county in counties:
        by_county.setdefault(county["county_terc"], []).append(county)
    return by_county


async def _list_published_counties(
    reading: Reading, study: Study
) -> list[dict[str, Any]]:
    """The counties in the results of earlier runs over the same instrument version."""
    # Of all studies over the version and not only of this one: a reader of one may read
    # the others, too, and subtract.
    sampling = _RUNS.c.results["sections"]["sampling"]
    statement = (
        select(func.jsonb_array_elements(sampling["counties"]))
        .select_from(_RUNS.join(STUDIES, _RUNS.c.study_id == STUDIES.c.id))
        .where(
            STUDIES.c.instrument_code == study.instrument_code,
            STUDIES.c.instrument_version == study.instrument_version,
        )
    )
    return [*await reading.scalars(statement)]


async def stream_screenings(
    reading: Reading, study: Study, *, with_institutions: bool = False
) -> AsyncIterator[list[str]]:
    """The screenings of a study by day, as JSON texts (`Row` of the statistics), in parts."""
    rows, criterion = _SCREENINGS.c, criteria_of(study)
    members = {
        "subject": rows.subject_ref,
        "form": rows.form_code,
        "informant": rows.informant,
        "on": rows.administered_on,
        "county": rows.county_terc,
        "sex": rows.sex,
        "age": rows.age_months,
        "answers": rows.answers,
        "result": rows.result,
        "outcome": rows.outcome,
        "criterion": criterion.c.outcome,
    }
    # Not for the statistics: the digest of a child would change with the institution.
    if with_institutions:
        members["institution"] = rows.institution_id
    pairs: list[ColumnElement[Any]] = [
        part for name, value in members.items() for part in (literal(name, Text), value)
    ]
    # An outer join, because children without a criterion belong to the sample, too.
    joined = _SCREENINGS.outerjoin(
        criterion, criterion.c.subject_ref == rows.subject_ref
    )
    statement = (
        select(cast(func.json_build_object(*pairs), Text))
        .select_from(joined)
        .where(_of_study(study))
        # A total order, because the first screening of a child is the one that counts.
        .order_by(rows.administered_on, rows.id)
    )
    async for part in reading.stream(statement, ROWS_AT_ONCE):
        yield [line for (line,) in part]


class RunPart(NamedTuple):
    """A part of the newest run of a study, and the facts of the study."""

    run_number: int
    instrument_code: str
    instrument_version: int
    form_code: str
    scale_code: str
    criterion_source: str
    criterion_instrument: str | None
    criterion_note: str | None
    is_blinded: bool | None
    state: str
    finished_at: datetime
    n: int
    part: Any


async def _get_run(
    reading: Reading, study_id: UUID, part: ColumnElement[Any]
) -> RunPart:
    """A part of a ready study's newest run.

    StudyNotReady, with what is missing, before there is a run.
    """
    is_newest = and_(
        _RUNS.c.study_id == STUDIES.c.id, _RUNS.c.number == STUDIES.c.run_number
    )
    columns = {
        "state": STATE,
        "finished_at": _RUNS.c.finished_at,
        "n": _RUNS.c.n,
        "part": part,
    }
    statement = (
        select(
            *[
                columns[name] if name in columns else STUDIES.c[name]
                for name in RunPart._fields
            ]
        )
        .select_from(STUDIES.outerjoin(_RUNS, is_newest))
        .where(STUDIES.c.id == study_id)
    )
    run = RunPart(*await reading.one(statement, StudyNotFound))
    if run.state != StudyState.READY:
        raise _not_ready(run)
    return run


def _not_ready(run: RunPart) -> StudyNotReady:
    allowed = VERBS[StudyState(run.state)]
    return StudyNotReady(state=run.state, allowed=allowed, missing=["run"])


async def _get_section(
    reading: Reading, study_id: UUID, section: Section
) -> tuple[RunPart, dict[str, Any]]:
    """The run, and a section of its results as JSON.

    StudyTooSmall with the reason when the section was refused.
    """
    part = _RUNS.c.results["sections"][section.value]
    run = await _get_run(reading, study_id, part)
    if run.part is None:
        # The run is older than this section.
        raise _not_ready(run)
    # Older runs stored how much data there was (`found`): only the members named here
    # are passed on.
    results = dict(run.part)
    if results.pop("status") == "refused":
        raise StudyTooSmall(
            section=section, reason=results["reason"], needed=results["needed"]
        )
    return run, results


async def get_section(reading: Reading, study_id: UUID, section: Section) -> Stored:
    """A section of a ready study's newest results.

    Its version is the number of the run.
    """
    run, results = await _get_section(reading, study_id, section)
    members = {**run._asdict(), "study_id": study_id} | results
    body = SECTION_MODELS[section].model_validate(members).model_dump_json()
    return Stored(f"{study_id}-{section}", run.run_number, body)


async def get_plot(reading: Reading, study_id: UUID, plot: Plot) -> dict[str, Any]:
    """The Vega-Lite document of a plot.

    StudyTooSmall with the reason when its section was refused.
    """
    section = SECTION_OF_PLOT.get(plot)
    if section is not None:
        # Read first, because its refusal is also the reason for a missing plot.
        await _get_section(reading, study_id, section)
    run = await _get_run(reading, study_id, _RUNS.c.results["plots"][plot.value])
    if run.part is None:
        reason = "ages" if section is None else "raw_scores"
        raise StudyTooSmall(section=section, reason=reason, needed=LEAST_SAMPLE)
    document: dict[str, Any] = run.part
    return document

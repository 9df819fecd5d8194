"""/studies/{study_id}/run, and the sections and plots of its results."""

import json
from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.background.job_routes import accepted
from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change, ReplicaReading
from services.screening.charts import Chart
from services.screening.demands import CanEditStudies, CanReadStudies
from services.screening.problems import (
    SampleTooClose,
    StudyNotFound,
    StudyNotReady,
    StudyTooSmall,
)
from services.screening.study_runs import actions, queries
from services.screening.study_runs.rules.pictures import (
    PICTURES,
    chosen_picture,
    in_language,
)
from services.screening.study_runs.rules.sections import Plot, Section
from services.screening.study_runs.schemas import (
    AgreementRead,
    CriterionRead,
    DifRead,
    ItemsRead,
    PlotQuery,
    ReliabilityRead,
    SamplingRead,
)

router = slice_router(prefix="/studies", tags=["studies"])
_RUN = (
    StudyNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
    StudyTooSmall,
    SampleTooClose,
)
_RESULTS = (StudyNotFound, StudyNotReady, StudyTooSmall)
_PICTURES = {kind: {"schema": {"type": "string"}} for kind in PICTURES}


@router.post(
    "/{study_id}/run", status_code=202, responses=answers(JobRead, *_RUN, status=202)
)
async def run_study(
    caller: CanEditStudies,
    change: Change,
    request: Request,
    study_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Compute the study in the background, from the present screenings.

    It is refused with fewer children than the study's minimum, and when its sample
    differs by fewer than five children from the samples of earlier studies of the same
    instrument version: together they would disclose these few. Neither refusal shows
    the number of children. A section with too little data is refused separately. A
    ready study may be run again: the newest results are shown, earlier ones are kept.
    """
    version = expected_version(if_match, study_id)
    job_id = await actions.run_study(change, study_id, version)
    return await accepted(change, request, job_id)


@router.get("/{study_id}/sampling", responses=answers(SamplingRead, *_RESULTS))
async def get_study_sampling(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """The sample by county: children by sex and age, with a criterion, and as a share
    of the campaign's children.

    A table of a county is published whole or not at all: only if neither the table nor
    its difference from earlier published numbers of the county, by studies or by the
    campaign, discloses few children.
    """
    section = await queries.get_section(reading, study_id, Section.SAMPLING)
    return stored_answer(section, terms)


@router.get("/{study_id}/reliability", responses=answers(ReliabilityRead, *_RESULTS))
async def get_study_reliability(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """Alpha with its interval, omega, the standard error of measurement, test–retest ICC(2,1)."""
    section = await queries.get_section(reading, study_id, Section.RELIABILITY)
    return stored_answer(section, terms)


@router.get("/{study_id}/items", responses=answers(ItemsRead, *_RESULTS))
async def get_study_items(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """For each item: difficulty, correlation with the sum of the others, alpha without
    it, share of missing answers.
    """
    section = await queries.get_section(reading, study_id, Section.ITEMS)
    return stored_answer(section, terms)


@router.get("/{study_id}/criterion", responses=answers(CriterionRead, *_RESULTS))
async def get_study_criterion(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """All measures of the 2 × 2 table, the ROC curve, and predictive values at other prevalences.

    If only a part of the children was verified, naive and corrected figures are shown
    side by side.
    """
    section = await queries.get_section(reading, study_id, Section.CRITERION)
    return stored_answer(section, terms)


@router.get("/{study_id}/agreement", responses=answers(AgreementRead, *_RESULTS))
async def get_study_agreement(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """Kappa of outcome and band, ICC and limits of agreement: for a second screening,
    and for one by another informant.
    """
    section = await queries.get_section(reading, study_id, Section.AGREEMENT)
    return stored_answer(section, terms)


@router.get("/{study_id}/dif", responses=answers(DifRead, *_RESULTS))
async def get_study_dif(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """Differential item functioning by sex, age or informant, with classes of effect size."""
    section = await queries.get_section(reading, study_id, Section.DIF)
    return stored_answer(section, terms)


@router.get(
    "/{study_id}/plots/{plot}",
    responses=answers(dict, *_RESULTS, NotAcceptable, files=_PICTURES),
)
async def get_study_plot(
    caller: CanReadStudies,
    reading: ReplicaReading,
    request: Request,
    study_id: Id,
    plot: Plot,
    query: Annotated[PlotQuery, Query()],
) -> Answer:
    """ROC curve, item characteristics, Bland–Altman or ages, in the caller's language:
    Vega-Lite, SVG or PNG.
    """
    picture = chosen_picture(request.headers.get("accept", ""), query.format)
    if picture is None:
        raise NotAcceptable(available=[*PICTURES])
    # The document has all texts in both languages; here one of them is chosen
    # for every format.
    language = preferred_language(request.headers.get("accept-language", ""))
    document = in_language(await queries.get_plot(reading, study_id, plot), language)
    headers = {
        # Always revalidated: the next run makes another plot at the same URL.
        "cache-control": "no-cache",
        "vary": "accept, accept-language",
        "content-language": language,
    }
    if picture == "vega-lite":
        return Answer(json.dumps(document, ensure_ascii=False), headers=headers)
    return Chart(document, picture, headers)

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
    """Compute the study in the background, of the screenings as they are now.

    Refused when it has fewer children than its minimum, and when its sample differs by
    fewer than five children from what earlier studies of the same instrument version
    were of: together they would disclose these few. Neither refusal says how many there
    are. A section that its data cannot carry is refused by itself. A ready study may be
    run again: the newest results are shown, those before them are kept.
    """
    version = expected_version(if_match, study_id)
    job_id = await actions.run_study(change, study_id, version)
    return await accepted(change, request, job_id)


@router.get("/{study_id}/sampling", responses=answers(SamplingRead, *_RESULTS))
async def get_study_sampling(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """Of each county: children in the sample by sex and age, with a criterion, and as a
    share of the campaign's.

    A table of a county is published whole or not at all, and only where neither it nor
    its difference from what was published of the county before, by studies or by the
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
    """Of each item: difficulty, correlation with the sum of the others, alpha without
    it, what is missing.
    """
    section = await queries.get_section(reading, study_id, Section.ITEMS)
    return stored_answer(section, terms)


@router.get("/{study_id}/criterion", responses=answers(CriterionRead, *_RESULTS))
async def get_study_criterion(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """Sensitivity, specificity and all else of the 2 × 2 table, the ROC curve, other prevalences.

    Where only a part was verified, the naive figures and the corrected ones stand side
    by side.
    """
    section = await queries.get_section(reading, study_id, Section.CRITERION)
    return stored_answer(section, terms)


@router.get("/{study_id}/agreement", responses=answers(AgreementRead, *_RESULTS))
async def get_study_agreement(
    caller: CanReadStudies, reading: ReplicaReading, terms: Terms, study_id: Id
) -> Answer:
    """Kappa of outcome and band, ICC and limits of agreement: of a second screening,
    and of another informant's.
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
    # Words stand in the document, so that every form of it is of one language.
    language = preferred_language(request.headers.get("accept-language", ""))
    document = in_language(await queries.get_plot(reading, study_id, plot), language)
    headers = {
        # Asked for each time: the next run draws another one at the same address.
        "cache-control": "no-cache",
        "vary": "accept, accept-language",
        "content-language": language,
    }
    if picture == "vega-lite":
        return Answer(json.dumps(document, ensure_ascii=False), headers=headers)
    return Chart(document, picture, headers)

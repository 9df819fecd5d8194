"""/studies: their plan, their run, their results, their plots and their exports."""

import json
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.chassis import problems as general
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.imports import UPLOAD_REFUSALS, receive, upload
from services.chassis.jobs import JobRead, accepted
from services.chassis.listing import ListQuery, Page
from services.chassis.problems import answers
from services.chassis.refusals import preferred_language
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.screening.charts import Drawing
from services.screening.permissions import (
    CanEditStudies,
    CanExportStudies,
    CanReadStudies,
)
from services.screening.problems import (
    SampleTooClose,
    StudyExportNotFound,
    StudyNotFound,
    StudyNotReady,
    StudyTooSmall,
)
from services.screening.studies import actions, queries
from services.screening.studies import schemas as wire
from services.screening.studies.rules.kinds import (
    MEDIA_TYPES,
    PICTURES,
    ExportFile,
    Plot,
    Section,
    chosen_picture,
    in_language,
)

FILE_EXAMPLE = "subject_ref;outcome\n6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d;positive\n"
router = slice_router(prefix="/studies", tags=["studies"])
_CHANGE = (
    StudyNotFound,
    general.StateConflict,
    general.PreconditionRequired,
    general.VersionMismatch,
)
_REFUSED = (StudyTooSmall, SampleTooClose)
_RESULTS = (StudyNotFound, StudyNotReady, StudyTooSmall)
_PICTURES = {kind: {"schema": {"type": "string"}} for kind in PICTURES}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string"}}
            for kind in MEDIA_TYPES.values()
        }
    }
}


@router.get("", responses=answers(Page[wire.StudyRead]))
async def list_studies(
    caller: CanReadStudies,
    reading: Reading,
    terms: Terms,
    query: Annotated[wire.StudyList, Query()],
) -> Answer:
    """Validation studies, by instrument, campaign and state."""
    return await queries.list_studies(reading, terms, query)


@router.post(
    "",
    status_code=201,
    responses=answers(wire.StudyRead, general.UnknownReference, status=201),
)
async def create_study(
    caller: CanEditStudies, change: Change, new: wire.StudyCreate
) -> Answer:
    """Plan a study of one form and scale: which screenings, what they are compared with, how few are too few."""
    return await actions.create_study(change, caller, new)


@router.get("/{study_id}", responses=answers(wire.StudyRead, StudyNotFound))
async def get_study(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """One study and how it stands."""
    return await queries.get_study(reading, terms, study_id)


@router.patch(
    "/{study_id}", responses=answers(wire.StudyRead, *_CHANGE, general.UnknownReference)
)
async def amend_study(
    caller: CanEditStudies,
    change: Change,
    study_id: Id,
    patch: wire.StudyUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft by a merge patch. Once there are results, another question is another study."""
    return await actions.amend_study(change, caller, study_id, patch, if_match)


@router.post(
    "/{study_id}/run",
    status_code=202,
    responses=answers(JobRead, *_CHANGE, *_REFUSED, status=202),
)
async def run_study(
    caller: CanEditStudies,
    change: Change,
    request: Request,
    study_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Compute the study in the background, of the screenings as they are now.

    Refused when it has fewer children than its minimum, and when its sample differs by fewer than five children from
    what earlier studies of the same instrument version were of: together they would tell of these few. Neither refusal
    says how many there are. A section that its data cannot carry is refused by itself. A ready study may be run again:
    the newest results are shown, those before them are kept.
    """
    return await accepted(
        change, request, await actions.run_study(change, caller, study_id, if_match)
    )


@router.post(
    "/{study_id}/criterion-imports",
    status_code=202,
    responses=answers(
        JobRead, StudyNotFound, general.StateConflict, *UPLOAD_REFUSALS, status=202
    ),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_study_criterion(
    caller: CanEditStudies,
    change: Change,
    request: Request,
    study_id: Id,
    asked: Annotated[wire.StudyCriterionImport, Query()],
) -> Answer:
    """Send a file of `subject_ref` and `outcome` (positive, negative, undetermined): what the criterion says of whom.

    Good rows are taken, bad ones reported by line; a second run of the same file changes nothing.
    """
    await actions.require_criterion_wanted(change, study_id)
    parameters = {"study_id": str(study_id)}
    return await receive(
        request,
        change,
        caller,
        actions.CRITERIA,
        dry_run=asked.dry_run,
        parameters=parameters,
    )


@router.get("/{study_id}/sampling", responses=answers(wire.SamplingRead, *_RESULTS))
async def get_study_sampling(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """Of each county: children in the sample by sex and age, with a criterion, and as a share of the campaign's.

    A table of a county is told whole or not at all, and only where neither it nor its difference from what was told of
    the county before, by studies or by the campaign, tells of few.
    """
    return await queries.get_section(reading, terms, study_id, Section.SAMPLING)


@router.get(
    "/{study_id}/reliability", responses=answers(wire.ReliabilityRead, *_RESULTS)
)
async def get_study_reliability(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """Alpha with its interval, omega, the standard error of measurement, test–retest ICC(2,1)."""
    return await queries.get_section(reading, terms, study_id, Section.RELIABILITY)


@router.get("/{study_id}/items", responses=answers(wire.ItemsRead, *_RESULTS))
async def get_study_items(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """Of each item: difficulty, correlation with the sum of the others, alpha without it, what is missing."""
    return await queries.get_section(reading, terms, study_id, Section.ITEMS)


@router.get("/{study_id}/criterion", responses=answers(wire.CriterionRead, *_RESULTS))
async def get_study_criterion(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """Sensitivity, specificity and all else of the 2 × 2 table, the ROC curve, other prevalences.

    Where only a part was verified, the naive figures and the corrected ones stand side by side.
    """
    return await queries.get_section(reading, terms, study_id, Section.CRITERION)


@router.get("/{study_id}/agreement", responses=answers(wire.AgreementRead, *_RESULTS))
async def get_study_agreement(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """Kappa of outcome and band, ICC and limits of agreement: a second time, and another informant."""
    return await queries.get_section(reading, terms, study_id, Section.AGREEMENT)


@router.get("/{study_id}/dif", responses=answers(wire.DifRead, *_RESULTS))
async def get_study_dif(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """Differential item functioning by sex, age or informant, with classes of effect size."""
    return await queries.get_section(reading, terms, study_id, Section.DIF)


@router.get(
    "/{study_id}/plots/{plot}",
    responses=answers(dict, *_RESULTS, general.NotAcceptable, files=_PICTURES),
)
async def get_study_plot(
    caller: CanReadStudies,
    reading: Reading,
    request: Request,
    study_id: Id,
    plot: Plot,
    query: Annotated[wire.PlotQuery, Query()],
) -> Answer:
    """ROC curve, item characteristics, Bland–Altman or ages, in the caller's language: Vega-Lite, SVG or PNG."""
    wanted = chosen_picture(request.headers.get("accept", ""), query.format)
    if wanted is None:
        raise general.NotAcceptable(available=[*PICTURES])
    language = preferred_language(request.headers.get("accept-language", ""))
    document = in_language(await queries.get_plot(reading, study_id, plot), language)
    headers = {
        "cache-control": "no-cache",
        "vary": "accept, accept-language",
        "content-language": language,
    }
    if wanted == "vega-lite":
        return Answer(json.dumps(document, ensure_ascii=False), headers=headers)
    return Drawing(document, wanted, headers)


@router.post(
    "/{study_id}/exports",
    status_code=202,
    responses=answers(JobRead, StudyNotFound, general.StateConflict, status=202),
)
async def export_study(
    caller: CanExportStudies,
    change: Change,
    request: Request,
    study_id: Id,
    asked: wire.StudyExportCreate,
) -> Answer:
    """Make the data of a ready study into files: CSV, a codebook, SPSS with labels.

    Children have numbers of this export alone; ages are in months; there are no references, days, institutions or free
    texts, and no county of few children.
    """
    return await accepted(
        change, request, await actions.export_study(change, caller, study_id, asked)
    )


@router.get(
    "/{study_id}/exports", responses=answers(Page[wire.StudyExportRead], StudyNotFound)
)
async def list_study_exports(
    caller: CanExportStudies,
    reading: Reading,
    terms: Terms,
    study_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The exports of a study, the newest first, with the addresses of their files."""
    return await queries.list_exports(reading, terms, study_id, query)


@router.get(
    "/{study_id}/exports/{export_id}/{file}",
    responses=_FILE | general.problems(StudyExportNotFound),
)
async def get_study_file(
    caller: CanExportStudies,
    change: Change,
    study_id: Id,
    export_id: Id,
    file: ExportFile,
) -> Response:
    """A file of an export. Every reading is recorded."""
    content = await actions.read_export_file(change, caller, study_id, export_id, file)
    headers = {
        "content-disposition": f'attachment; filename="{file.value}"',
        "cache-control": "no-store",
    }
    return Response(content, media_type=MEDIA_TYPES[file], headers=headers)

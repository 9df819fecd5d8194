"""/studies: their plans."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.screening.demands import CanEditStudies, CanReadStudies
from services.screening.problems import StudyNotFound
from services.screening.studies import actions, queries
from services.screening.studies.schemas import (
    StudyCreate,
    StudyList,
    StudyRead,
    StudyUpdate,
)

router = slice_router(prefix="/studies", tags=["studies"])
_CHANGE = (StudyNotFound, StateConflict, PreconditionRequired, VersionMismatch)


@router.get("", responses=answers(Page[StudyRead]))
async def list_studies(
    caller: CanReadStudies,
    reading: Reading,
    terms: Terms,
    query: Annotated[StudyList, Query()],
) -> Answer:
    """Validation studies, by instrument, campaign and state."""
    return page_answer(await queries.list_studies(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(StudyRead, UnknownReference, status=201),
)
async def create_study(
    caller: CanEditStudies, change: Change, new: StudyCreate
) -> Answer:
    """Plan a study of one form and scale: screenings, criterion and the smallest sample."""
    study = await actions.create_study(change, new)
    return created_answer(study, f"/v1/screening/studies/{study.key}")


@router.get("/{study_id}", responses=answers(StudyRead, StudyNotFound))
async def get_study(
    caller: CanReadStudies, reading: Reading, terms: Terms, study_id: Id
) -> Answer:
    """One study and its state."""
    study, is_running = await queries.get_study(reading, study_id)
    # No 304 while it runs: the state can change without a new version.
    return stored_answer(study, None if is_running else terms)


@router.patch("/{study_id}", responses=answers(StudyRead, *_CHANGE, UnknownReference))
async def amend_study(
    caller: CanEditStudies,
    change: Change,
    study_id: Id,
    patch: StudyUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft by a merge patch.

    A study with results cannot be changed: another question needs another study.
    """
    version = expected_version(if_match, study_id)
    study, _ = await actions.amend_study(change, study_id, patch, version)
    return stored_answer(study)

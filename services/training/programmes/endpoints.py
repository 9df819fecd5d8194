"""/programmes."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import PreconditionRequired, VersionMismatch
from services.chassis.ground.responses import answers
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
from services.training.demands import CanEditProgrammes, CanReadProgrammes
from services.training.problems import (
    TrainingProgrammeAlreadyKnown,
    TrainingProgrammeNotFound,
)
from services.training.programmes import actions, queries
from services.training.programmes.schemas import (
    ProgrammeCode,
    TrainingProgrammeCreate,
    TrainingProgrammeList,
    TrainingProgrammeRead,
    TrainingProgrammeUpdate,
)

router = slice_router(prefix="/programmes", tags=["programmes"])


# Operations have `training` in their names: the registry has programmes, too, and
# operation ids are unique in the platform.
@router.get("", responses=answers(Page[TrainingProgrammeRead]))
async def list_training_programmes(
    caller: CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    query: Annotated[TrainingProgrammeList, Query()],
) -> Answer:
    """The programmes of training."""
    return page_answer(await queries.list_programmes(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(TrainingProgrammeRead, TrainingProgrammeAlreadyKnown, status=201),
)
async def create_training_programme(
    caller: CanEditProgrammes, change: Change, new: TrainingProgrammeCreate
) -> Answer:
    """Create a programme: client, contractor, enrolment rule and days.

    Its content is in versions.
    """
    programme = await actions.create_programme(change, new)
    return created_answer(programme, f"/v1/training/programmes/{new.code}")


@router.get(
    "/{code}", responses=answers(TrainingProgrammeRead, TrainingProgrammeNotFound)
)
async def get_training_programme(
    caller: CanReadProgrammes, reading: Reading, terms: Terms, code: ProgrammeCode
) -> Answer:
    """One programme."""
    return stored_answer(await queries.get_programme(reading, code), terms)


@router.patch(
    "/{code}",
    responses=answers(
        TrainingProgrammeRead,
        TrainingProgrammeNotFound,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_training_programme(
    caller: CanEditProgrammes,
    change: Change,
    code: ProgrammeCode,
    patch: TrainingProgrammeUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a programme by a merge patch. Code and enrolment rule stay."""
    # The ETag has the id, and the address the code.
    programme_id = await queries.get_programme_id(change, code)
    version = expected_version(if_match, programme_id)
    return stored_answer(await actions.amend_programme(change, code, patch, version))

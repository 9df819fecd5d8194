"""/programmes/{code}/versions."""

from typing import Annotated

from fastapi import Query

from services.chassis.data.work import Reading as ReadingUnit
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
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
    MixedModule,
    ProgrammeVersionIncomplete,
    ProgrammeVersionNotFound,
    TrainingProgrammeNotFound,
)
from services.training.programme_versions import actions, queries
from services.training.programme_versions.schemas import (
    ProgrammeVersionCreate,
    ProgrammeVersionEntry,
    ProgrammeVersionList,
    ProgrammeVersionRead,
    VersionNumber,
)
from services.training.programmes.schemas import ProgrammeCode

router = slice_router(prefix="/programmes/{code}/versions", tags=["programmes"])
_CHANGE = (
    TrainingProgrammeNotFound,
    ProgrammeVersionNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "", responses=answers(Page[ProgrammeVersionEntry], TrainingProgrammeNotFound)
)
async def list_programme_versions(
    caller: CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    code: ProgrammeCode,
    query: Annotated[ProgrammeVersionList, Query()],
) -> Answer:
    """The versions of a programme, the newest first, with counts of their content."""
    page = await queries.list_versions(reading, terms, code, query)
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ProgrammeVersionRead, TrainingProgrammeNotFound, MixedModule, status=201
    ),
)
async def draft_programme_version(
    caller: CanEditProgrammes,
    change: Change,
    code: ProgrammeCode,
    content: ProgrammeVersionCreate,
) -> Answer:
    """Begin the next version of a programme, as a draft with this content.

    Content for the test alone has to be in separate modules: a module that mixes it
    with reusable content is refused, with the module's number.
    """
    draft = await actions.draft_version(change, code, content)
    # The address has the number, which people quote, and not the id.
    path = f"/v1/training/programmes/{code}/versions/{draft.number}"
    return created_answer(draft.stored, path)


@router.get(
    "/{number}", responses=answers(ProgrammeVersionRead, ProgrammeVersionNotFound)
)
async def get_programme_version(
    caller: CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    code: ProgrammeCode,
    number: VersionNumber,
) -> Answer:
    """One version with its modules, topics and learning outcomes."""
    return stored_answer(await queries.get_version(reading, code, number), terms)


async def _expected_version(
    reading: ReadingUnit, code: str, number: int, if_match: str | None
) -> int:
    """The record version in If-Match, whose ETag has the id and not the number."""
    version_id = await queries.get_version_id(reading, code, number)
    return expected_version(if_match, version_id)


@router.put("/{number}", responses=answers(ProgrammeVersionRead, *_CHANGE, MixedModule))
# PUT and no patch: topics move between modules, and codes are checked over all.
async def replace_programme_version(
    caller: CanEditProgrammes,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
    content: ProgrammeVersionCreate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Replace the content of a draft. Modules and topics are identified by code."""
    version = await _expected_version(change, code, number, if_match)
    return stored_answer(
        await actions.replace_version(change, code, number, content, version)
    )


@router.post(
    "/{number}/copy",
    # Without If-Match: the copied version does not change.
    status_code=201,
    responses=answers(
        ProgrammeVersionRead,
        TrainingProgrammeNotFound,
        ProgrammeVersionNotFound,
        status=201,
    ),
)
async def copy_programme_version(
    caller: CanEditProgrammes,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
) -> Answer:
    """Begin the next version of a programme as a copy of this one, in any state."""
    draft = await actions.copy_version(change, code, number)
    path = f"/v1/training/programmes/{code}/versions/{draft.number}"
    return created_answer(draft.stored, path)


@router.post(
    "/{number}/propose",
    responses=answers(ProgrammeVersionRead, *_CHANGE, ProgrammeVersionIncomplete),
)
async def propose_programme_version(
    caller: CanEditProgrammes,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
    if_match: IfMatch = None,
) -> Answer:
    """Propose a draft to client, contractor and reviewers; it can no longer be changed.

    It needs modules, each with topics. Recommendations go into the next version.
    """
    version = await _expected_version(change, code, number, if_match)
    return stored_answer(
        await actions.propose_version(change, code, number, version, clock.now())
    )


@router.post("/{number}/retire", responses=answers(ProgrammeVersionRead, *_CHANGE))
async def retire_programme_version(
    caller: CanEditProgrammes,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
    if_match: IfMatch = None,
) -> Answer:
    """Retire a version: no new groups may follow it. Its groups and materials stay."""
    version = await _expected_version(change, code, number, if_match)
    return stored_answer(
        await actions.retire_version(change, code, number, version, clock.now())
    )

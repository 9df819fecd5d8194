"""/programmes."""

from typing import Annotated

from fastapi import Path, Query

from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditProgrammes, CanReadProgrammes
from services.registry.problems import ProgrammeAlreadyKnown, ProgrammeNotFound
from services.registry.programmes import actions, queries
from services.registry.programmes.schemas import (
    ProgrammeCreate,
    ProgrammeRead,
    ProgrammeUpdate,
)

router = slice_router(prefix="/programmes", tags=["programmes"])
Code = Annotated[Line, Path(pattern=r"^[A-Z][A-Z0-9-]{1,31}$", examples=["MWM"])]


@router.get("", responses=answers(Page[ProgrammeRead]))
async def list_programmes(
    caller: CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The programmes whose sites are in this registry."""
    return page_answer(await queries.list_programmes(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ProgrammeRead,
        OutsideScope,
        ProgrammeAlreadyKnown,
        UnknownReference,
        status=201,
    ),
)
async def create_programme(
    caller: CanEditProgrammes, change: Change, new: ProgrammeCreate
) -> Answer:
    """Set up a programme: the level of its sites, the process that they go through,
    and their needs.
    """
    programme = await actions.create_programme(change, new)
    return created_answer(programme, f"/v1/registry/programmes/{new.code}")


@router.get("/{code}", responses=answers(ProgrammeRead, ProgrammeNotFound))
async def get_programme(
    caller: CanReadProgrammes, reading: Reading, terms: Terms, code: Code
) -> Answer:
    """One programme."""
    return stored_answer(await queries.get_programme(reading, code), terms)


@router.patch(
    "/{code}",
    responses=answers(
        ProgrammeRead,
        ProgrammeNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_programme(
    caller: CanEditProgrammes,
    change: Change,
    code: Code,
    patch: ProgrammeUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a programme by a merge patch. Level, process and spheres apply to all its
    sites and cannot be changed.
    """
    version = expected_version(if_match, code.lower())
    return stored_answer(await actions.amend_programme(change, code, patch, version))

"""/local-programmes."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditLocalProgrammes, CanReadLocalProgrammes
from services.registry.local_programmes import actions, queries
from services.registry.local_programmes.schemas import (
    LocalProgrammeCreate,
    LocalProgrammeList,
    LocalProgrammeRead,
    LocalProgrammeUpdate,
)
from services.registry.problems import InstitutionClosed, LocalProgrammeNotFound

router = slice_router(prefix="/local-programmes", tags=["resources"])


@router.get(
    "",
    responses=answers(
        Page[LocalProgrammeRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_local_programmes(
    caller: CanReadLocalProgrammes,
    reading: Reading,
    request: Request,
    query: Annotated[LocalProgrammeList, Query()],
) -> Response:
    """Programmes of local authorities and organisations, with their dates and money."""
    listed = queries.list_local_programmes(query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        LocalProgrammeRead,
        OutsideScope,
        UnknownReference,
        InstitutionClosed,
        status=201,
    ),
)
async def create_local_programme(
    caller: CanEditLocalProgrammes, change: Change, new: LocalProgrammeCreate
) -> Answer:
    """Record a programme of a local authority or of an organisation in a county."""
    programme = await actions.create_local_programme(change, new)
    return created_answer(programme, f"/v1/registry/local-programmes/{programme.key}")


@router.get(
    "/{programme_id}", responses=answers(LocalProgrammeRead, LocalProgrammeNotFound)
)
async def get_local_programme(
    caller: CanReadLocalProgrammes, reading: Reading, programme_id: Id
) -> Answer:
    """One programme of a county."""
    programme = await queries.get_local_programme(reading, programme_id)
    # No 304: the answer has the institution's name, which may change without
    # a new version.
    return stored_answer(programme)


@router.patch(
    "/{programme_id}",
    responses=answers(
        LocalProgrammeRead,
        LocalProgrammeNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_local_programme(
    caller: CanEditLocalProgrammes,
    change: Change,
    programme_id: Id,
    patch: LocalProgrammeUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a programme by a merge patch, also one that has ended."""
    version = expected_version(if_match, programme_id)
    programme = await actions.amend_local_programme(
        change, programme_id, patch, version
    )
    return stored_answer(programme)

"""/bodies."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
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
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.bodies import actions, queries
from services.registry.bodies.schemas import (
    BodyCreate,
    BodyDissolve,
    BodyList,
    BodyRead,
    BodyUpdate,
)
from services.registry.demands import CanEditBodies, CanReadBodies
from services.registry.problems import BodyAlreadyFounded, BodyDissolved, BodyNotFound

router = slice_router(prefix="/bodies", tags=["bodies"])


@router.get(
    "",
    responses=answers(
        Page[BodyRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_bodies(
    caller: CanReadBodies,
    reading: Reading,
    request: Request,
    query: Annotated[BodyList, Query()],
) -> Response:
    """Teams and platforms of cooperation, the present and the dissolved ones."""
    return await list_answer(request, reading, query, queries.list_bodies(query))


@router.post(
    "",
    status_code=201,
    responses=answers(
        BodyRead, OutsideScope, UnknownReference, BodyAlreadyFounded, status=201
    ),
)
async def found_body(caller: CanEditBodies, change: Change, new: BodyCreate) -> Answer:
    """Found a body. Only one body of a kind is open at a time in its commune, county
    or voivodeship.

    A regional platform belongs to no county: a caller who founds or changes it must
    reach every county.
    """
    body = await actions.found_body(change, new, clock.today())
    return created_answer(body, f"/v1/registry/bodies/{body.key}")


@router.get("/{body_id}", responses=answers(BodyRead, BodyNotFound))
async def get_body(
    caller: CanReadBodies, reading: Reading, terms: Terms, body_id: Id
) -> Answer:
    """One body, with the state of its formation."""
    return stored_answer(await queries.get_body(reading, body_id), terms)


@router.patch(
    "/{body_id}",
    responses=answers(
        BodyRead,
        BodyNotFound,
        OutsideScope,
        BodyDissolved,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_body(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    patch: BodyUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a body's name, or the pillars that it joins, by a merge patch."""
    version = expected_version(if_match, body_id)
    return stored_answer(await actions.amend_body(change, body_id, patch, version))


@router.post(
    "/{body_id}/dissolve",
    responses=answers(
        BodyRead,
        BodyNotFound,
        OutsideScope,
        BodyDissolved,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def dissolve_body(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    end: BodyDissolve,
    if_match: IfMatch = None,
) -> Answer:
    """Dissolve a body.

    Its members leave, as do those it delegated to other bodies; planned meetings are cancelled.
    """
    version = expected_version(if_match, body_id)
    body = await actions.dissolve_body(change, body_id, end, version, clock.today())
    return stored_answer(body)

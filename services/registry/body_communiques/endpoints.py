"""/bodies/{body_id}/communiques."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import OutsideScope
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
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.body_communiques import actions, queries
from services.registry.body_communiques.schemas import (
    CommuniqueCreate,
    CommuniqueList,
    CommuniqueRead,
)
from services.registry.demands import CanEditBodies, CanReadBodies
from services.registry.problems import BodyDissolved, BodyNotFound, CommuniqueNotFound

router = slice_router(prefix="/bodies/{body_id}/communiques", tags=["bodies"])


@router.get("", responses=answers(Page[CommuniqueRead], BodyNotFound))
async def list_communiques(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    query: Annotated[CommuniqueList, Query()],
) -> Answer:
    """The communiqués of a body, the latest first."""
    communiques = await queries.list_communiques(reading, terms, body_id, query)
    return page_answer(communiques, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        CommuniqueRead, BodyNotFound, OutsideScope, BodyDissolved, status=201
    ),
)
async def issue_communique(
    caller: CanEditBodies, change: Change, body_id: Id, new: CommuniqueCreate
) -> Answer:
    """Issue a communiqué with guidance. It cannot be changed afterwards."""
    communique = await actions.issue_communique(change, body_id, new, clock.today())
    path = f"/v1/registry/bodies/{body_id}/communiques/{communique.key}"
    return created_answer(communique, path)


@router.get("/{communique_id}", responses=answers(CommuniqueRead, CommuniqueNotFound))
async def get_communique(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    communique_id: Id,
) -> Answer:
    """One communiqué with its guidance."""
    communique = await queries.get_communique(reading, body_id, communique_id)
    return stored_answer(communique, terms)

"""/bodies/{body_id}/composition and /body-compositions."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Date, Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading
from services.registry.body_compositions import queries
from services.registry.body_compositions.schemas import (
    CompositionList,
    CompositionRead,
    CompositionsRead,
)
from services.registry.demands import CanReadBodies
from services.registry.problems import BodyNotFound

router = slice_router(tags=["bodies"])


@router.get(
    "/bodies/{body_id}/composition", responses=answers(CompositionRead, BodyNotFound)
)
async def get_composition(
    caller: CanReadBodies,
    reading: Reading,
    body_id: Id,
    as_of: Annotated[
        Date | None, Query(description="on that day; today when absent")
    ] = None,
) -> Answer:
    """How the groups of the body's rule are represented: how many are missing or too many."""
    day = as_of or clock.today()
    composition = await queries.get_composition(reading, body_id, day)
    # No ETag: members come and go, and with them the composition, while the body keeps
    # its version.
    headers = {"cache-control": "no-cache"}
    return Answer(composition.model_dump_json(), headers=headers)


@router.get("/body-compositions", responses=answers(CompositionsRead))
async def list_compositions(
    caller: CanReadBodies,
    reading: Reading,
    query: Annotated[CompositionList, Query()],
) -> Answer:
    """The composition of every body of a kind that exists on a day, by name."""
    items = await queries.list_compositions(reading, query, clock.today())
    headers = {"cache-control": "no-cache"}
    return Answer(CompositionsRead(items=items).model_dump_json(), headers=headers)

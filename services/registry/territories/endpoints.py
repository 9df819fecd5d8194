"""/voivodeships, /counties and /communes."""

from typing import Annotated

from fastapi import Path, Query

from services.chassis.ground.problems import AmbiguousReference, UnknownReference
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.listing import Page
from services.chassis.web.units import Reading
from services.registry.demands import CanReadTerritories
from services.registry.problems import CommuneNotFound, CountyNotFound
from services.registry.territories import queries
from services.registry.territories.schemas import (
    CommuneList,
    CommuneRead,
    CountyList,
    CountyRead,
    UnitList,
    VoivodeshipRead,
)

router = slice_router(tags=["territories"])


@router.get("/voivodeships", responses=answers(Page[VoivodeshipRead]))
async def list_voivodeships(
    caller: CanReadTerritories,
    reading: Reading,
    terms: Terms,
    query: Annotated[UnitList, Query()],
) -> Answer:
    """The sixteen voivodeships by their TERC codes."""
    return page_answer(await queries.list_voivodeships(reading, terms, query), terms)


@router.get("/counties", responses=answers(Page[CountyRead]))
async def list_counties(
    caller: CanReadTerritories,
    reading: Reading,
    terms: Terms,
    query: Annotated[CountyList, Query()],
) -> Answer:
    """Counties and cities with county rights.

    Ten county names repeat: a search by name returns every county of that name.
    """
    return page_answer(await queries.list_counties(reading, terms, query), terms)


@router.get(
    "/counties/{terc}",
    responses=answers(CountyRead, CountyNotFound, AmbiguousReference, UnknownReference),
)
async def get_county(
    caller: CanReadTerritories,
    reading: Reading,
    terms: Terms,
    # Without the pattern of a code: the error for a name lists the
    # counties of that name.
    terc: Annotated[Line, Path(max_length=60, examples=["2469"])],
) -> Answer:
    """One county by its four-digit code. A name is refused: as ambiguous, with the
    codes, if several counties have it.
    """
    return stored_answer(await queries.get_county(reading, terc), terms)


@router.get("/communes", responses=answers(Page[CommuneRead]))
async def list_communes(
    caller: CanReadTerritories,
    reading: Reading,
    terms: Terms,
    query: Annotated[CommuneList, Query()],
) -> Answer:
    """Communes.

    Towns and rural areas inside a commune, districts and delegacies are listed only when their kind is asked for.
    """
    return page_answer(await queries.list_communes(reading, terms, query), terms)


@router.get("/communes/{terc}", responses=answers(CommuneRead, CommuneNotFound))
async def get_commune(
    caller: CanReadTerritories,
    reading: Reading,
    terms: Terms,
    terc: Annotated[Line, Path(pattern=r"^[0-9]{7}$", examples=["2469011"])],
) -> Answer:
    """One commune, or part of one, by its seven-digit code."""
    return stored_answer(await queries.get_commune(reading, terc), terms)

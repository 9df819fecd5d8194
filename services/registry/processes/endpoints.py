"""/processes: the catalogue. Runs are found under their site or body."""

from typing import Annotated

from fastapi import Path, Query

from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Reading
from services.registry.demands import CanReadProcesses
from services.registry.problems import ProcessNotFound
from services.registry.processes import queries
from services.registry.processes.schemas import ProcessRead

router = slice_router(prefix="/processes", tags=["processes"])


@router.get("", responses=answers(Page[ProcessRead]))
async def list_processes(
    caller: CanReadProcesses,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The processes that sites and bodies go through, each with its steps in order."""
    return page_answer(await queries.list_processes(reading, terms, query), terms)


@router.get("/{code}", responses=answers(ProcessRead, ProcessNotFound))
async def get_process(
    caller: CanReadProcesses,
    reading: Reading,
    terms: Terms,
    code: Annotated[
        Line, Path(pattern=r"^[a-z][a-z_]{0,63}$", examples=["change_process"])
    ],
) -> Answer:
    """One process with its steps in order."""
    return stored_answer(await queries.get_process(reading, code), terms)

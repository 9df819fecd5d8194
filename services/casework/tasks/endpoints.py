"""/tasks."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanReadTasks
from services.casework.reads import Category, Look, read_page
from services.casework.tasks.queries import list_tasks as listed_tasks
from services.casework.tasks.schemas import TaskList, TaskRead
from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited

_LOOK = Look("list_tasks", "tasks", Category.CASE)
router = slice_router(prefix="/tasks", tags=["tasks"])


@router.get("", responses=answers(Page[TaskRead]))
async def list_tasks(
    caller: CanReadTasks,
    reading: Audited,
    terms: Terms,
    query: Annotated[TaskList, Query()],
) -> Answer:
    """What is overdue and what is due soon, the longest overdue first, computed from
    states and days at this moment.

    Coordinators see everything of their counties, so that nothing overdue is invisible;
    `is_mine` says what they answer
    for themselves. Somebody in a team sees what is theirs to do there, a guardian what
    is due for their child, and the
    people of an institution the referrals that wait for it.
    """
    # Audited: no title names anybody, but the ids of children stand beside them.
    listed = await listed_tasks(reading, query, clock.today())
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)

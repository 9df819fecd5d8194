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
    """Overdue tasks and tasks due soon, the longest overdue first, computed from the
    present states and days.

    Coordinators see all tasks of their counties, so that nothing overdue is hidden;
    `is_mine` marks their own. Members of a team see their own tasks, guardians those of
    their child, and people of an institution the referrals that wait for it.
    """
    # Audited: titles contain no names, but the ids of children are beside them.
    listed = await listed_tasks(reading, query, clock.today())
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)

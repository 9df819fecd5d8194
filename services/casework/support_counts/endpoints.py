"""/support-events/counts."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanReadSupportEvents
from services.casework.support_counts import queries
from services.casework.support_counts.schemas import CountsQuery, CountsRead
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading

router = slice_router(prefix="/support-events", tags=["support-events"])


@router.get("/counts", responses=answers(CountsRead))
async def count_support_events(
    caller: CanReadSupportEvents,
    reading: Reading,
    query: Annotated[CountsQuery, Query()],
) -> Answer:
    """Forms and beneficiaries of the support within the caller's reach, as the
    education information system counts
    them: every meeting is a form, and who comes again is one beneficiary still.
    """
    # Neither audited nor suppressed: it counts what the caller may read one by one.
    counts = await queries.get_counts(reading, query)
    return Answer(counts.model_dump_json())

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
    """Forms and beneficiaries of the support within the caller's reach, by the
    definitions of the education information system: every meeting is one form, and a
    person who comes several times is one beneficiary.
    """
    # Neither audited nor suppressed: the caller may read every counted row anyway.
    counts = await queries.get_counts(reading, query)
    return Answer(counts.model_dump_json())

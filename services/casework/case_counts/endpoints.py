"""/cases/counts."""

from services.casework.case_counts import queries
from services.casework.case_counts.schemas import CaseCountsRead
from services.casework.demands import CanReadMonitoringReports
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import ReplicaReading

router = slice_router(prefix="/cases", tags=["cases"])


@router.get("/counts", responses=answers(CaseCountsRead))
async def count_cases(
    caller: CanReadMonitoringReports, reading: ReplicaReading
) -> Answer:
    """How many cases there are within the caller's reach, and how far they have come.
    It needs no permission to read single cases.

    The total is null below the disclosure limit, unless it is 0. A part is null where
    it or its remainder is below the limit, unless all cases are in it.
    """
    # Without filters: the difference of two answers would reveal a single case.
    counts = await queries.count_cases(reading)
    return Answer(counts.model_dump_json())

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
    """How many cases there are within the caller's reach, and how far they have come: a
    total for who reads no single case.

    A number that would point to one of a few cases is null, and so is a part whose
    rest would.
    """
    # Without filters: two answers that differ by a day would tell of a single case.
    counts = await queries.count_cases(reading)
    return Answer(counts.model_dump_json())

"""/programmes/{code}/versions/{number}/comparison."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading
from services.training.demands import CanReadProgrammes
from services.training.problems import ProgrammeVersionNotFound
from services.training.programme_versions.schemas import VersionNumber
from services.training.programmes.schemas import ProgrammeCode
from services.training.version_comparisons import queries
from services.training.version_comparisons.schemas import (
    VersionComparisonQuery,
    VersionComparisonRead,
)

router = slice_router(prefix="/programmes/{code}/versions", tags=["programmes"])


@router.get(
    "/{number}/comparison",
    responses=answers(VersionComparisonRead, ProgrammeVersionNotFound),
)
async def compare_programme_versions(
    caller: CanReadProgrammes,
    reading: Reading,
    code: ProgrammeCode,
    number: VersionNumber,
    query: Annotated[VersionComparisonQuery, Query()],
) -> Answer:
    """What was added, removed, changed and moved since another version, in sentences.

    Modules, topics and outcomes are known by their codes, wherever they stand.
    """
    since = query.since or number - 1
    if not since:
        # The first version has none before it that could be meant.
        raise ValidationFailed(FieldError("parameter", "since", "missing"))
    # Without an ETag: two versions decide what is answered.
    comparison = await queries.get_comparison(reading, code, since, number)
    return Answer(comparison.model_dump_json())

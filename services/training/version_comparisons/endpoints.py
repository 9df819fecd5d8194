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
    """Everything added, removed, changed and moved since another version, as sentences.

    Modules, topics and outcomes are identified by their codes, at any place.
    """
    since = query.since or number - 1
    if not since:
        # The first version has no earlier one as a default.
        raise ValidationFailed(FieldError("parameter", "since", "missing"))
    # Without an ETag: the answer depends on two versions.
    comparison = await queries.get_comparison(reading, code, since, number)
    return Answer(comparison.model_dump_json())

"""/programmes/{code}/composition."""

from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Code
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited
from services.training.compositions import actions
from services.training.compositions.schemas import CompositionRead
from services.training.demands import CanReadGroups
from services.training.problems import TrainingProgrammeNotFound

router = slice_router(prefix="/programmes/{code}", tags=["programmes"])


@router.get(
    "/composition", responses=answers(CompositionRead, TrainingProgrammeNotFound)
)
async def get_programme_composition(
    caller: CanReadGroups, reading: Audited, code: Code
) -> Answer:
    """Whether a programme has as many people as planned.

    Which groups, locations and teams are complete, and what the others lack.
    """
    composition = await actions.count_composition(reading, code)
    # Without an ETag: counts over several tables have no version.
    return Answer(composition.model_dump_json())

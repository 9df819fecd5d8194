"""/groups/{id}/certificate-readiness."""

from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited
from services.training.certificate_readiness import actions
from services.training.certificate_readiness.schemas import GroupReadinessRead
from services.training.demands import CanIssueCertificates
from services.training.problems import GroupNotFound

router = slice_router(prefix="", tags=["certificates"])


@router.get(
    "/groups/{group_id}/certificate-readiness",
    responses=answers(GroupReadinessRead, GroupNotFound),
)
async def get_certificate_readiness(
    caller: CanIssueCertificates, reading: Audited, group_id: Id
) -> Answer:
    """What everybody of a group has for a certificate.

    Which minutes, modules and outcomes are missing.
    """
    # Of those who may issue alone: a trainee sees what the own certificate says.
    found = await actions.read_readiness(reading, group_id)
    return Answer(found.model_dump_json())

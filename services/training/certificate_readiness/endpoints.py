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
    """What everybody in a group has for a certificate, and which minutes, modules and
    outcomes are missing.
    """
    # For issuers alone: trainees read their own certificates.
    readiness = await actions.read_readiness(reading, group_id)
    return Answer(readiness.model_dump_json())

"""/programmes/{code}/versions/{number}/agree."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.training.demands import CanAgree
from services.training.problems import (
    ProgrammeVersionNotFound,
    ProgrammeVersionSuperseded,
    ReviewIncomplete,
    SamePersonAgreed,
    SideNotRepresented,
    TrainingProgrammeNotFound,
)
from services.training.programme_agreements import actions
from services.training.programme_agreements.schemas import VersionAgree
from services.training.programme_versions.queries import get_version_id
from services.training.programme_versions.schemas import (
    ProgrammeVersionRead,
    VersionNumber,
)
from services.training.programmes.schemas import ProgrammeCode

router = slice_router(prefix="/programmes/{code}/versions", tags=["programmes"])
_AGREED = answers(
    ProgrammeVersionRead,
    TrainingProgrammeNotFound,
    ProgrammeVersionNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
    SideNotRepresented,
    SamePersonAgreed,
    ReviewIncomplete,
    ProgrammeVersionSuperseded,
)


@router.post("/{number}/agree", responses=_AGREED)
async def agree_programme_version(
    caller: CanAgree,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
    agreement: VersionAgree,
    # Agreeing needs the version that was read: without it the answer is 428.
    if_match: IfMatch = None,
) -> Answer:
    """Agree to a proposed version for the client or for the contractor.

    Each side has its own permission, and the two sides are two people. Once both have
    agreed, new groups follow this version.
    """
    version = expected_version(if_match, await get_version_id(change, code, number))
    agreed = actions.agree_to_version(
        change, (code, number), version, agreement.side, clock.now()
    )
    return stored_answer(await agreed)

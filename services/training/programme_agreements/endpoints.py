"""/programmes/{code}/versions/{number}/agree-for-client and /agree-for-contractor."""

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
from services.training.demands import CanAgreeForClient, CanAgreeForContractor
from services.training.problems import (
    ProgrammeVersionNotFound,
    ProgrammeVersionSuperseded,
    ReviewIncomplete,
    SamePersonAgreed,
    TrainingProgrammeNotFound,
)
from services.training.programme_agreements import actions
from services.training.programme_versions.queries import get_version_id
from services.training.programme_versions.rules.states import Side
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
    SamePersonAgreed,
    ReviewIncomplete,
    ProgrammeVersionSuperseded,
)


# An address for each side, because each agrees by a permission of its own.
@router.post("/{number}/agree-for-client", responses=_AGREED)
async def agree_programme_version_for_client(
    caller: CanAgreeForClient,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
    if_match: IfMatch = None,
) -> Answer:
    """Agree to a proposed version for the client.

    With the contractor's agreement, by another person, groups follow this version.
    """
    version = expected_version(if_match, await get_version_id(change, code, number))
    agreed = actions.agree_to_version(
        change, (code, number), version, Side.CLIENT, clock.now()
    )
    return stored_answer(await agreed)


@router.post("/{number}/agree-for-contractor", responses=_AGREED)
async def agree_programme_version_for_contractor(
    caller: CanAgreeForContractor,
    change: Change,
    code: ProgrammeCode,
    number: VersionNumber,
    if_match: IfMatch = None,
) -> Answer:
    """Agree to a proposed version for the contractor.

    With the client's agreement, by another person, groups follow this version.
    """
    version = expected_version(if_match, await get_version_id(change, code, number))
    agreed = actions.agree_to_version(
        change, (code, number), version, Side.CONTRACTOR, clock.now()
    )
    return stored_answer(await agreed)

"""/cases/{case_id}/referrals."""

from services.casework.case_referrals import actions
from services.casework.case_referrals.schemas import CaseReferralCreate
from services.casework.demands import CanSendReferrals
from services.casework.problems import (
    CaseNotFound,
    ConsentRequired,
    NoPlaceLeft,
    ProcessingRestricted,
    RegistrySilent,
    ServiceNotSuitable,
)
from services.casework.referrals.schemas import ReferralRead
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    ResourceBusy,
    StateConflict,
    UnknownReference,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, created_answer
from services.chassis.web.units import Change

router = slice_router(prefix="/cases/{case_id}/referrals", tags=["referrals"])


@router.post(
    "",
    status_code=201,
    responses=answers(
        ReferralRead,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        UnknownReference,
        # 403: a right is missing; the state of the case is not the cause.
        ConsentRequired,
        ServiceNotSuitable,
        NoPlaceLeft,
        # 503 with nothing written: a retry starts from the beginning.
        RegistrySilent,
        ResourceBusy,
        status=201,
    ),
)
async def send_referral(
    caller: CanSendReferrals, change: Change, case_id: Id, new: CaseReferralCreate
) -> Answer:
    """Refer the child of an open case to a support service of the registry, and reserve a place there.

    Required: the service is offered today, takes a child of this age (or an expecting
    family) and has a free place; the family has a document that the service asks for;
    and a consent for this institution covers the data that it is to see. A service in
    another county is allowed, and the answer says so. The institution sees the child's
    data once it receives the referral.
    """
    referral = await actions.send_referral(change, case_id, new, clock.now())
    return created_answer(referral, f"/v1/casework/referrals/{referral.key}")

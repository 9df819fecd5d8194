"""/referrals/{referral_id}/<verb>."""

from services.casework.demands import CanHandleReferrals, CanWithdrawReferrals
from services.casework.problems import (
    AlreadyIdentified,
    ConsentRequired,
    DoesNotActForChild,
    ForReceiverOnly,
    ForSenderOnly,
    NoPlaceLeft,
    PersonNotFound,
    ProcessingRestricted,
    ReferralNotFound,
    RegistrySilent,
    ServiceNotSuitable,
)
from services.casework.referral_transitions import actions
from services.casework.referral_transitions.schemas import (
    ReferralEnd,
    ReferralIdentify,
    ReferralSchedule,
)
from services.casework.referrals.rules import ReferralVerb
from services.casework.referrals.schemas import ReferralRead
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change

# A path for each verb; the state determines which verbs are allowed.
router = slice_router(prefix="/referrals/{referral_id}", tags=["referrals"])
_END = (
    ReferralRead,
    ReferralNotFound,
    Erased,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
_MOVE = (*_END, ProcessingRestricted)


@router.post("/receive", responses=answers(*_MOVE, ForReceiverOnly, ConsentRequired))
async def receive_referral(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From `sent` to `received`. From now on a receiving institution sees the disclosed
    data of the child; the disclosure is recorded.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.receive_referral(change, referral_id, version, clock.now())
    )


@router.post(
    # 503 while the registry does not answer: no place is assumed.
    "/accept",
    responses=answers(
        *_MOVE,
        ForReceiverOnly,
        ConsentRequired,
        NoPlaceLeft,
        ServiceNotSuitable,
        RegistrySilent,
    ),
)
async def accept_referral(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From `received` to `accepted`. For an outbound referral the reserved place is
    taken, or another one if the reservation has expired. An inbound referral can be
    accepted only once its person is identified.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.accept_referral(change, referral_id, version, clock.now())
    )


@router.post("/decline", responses=answers(*_MOVE, ForReceiverOnly))
async def decline_referral(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    end: ReferralEnd,
    if_match: IfMatch = None,
) -> Answer:
    """From `received` to `declined`, with a reason. The place is released."""
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.decline_referral(change, referral_id, end, version, clock.now())
    )


@router.post("/schedule", responses=answers(*_MOVE, ForReceiverOnly))
async def schedule_referral(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    meeting: ReferralSchedule,
    if_match: IfMatch = None,
) -> Answer:
    """From `accepted` to `scheduled`, with the time of the first meeting."""
    version = expected_version(if_match, referral_id)
    at, now = meeting.scheduled_at, clock.now()
    return stored_answer(
        await actions.schedule_referral(change, referral_id, at, version, now)
    )


@router.post("/complete", responses=answers(*_MOVE, ForReceiverOnly))
async def complete_referral(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From `scheduled` to `completed`: the support has ended. The place is released."""
    version = expected_version(if_match, referral_id)
    verb = ReferralVerb.COMPLETE
    return stored_answer(
        await actions.finish_referral(change, referral_id, verb, version, clock.now())
    )


# Separate from completion, because no-shows are counted separately.
@router.post("/record-no-show", responses=answers(*_MOVE, ForReceiverOnly))
async def record_no_show(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From `scheduled` to `no_show`: nobody came. The place is released."""
    version = expected_version(if_match, referral_id)
    verb = ReferralVerb.RECORD_NO_SHOW
    return stored_answer(
        await actions.finish_referral(change, referral_id, verb, version, clock.now())
    )


# No 423: a referral may be withdrawn even while processing is restricted.
@router.post("/withdraw", responses=answers(*_END, ForSenderOnly, DoesNotActForChild))
async def withdraw_referral(
    caller: CanWithdrawReferrals,
    change: Change,
    referral_id: Id,
    end: ReferralEnd,
    if_match: IfMatch = None,
) -> Answer:
    """From any open state to `withdrawn`, with a reason, by the sender.
    The place is released.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.withdraw_referral(change, referral_id, end, version, clock.now())
    )


@router.post(
    # Not a transition: the person can be identified in any open state.
    "/identify",
    responses=answers(
        *_MOVE,
        ForReceiverOnly,
        AlreadyIdentified,
        PersonNotFound,
    ),
)
async def identify_referral(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    identification: ReferralIdentify,
    if_match: IfMatch = None,
) -> Answer:
    """Identify the person of a referral that came from a screening
    with an unknown reference.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.identify_referral(
            change, referral_id, identification, version, clock.now()
        )
    )

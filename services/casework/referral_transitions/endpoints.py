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

# A POST for each verb: the address says what is done, and the state what is allowed.
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
    """From `sent` to `received`. An institution that is asked sees from now on what was
    disclosed of the child; the
    disclosure is noted.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.receive_referral(change, referral_id, version, clock.now())
    )


@router.post(
    # 503 while the registry does not answer: a place is never guessed.
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
    """From `received` to `accepted`. Of an outbound referral the place is taken: the
    one that is held for it, or
    another where that time was over. An inbound one is accepted once it is known whom it is about.
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
    """From `received` to `declined`, with a reason. The place is given back."""
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
    """From `accepted` to `scheduled`: the first meeting has its day."""
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
    """From `scheduled` to `completed`: the support has come to its end. The place is given back."""
    version = expected_version(if_match, referral_id)
    verb = ReferralVerb.COMPLETE
    return stored_answer(
        await actions.finish_referral(change, referral_id, verb, version, clock.now())
    )


# Apart from completion: how often nobody came is a number of its own.
@router.post("/record-no-show", responses=answers(*_MOVE, ForReceiverOnly))
async def record_no_show(
    caller: CanHandleReferrals,
    change: Change,
    referral_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From `scheduled` to `no_show`: nobody came. The place is given back."""
    version = expected_version(if_match, referral_id)
    verb = ReferralVerb.RECORD_NO_SHOW
    return stored_answer(
        await actions.finish_referral(change, referral_id, verb, version, clock.now())
    )


# No 423: whoever takes a referral back may do so at any time.
@router.post("/withdraw", responses=answers(*_END, ForSenderOnly, DoesNotActForChild))
async def withdraw_referral(
    caller: CanWithdrawReferrals,
    change: Change,
    referral_id: Id,
    end: ReferralEnd,
    if_match: IfMatch = None,
) -> Answer:
    """From any open state to `withdrawn`, with a reason, by whoever sent it. The place
    is given back.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.withdraw_referral(change, referral_id, end, version, clock.now())
    )


@router.post(
    # No transition: whom it is about can be said in any open state.
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
    named: ReferralIdentify,
    if_match: IfMatch = None,
) -> Answer:
    """Say whom a referral is about that came of a screening under a reference that is
    nobody's here.
    """
    version = expected_version(if_match, referral_id)
    return stored_answer(
        await actions.identify_referral(
            change, referral_id, named, version, clock.now()
        )
    )

"""Confirmed positive screenings become referrals, each one;
what takes them back, withdraws them.

An event says that something happened; how it stands now, screening is asked.
"""

from datetime import date, datetime
from uuid import UUID

from services.casework.consents.actions import (
    record_given_in_screening,
    withdraw_given_in_screening,
)
from services.casework.consents.queries import lock_standing
from services.casework.peers import (
    ConfirmedScreening,
    feed_of_screening,
    screening,
)
from services.casework.people.queries import (
    KnownPerson,
    get_person_by_id,
    lock_person_by_id,
)
from services.casework.problems import ProcessingRestricted
from services.casework.referral_intakes import queries
from services.casework.referrals.actions import (
    insert_referral,
    move_referral,
    send_again,
)
from services.casework.referrals.models import Referral
from services.casework.referrals.rules import (
    OPEN,
    ReferralDirection,
    ReferralOrigin,
    ReferralReason,
    ReferralVerb,
)
from services.chassis.data.work import Change
from services.chassis.following.followers import FollowedEvent, Follower
from services.chassis.ground import clock

_PREFIX = "screening.screening."
_BEGUN_ANEW = (ReferralReason.CONSENT_WITHDRAWN, ReferralReason.NEED_CEASED)
"""Why a referral ended that a new confirmation begins anew: the guardian agrees again,
or the result is positive again.
"""


def _screening_id(event: FollowedEvent) -> UUID:
    return UUID(event.subject.removeprefix("screenings/"))


def _calls_for_referral(result: ConfirmedScreening) -> bool:
    """Whether the result still stands, and the guardian still agrees."""
    is_positive = result.state == "confirmed" and result.outcome == "positive"
    return is_positive and result.has_consent is True


async def refer_positive(change: Change, event: FollowedEvent) -> None:
    """A confirmed positive with consent is referred to the county once, however often
    it is told.
    """
    # Before the first write: nothing is locked while another service answers.
    result = await screening().get_screening(_screening_id(event))
    if not _calls_for_referral(result):
        return  # what took it back is told by a later event
    now, today = clock.now(), clock.today()
    earlier = await queries.find_of_screening(change, result.id)
    if earlier is None:
        await _refer(change, result, now, today)
    elif await _is_begun_anew(change, earlier, result):
        await _refer_again(change, earlier, now, today)


async def _is_begun_anew(
    change: Change, earlier: Referral, result: ConfirmedScreening
) -> bool:
    """Whether a referral that ended for one of these reasons has a consent again, or
    still.
    """
    if earlier.reason not in _BEGUN_ANEW:
        return False
    # Also a positive that was only scored and confirmed again is told: by itself it says
    # nothing of whether the guardian agrees after what was withdrawn here.
    withdrawn_at = await queries.find_withdrawal(change, earlier)
    agreed_at = result.consent_recorded_at or result.submitted_at
    return withdrawn_at is None or (agreed_at is not None and agreed_at > withdrawn_at)


async def _refer(
    change: Change, result: ConfirmedScreening, now: datetime, today: date
) -> Referral:
    # A child that nobody knows here has no key to seal a consent with: that is recorded
    # when the child is named (`identify_referral`).
    known = await _find_known(change, result)
    basis = None
    if known is not None:
        basis = await record_given_in_screening(change, known, result.id, today)
    values = {
        "county_terc": result.county_terc,
        "direction": ReferralDirection.INBOUND,
        "source": ReferralOrigin.SCREENING,
        "subject_ref": result.subject_ref,
        "screening_id": result.id,
        "institution_id": result.institution_id,
        "consent_id": basis,
    }
    return await insert_referral(change, values, now, known)


async def _find_known(change: Change, result: ConfirmedScreening) -> KnownPerson | None:
    child = await queries.find_child(change, result.county_terc, result.subject_ref)
    if child is None:
        return None
    known = await lock_person_by_id(change, child)
    # Somebody who may lift the restriction replays what was put aside.
    if known.person.restricted_at is not None:
        raise ProcessingRestricted()
    return known


async def _refer_again(
    change: Change, earlier: Referral, now: datetime, today: date
) -> None:
    """The guardian agrees again, or the result is positive again: the same referral
    begins anew, for there is one of a screening.
    """
    basis = earlier.consent_id
    if basis is not None and await lock_standing(change, basis):
        await send_again(change, earlier, basis, now)
        return
    if earlier.person_id is not None and earlier.screening_id is not None:
        known = await get_person_by_id(change, earlier.person_id)
        basis = await record_given_in_screening(
            change, known, earlier.screening_id, today
        )
    await send_again(change, earlier, basis, now)


async def withdraw_unconsented(change: Change, event: FollowedEvent) -> None:
    """The guardian took the consent back where the child was screened:
    the basis ends, and the referral with it.
    """
    screening_id, now = _screening_id(event), clock.now()
    # The basis is locked before the referral, as by whoever withdraws it here.
    basis = await queries.find_basis_of_screening(change, screening_id)
    if basis is not None:
        await withdraw_given_in_screening(change, basis, now)
    referral = await queries.find_of_screening(change, screening_id)
    if referral is not None and referral.state in OPEN:
        verb, reason = ReferralVerb.WITHDRAW, ReferralReason.CONSENT_WITHDRAWN
        await move_referral(change, referral, verb, now, reason)


async def withdraw_annulled(change: Change, event: FollowedEvent) -> None:
    """The result was annulled: it should not have led to anything."""
    referral = await queries.find_of_screening(change, _screening_id(event))
    if referral is not None and referral.state in OPEN:
        verb, reason = ReferralVerb.WITHDRAW, ReferralReason.ENTERED_IN_ERROR
        await move_referral(change, referral, verb, clock.now(), reason)


async def withdraw_unfounded(change: Change, event: FollowedEvent) -> None:
    """A result that was positive was scored again, and another one was confirmed: the
    referral has nothing to rest on any more.
    """
    screening_id = _screening_id(event)
    # Of the many that are confirmed few were referred: no other is asked about.
    if not await queries.screening_is_referred(change, screening_id):
        return
    result = await screening().get_screening(screening_id)
    if result.state != "confirmed" or result.outcome == "positive":
        return
    referral = await queries.find_of_screening(change, screening_id)
    if referral is not None and referral.state in OPEN:
        verb, reason = ReferralVerb.WITHDRAW, ReferralReason.NEED_CEASED
        await move_referral(change, referral, verb, clock.now(), reason)


FOLLOWER = Follower(
    "screening",
    {
        f"{_PREFIX}confirmed": withdraw_unfounded,
        f"{_PREFIX}confirmed-positive": refer_positive,
        f"{_PREFIX}consent-withdrawn": withdraw_unconsented,
        f"{_PREFIX}annulled": withdraw_annulled,
    },
    feed_of_screening,
)

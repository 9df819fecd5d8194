"""Confirmed positive screenings become referrals; events that take such a result back
withdraw the referral.

An event only says that something has happened;
the present state is read from screening.
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
_RESTARTABLE_REASONS = (ReferralReason.CONSENT_WITHDRAWN, ReferralReason.NEED_CEASED)
"""Reasons of ended referrals that a new confirmation restarts: the guardian agrees
again, or the result is positive again.
"""


def _screening_id(event: FollowedEvent) -> UUID:
    return UUID(event.subject.removeprefix("screenings/"))


def _calls_for_referral(result: ConfirmedScreening) -> bool:
    """Whether the result is a confirmed positive and the guardian still consents."""
    is_positive = result.state == "confirmed" and result.outcome == "positive"
    return is_positive and result.has_consent is True


async def refer_positive(change: Change, event: FollowedEvent) -> None:
    """Refer a confirmed positive with consent to the county, once, however often the
    event comes.
    """
    # Before the first write, so that nothing is locked while screening answers.
    result = await screening().get_screening(_screening_id(event))
    if not _calls_for_referral(result):
        return  # a later event will say what took the result back
    now, today = clock.now(), clock.today()
    earlier = await queries.find_of_screening(change, result.id)
    if earlier is None:
        await _refer(change, result, now, today)
    elif await _may_restart(change, earlier, result):
        await _refer_again(change, earlier, now, today)


async def _may_restart(
    change: Change, earlier: Referral, result: ConfirmedScreening
) -> bool:
    """Whether a referral ended for one of `_RESTARTABLE_REASONS`, and the guardian
    consents again, or still.
    """
    if earlier.reason not in _RESTARTABLE_REASONS:
        return False
    # The event also comes when a result was only scored and confirmed again. So the
    # consent must be newer than a withdrawal here.
    withdrawn_at = await queries.find_withdrawal(change, earlier)
    agreed_at = result.consent_recorded_at or result.submitted_at
    return withdrawn_at is None or (agreed_at is not None and agreed_at > withdrawn_at)


async def _refer(
    change: Change, result: ConfirmedScreening, now: datetime, today: date
) -> Referral:
    # A child without a record here has no key to seal a consent with: then the consent
    # is recorded in `identify_referral`.
    record = await _lock_record(change, result)
    basis = None
    if record is not None:
        basis = await record_given_in_screening(change, record, result.id, today)
    values = {
        "county_terc": result.county_terc,
        "direction": ReferralDirection.INBOUND,
        "source": ReferralOrigin.SCREENING,
        "subject_ref": result.subject_ref,
        "screening_id": result.id,
        "institution_id": result.institution_id,
        "consent_id": basis,
    }
    return await insert_referral(change, values, now, record)


async def _lock_record(
    change: Change, result: ConfirmedScreening
) -> KnownPerson | None:
    child = await queries.find_child(change, result.county_terc, result.subject_ref)
    if child is None:
        return None
    record = await lock_person_by_id(change, child)
    # The failed event is set aside and can be replayed after the restriction is lifted.
    if record.person.restricted_at is not None:
        raise ProcessingRestricted()
    return record


async def _refer_again(
    change: Change, earlier: Referral, now: datetime, today: date
) -> None:
    """Restart the referral, because a screening has only one: the guardian agrees
    again, or the result is positive again.
    """
    basis = earlier.consent_id
    if basis is not None and await lock_standing(change, basis):
        await send_again(change, earlier, basis, now)
        return
    if earlier.person_id is not None and earlier.screening_id is not None:
        record = await get_person_by_id(change, earlier.person_id)
        basis = await record_given_in_screening(
            change, record, earlier.screening_id, today
        )
    await send_again(change, earlier, basis, now)


async def withdraw_unconsented(change: Change, event: FollowedEvent) -> None:
    """The guardian has withdrawn the consent in screening:
    withdraw the basis and the referral.
    """
    screening_id, now = _screening_id(event), clock.now()
    # The basis is locked before the referral,
    # in the same order as in a withdrawal here.
    basis = await queries.find_basis_of_screening(change, screening_id)
    if basis is not None:
        await withdraw_given_in_screening(change, basis, now)
    referral = await queries.find_of_screening(change, screening_id)
    if referral is not None and referral.state in OPEN:
        verb, reason = ReferralVerb.WITHDRAW, ReferralReason.CONSENT_WITHDRAWN
        await move_referral(change, referral, verb, now, reason)


async def withdraw_annulled(change: Change, event: FollowedEvent) -> None:
    """The result was annulled: withdraw its referral."""
    referral = await queries.find_of_screening(change, _screening_id(event))
    if referral is not None and referral.state in OPEN:
        verb, reason = ReferralVerb.WITHDRAW, ReferralReason.ENTERED_IN_ERROR
        await move_referral(change, referral, verb, clock.now(), reason)


async def withdraw_unfounded(change: Change, event: FollowedEvent) -> None:
    """A positive result was scored again, and another result was confirmed: withdraw
    the referral.
    """
    screening_id = _screening_id(event)
    # Few confirmed screenings have a referral; the others need no call to screening.
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

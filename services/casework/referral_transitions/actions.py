"""Every change of a referral's state, with the check of who may make it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from services.casework.consents.actions import record_given_in_screening
from services.casework.disclosures.actions import mark_sent
from services.casework.guardianships.queries import require_acting
from services.casework.laws.rules.values import LAWS
from services.casework.peers import Place, Stay, needing_registry
from services.casework.people.queries import (
    KnownPerson,
    get_key,
    lock_people,
    lock_person,
    place_of,
)
from services.casework.permissions import Permission
from services.casework.problems import (
    AlreadyIdentified,
    ForReceiverOnly,
    ForSenderOnly,
)
from services.casework.referral_transitions import queries
from services.casework.referral_transitions.schemas import (
    ReferralEnd,
    ReferralIdentify,
)
from services.casework.referrals.actions import (
    change_referral,
    move_referral,
    record_change,
    require_allowed,
)
from services.casework.referrals.models import Referral, ReferralStep
from services.casework.referrals.queries import (
    PARTY,
    get_referral,
    get_sealed,
    get_shown,
    is_of_own_institution,
    is_receiver,
    is_sender,
    lock_referral,
)
from services.casework.referrals.rules import (
    OPEN,
    ReferralDirection,
    ReferralState,
    ReferralVerb,
    allowed_verbs,
    end_errors,
    has_expired,
)
from services.chassis.data.database import Database
from services.chassis.data.relating import acting_everywhere, relate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground import clock
from services.chassis.ground.clock import CIVIL_TIME, civil_date
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.callers import Caller
from services.chassis.trust.relations import institution_holder
from services.chassis.trust.vault import seal

CALENDAR = Caller("casework:calendar", counties=frozenset({"*"}))
_HOLDS = timedelta(days=2)
"""The expiry of the reservation; it only has to outlast the call that takes the place.
"""


def _require_right(
    change: Change, referral: Referral, verb: ReferralVerb, version: int
) -> None:
    """ForReceiverOnly, VersionMismatch, or StateConflict."""
    if not is_receiver(change.caller, referral):
        raise ForReceiverOnly()
    require_version(referral.version, version)
    require_allowed(referral, verb)


async def _lock(
    change: Change, referral_id: UUID, verb: ReferralVerb, version: int
) -> Referral:
    permission = Permission.HANDLE_REFERRALS
    referral = await lock_referral(change, referral_id, permission)
    _require_right(change, referral, verb, version)
    return referral


async def receive_referral(
    change: Change, referral_id: UUID, version: int, now: datetime
) -> Stored:
    """Receive a referral. From now on an institution sees whom it is about."""
    referral = await _lock(change, referral_id, ReferralVerb.RECEIVE, version)
    today = now.astimezone(CIVIL_TIME).date()
    if referral.direction == ReferralDirection.OUTBOUND:
        # Checked again: the consent may have been withdrawn since the sending (GDPR,
        # art. 7(3)).
        await queries.require_standing_basis(change, referral, today)
        await mark_sent(change, referral_id, now)
        await _relate_institution(change, referral)
    moved = await move_referral(change, referral, ReferralVerb.RECEIVE, now)
    return await get_shown(change, moved, today)


async def _relate_institution(change: Change, referral: Referral) -> None:
    if referral.institution_id is None or referral.person_id is None:
        raise ValueError("an institution is asked about a child")
    holder, objects = institution_holder(referral.institution_id), [referral.person_id]
    # The institution may be in another county than the child.
    async with acting_everywhere(change):
        await relate(change, holder, PARTY, objects, referral.county_terc)


async def accept_referral(
    change: Change, referral_id: UUID, version: int, now: datetime
) -> Stored:
    """Accept a referral. For an outbound one the place is first taken at the registry.

    If the acceptance fails after the place was taken, the place is released when the
    referral ends.
    """
    verb, today = ReferralVerb.ACCEPT, now.astimezone(CIVIL_TIME).date()
    # Without a lock: other services are called only before the first write, and a lock
    # counts as a write.
    unlocked = await get_referral(change, referral_id, Permission.HANDLE_REFERRALS)
    _require_right(change, unlocked, verb, version)
    # A referral without an identified person cannot be accepted.
    if unlocked.person_id is None:
        state = ReferralState(unlocked.state)
        allowed = allowed_verbs(state)
        raise StateConflict(state=state, allowed=allowed, missing=["person_id"])
    values: dict[str, Any] = {}
    if unlocked.support_service_id is not None:
        await queries.require_standing_basis(change, unlocked, today)
        with needing_registry() as registry:
            place = Place(unlocked.support_service_id, referral_id)
            reservation = await registry.take(place, Stay(now + _HOLDS))
        values = {"reservation_id": reservation.id}
    referral = await _lock(change, referral_id, verb, version)
    moved = await move_referral(change, referral, verb, now, **values)
    return await get_shown(change, moved, today)


async def schedule_referral(
    change: Change,
    referral_id: UUID,
    scheduled_at: datetime,
    version: int,
    now: datetime,
) -> Stored:
    """Record the time of the first meeting."""
    verb = ReferralVerb.SCHEDULE
    referral = await _lock(change, referral_id, verb, version)
    if scheduled_at < now:
        refuse(("scheduled_at", "in_past"))
    moved = await move_referral(change, referral, verb, now, scheduled_at=scheduled_at)
    return await get_shown(change, moved, now.astimezone(CIVIL_TIME).date())


async def finish_referral(
    change: Change, referral_id: UUID, verb: ReferralVerb, version: int, now: datetime
) -> Stored:
    """Complete a referral, or record that nobody came."""
    referral = await _lock(change, referral_id, verb, version)
    moved = await move_referral(change, referral, verb, now)
    return await get_shown(change, moved, now.astimezone(CIVIL_TIME).date())


async def decline_referral(
    change: Change, referral_id: UUID, end: ReferralEnd, version: int, now: datetime
) -> Stored:
    """Decline a referral, with a reason."""
    referral = await _lock(change, referral_id, ReferralVerb.DECLINE, version)
    return await _end(change, referral, ReferralVerb.DECLINE, end, now)


async def withdraw_referral(
    change: Change, referral_id: UUID, end: ReferralEnd, version: int, now: datetime
) -> Stored:
    """Withdraw a referral, with a reason."""
    permission, verb = Permission.WITHDRAW_REFERRALS, ReferralVerb.WITHDRAW
    referral = await lock_referral(change, referral_id, permission)
    # The caller may see the referral, so this is 403 and not 404.
    if not is_sender(change.caller, referral):
        raise ForSenderOnly()
    person = referral.person_id
    if person is not None and not is_of_own_institution(change.caller, referral):
        county, today = referral.county_terc, civil_date(now)
        await require_acting(change, permission, person, county, today)
    require_version(referral.version, version)
    require_allowed(referral, verb)
    return await _end(change, referral, verb, end, now)


async def _end(
    change: Change,
    referral: Referral,
    verb: ReferralVerb,
    end: ReferralEnd,
    now: datetime,
) -> Stored:
    is_identified = referral.person_id is not None
    refuse(*end_errors(verb, end.reason, end.note, is_identified=is_identified))
    values: dict[str, bytes] = {}
    if end.note is not None and referral.person_id is not None:
        sealed = await get_sealed(change, referral) | {"answer": end.note}
        key = await get_key(change, referral.person_id)
        values["sealed"] = seal(key, place_of("referrals", referral.id), sealed)
    moved = await move_referral(change, referral, verb, now, end.reason, **values)
    return await get_shown(change, moved, now.astimezone(CIVIL_TIME).date())


async def identify_referral(
    change: Change,
    referral_id: UUID,
    identification: ReferralIdentify,
    version: int,
    now: datetime,
) -> Stored:
    """Record whom a screening's referral is about, with an audit record of it."""
    permission = Permission.HANDLE_REFERRALS
    # By the request's id, because the referral does not refer to the child yet.
    await lock_people(change, [identification.person_id])
    referral = await lock_referral(change, referral_id, permission)
    if not is_receiver(change.caller, referral):
        raise ForReceiverOnly()
    require_version(referral.version, version)
    if referral.person_id is not None:
        raise AlreadyIdentified()
    if referral.state not in OPEN:
        raise StateConflict(state=referral.state, allowed=[])
    record = await lock_person(change, identification.person_id, permission)
    _require_same(referral, record, identification)
    today = now.astimezone(CIVIL_TIME).date()
    if (screening_id := referral.screening_id) is None:
        raise ValueError("a referral without a person has to have a screening")
    basis = await record_given_in_screening(change, record, screening_id, today)
    after = await change_referral(
        change,
        referral,
        person_id=record.person.id,
        consent_id=basis,
        sealed=seal(record.key, place_of("referrals", referral_id), {}),
    )
    # The earlier steps get the child's id, so that guardians can see them.
    steps = update(ReferralStep).where(col(ReferralStep.referral_id) == referral_id)
    await change.execute(steps.values(person_id=record.person.id))
    # The audit record shows that two references were stated to be one child.
    joined = record.person.subject_ref != referral.subject_ref
    record_change(change, "identify_referral", after, "identified", is_joined=joined)
    return await get_shown(change, after, today)


def _require_same(
    referral: Referral, record: KnownPerson, identification: ReferralIdentify
) -> None:
    """ValidationFailed for a person of another county, or with another reference unless
    `is_joined` confirms it.
    """
    if record.person.county_terc != referral.county_terc:
        refuse(("person_id", "not_found"))
    if (
        record.person.subject_ref != referral.subject_ref
        and not identification.is_joined
    ):
        refuse(("person_id", "contradicts"))


async def expire_referrals(database: Database) -> None:
    """Let outbound referrals expire that were not scheduled in time.
    Their places are released.

    Inbound referrals do not expire: they stay overdue until somebody decides.
    """
    today = clock.today()
    # Preselected by the shortest term of all laws; `has_expired` applies the right one.
    shortest = min(terms.begin_days for terms in LAWS.reaction)
    async with database.reading(CALENDAR) as reading:
        overdue_ids = await queries.list_unscheduled(
            reading, today - timedelta(days=shortest)
        )
    for referral_id in overdue_ids:
        # One transaction each, so that no referral is locked longer than needed.
        async with database.change(CALENDAR) as change:
            referral = await queries.find_free(change, referral_id)
            if referral is None:
                continue
            if has_expired(ReferralState(referral.state), referral.sent_on, today):
                await move_referral(change, referral, ReferralVerb.EXPIRE, clock.now())

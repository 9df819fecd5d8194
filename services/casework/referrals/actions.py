"""Every change of a referral, and the effects of its end."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.consents.actions import WITHDRAWAL_FOLLOWERS
from services.casework.disclosures.actions import stop_for_consent, stop_for_referral
from services.casework.guardianships.queries import require_acting
from services.casework.peers import Place
from services.casework.people.actions import insert_person
from services.casework.people.queries import (
    KnownPerson,
    find_by_pesel,
    lock_person,
    place_of,
)
from services.casework.people.rules import contradictions
from services.casework.permissions import Permission
from services.casework.person_records.actions import erase_answers
from services.casework.place_releases.actions import owe_place
from services.casework.reads import Category, record_read
from services.casework.referrals import queries
from services.casework.referrals.models import Referral, ReferralStep
from services.casework.referrals.rules import (
    FAMILY,
    OPEN,
    SEEN_BY_RECEIVER,
    TRANSITIONS,
    ReferralDirection,
    ReferralReason,
    ReferralState,
    ReferralVerb,
    allowed_verbs,
    due_on,
)
from services.casework.referrals.schemas import ReferralCreate, ReferredPerson
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere, relate, unrelate
from services.chassis.data.work import AuditedReading, Change, Reading, Stored
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand, reaches
from services.chassis.trust.relations import institution_holder
from services.chassis.trust.vault import seal


def record_change(
    change: Change, action: str, referral: Referral, event: str, **detail: Any
) -> None:
    """The audit record and the event of a referral's newest version."""
    subject = Subject(
        f"referrals/{referral.id}", referral.version, referral.county_terc
    )
    people = [] if referral.person_id is None else [str(referral.person_id)]
    change.record(action, subject, f"referral.{event}", **detail, people=people)


async def insert_referral(
    change: Change,
    values: Mapping[str, Any],
    now: datetime,
    record: KnownPerson | None = None,
    sealed: Mapping[str, Any] | None = None,
) -> Referral:
    """Insert a checked referral with its first step, and relate its institution."""
    referral_id = values.get("id") or await change.scalar(func.uuidv7().select())
    sent_on = now.astimezone(CIVIL_TIME).date()
    place = place_of("referrals", referral_id)
    row = {
        **values,
        "id": referral_id,
        "person_id": record.person.id if record else None,
        "state": ReferralState.SENT,
        "sent_on": sent_on,
        "due_on": due_on(ReferralState.SENT, sent_on),
        "sent_by": change.caller.subject,
        "sealed": seal(record.key, place, sealed or {}) if record else None,
    }
    statement = insert(Referral).values(**row).returning(*queries.REFERRALS.c)
    referral = Referral(**(await change.one(statement))._mapping)
    await add_step(change, referral, now)
    if referral.institution_id is not None:
        holder, objects = institution_holder(referral.institution_id), (referral.id,)
        # Only to the referral: the institution sees the child only after the receipt.
        await relate(change, holder, queries.PARTY, objects, referral.county_terc)
    detail = {"direction": referral.direction, "source": referral.source}
    record_change(change, "send_referral", referral, "sent", **detail)
    return referral


async def hide_from_parties(reading: Reading, items: list[dict[str, Any]]) -> None:
    """Remove the child's data from items that the caller reaches only as a party."""
    whole_ids = await queries.list_whole(reading, {UUID(item["id"]) for item in items})
    for item in items:
        if UUID(item["id"]) not in whole_ids:
            item.update(dict.fromkeys(queries.OF_OTHERS))


async def read_referral(
    reading: AuditedReading, referral_id: UUID, today: date
) -> Stored:
    """One referral as the caller may see it. The access is written to the audit log."""
    referral = await queries.get_referral(reading, referral_id)
    categories: list[Category] = []
    if queries.is_receiver(reading.caller, referral):
        categories = await queries.find_disclosed(reading, referral, today)
    # So that the access log shows whether a name was disclosed.
    is_named = Category.IDENTITY in categories
    category = Category.IDENTITY if is_named else Category.REFERRALS
    subject = Subject(f"referrals/{referral_id}", county=referral.county_terc)
    people = [] if referral.person_id is None else [referral.person_id]
    record_read(reading, "get_referral", subject, people, category)
    return await queries.get_shown(reading, referral, today)


async def hand_in_referral(
    change: Change, new: ReferralCreate, now: datetime, today: date
) -> Stored:
    """Hand in a referral to the county, of a person within reach or a described one."""
    caller, pesel = change.caller, None
    permission = Permission.HAND_IN_REFERRALS
    if new.person is not None:
        record, pesel = await _register(change, new.person, today)
    elif new.person_id is not None:
        record = await lock_person(change, new.person_id, permission)
    else:
        raise ValueError("a referral is about somebody")
    county = record.person.county_terc
    is_family = "guardian" in caller.relations.get(permission, ()) and not reaches(
        caller, permission, county=county
    )
    await require_acting(change, permission, record.person.id, county, today)
    # A guardian refers only as the family, not for an institution.
    if is_family and new.source not in FAMILY:
        refuse(("source", "not_allowed"))
    # A county that records a referral itself is no party: it sees the referral anyway.
    is_party = queries.PARTY in caller.relations.get(Permission.READ_REFERRALS, ())
    values = {
        "county_terc": record.person.county_terc,
        "direction": ReferralDirection.INBOUND,
        "source": new.source,
        "institution_id": caller.institution_id if is_party else None,
    }
    sealed = {"note": new.note, "pesel": pesel}
    referral = await insert_referral(change, values, now, record, sealed)
    return await queries.get_shown(change, referral, today)


async def _register(
    change: Change, new: ReferredPerson, today: date
) -> tuple[KnownPerson, str | None]:
    """Register the described person. A PESEL that another record has is not stored but
    returned. The sender does not learn of it: coordinators compare the two records.
    """
    demand(change.caller, Permission.HAND_IN_REFERRALS, county=new.county_terc)
    facts, duplicate_pesel = new.model_dump(), None
    wrong = contradictions(facts, today)
    refuse(*wrong, at="/person")
    if new.pesel is not None and await find_by_pesel(
        change, new.county_terc, new.pesel
    ):
        duplicate_pesel = new.pesel
        facts |= {"pesel": None, "pesel_override_reason": None}
    return await insert_person(change, facts), duplicate_pesel


async def add_step(change: Change, referral: Referral, now: datetime) -> None:
    """Add the present state to the referral's history, which is never changed."""
    number = await queries.get_highest_step(change, referral.id) + 1
    await change.execute(
        insert(ReferralStep).values(
            referral_id=referral.id,
            number=number,
            county_terc=referral.county_terc,
            person_id=referral.person_id,
            state=referral.state,
            reason=referral.reason,
            by=change.caller.subject,
            at=now,
        )
    )


async def change_referral(
    change: Change, referral: Referral, **values: Any
) -> Referral:
    """Give a referral these values and its next version."""
    statement = (
        update(Referral)
        .where(
            col(Referral.id) == referral.id, col(Referral.version) == referral.version
        )
        .values(**values, version=Referral.version + 1, changed_at=func.now())
        .returning(*queries.REFERRALS.c)
    )
    return Referral(**(await change.one(statement))._mapping)


def require_allowed(referral: Referral, verb: ReferralVerb) -> None:
    """StateConflict, with the allowed verbs, unless the state allows the verb."""
    state = ReferralState(referral.state)
    if verb not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))


async def move_referral(
    change: Change,
    referral: Referral,
    verb: ReferralVerb,
    now: datetime,
    reason: ReferralReason | None = None,
    **values: Any,
) -> Referral:
    """Carry out a verb on a locked referral, with all its effects."""
    require_allowed(referral, verb)
    after = TRANSITIONS[ReferralState(referral.state)][verb]
    scheduled_at: datetime | None = values.get("scheduled_at")
    scheduled_on = scheduled_at.astimezone(CIVIL_TIME).date() if scheduled_at else None
    due = due_on(after, referral.sent_on, scheduled_on)
    ends = {} if after in OPEN else {"closed_at": now, "reason": reason}
    # An ended referral keeps its last day, which shows whether it ended in time.
    due_next = {} if due is None else {"due_on": due}
    moved = await change_referral(
        change, referral, state=after, **ends, **due_next, **values
    )
    await add_step(change, moved, now)
    action = f"{verb.value.replace('-', '_')}_referral"
    record_change(change, action, moved, after.value.replace("_", "-"), reason=reason)
    if after not in OPEN and moved.direction == ReferralDirection.OUTBOUND:
        # The caller may have no reach beyond the referral itself.
        async with acting_everywhere(change):
            await _settle(change, moved, now)
    return moved


async def send_again(
    change: Change, referral: Referral, consent_id: UUID | None, now: datetime
) -> Referral:
    """Restart an ended referral with this consent; None for an unidentified child."""
    sent_on = now.astimezone(CIVIL_TIME).date()
    sent = await change_referral(
        change,
        referral,
        state=ReferralState.SENT,
        reason=None,
        closed_at=None,
        sent_on=sent_on,
        due_on=due_on(ReferralState.SENT, sent_on),
        consent_id=consent_id,
    )
    await add_step(change, sent, now)
    record_change(change, "send_referral", sent, "sent", direction=sent.direction)
    return sent


async def _settle(change: Change, referral: Referral, now: datetime) -> None:
    """Release the place, stop disclosures, end access where no support was given."""
    await stop_for_referral(change, referral.id, now)
    if referral.support_service_id is not None:
        place = Place(referral.support_service_id, referral.id)
        await owe_place(change, place, referral.county_terc, now)
    if referral.state not in SEEN_BY_RECEIVER:
        await let_go_of_child(change, referral)


async def let_go_of_child(change: Change, referral: Referral) -> None:
    """End the institution's access to the child, in stored answers as well."""
    if referral.institution_id is None or referral.person_id is None:
        return
    # There is one relation for all referrals of the child to this institution.
    if await queries.find_other_referral(change, referral) is None:
        holder = institution_holder(referral.institution_id)
        objects = (referral.person_id,)
        await unrelate(change, holder, queries.PARTY, objects)
        receivers = await queries.list_receivers(change, referral.id)
        await erase_answers(change, {str(referral.id).encode()}, receivers)


async def withdraw_for_consent(change: Change, consent_id: UUID, now: datetime) -> None:
    """Withdraw open referrals of a withdrawn basis, and end all access by them."""
    async with acting_everywhere(change):
        # Referrals before their disclosures, as in a receipt, to avoid deadlocks.
        referrals = await queries.lock_referrals_of_basis(change, consent_id)
        await stop_for_consent(change, consent_id, now)
    for referral in referrals:
        if referral.closed_at is None:
            verb, reason = ReferralVerb.WITHDRAW, ReferralReason.CONSENT_WITHDRAWN
            await move_referral(change, referral, verb, now, reason)
        elif referral.direction == ReferralDirection.OUTBOUND:
            async with acting_everywhere(change):
                await let_go_of_child(change, referral)


WITHDRAWAL_FOLLOWERS.append(withdraw_for_consent)

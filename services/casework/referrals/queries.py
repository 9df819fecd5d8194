"""Every query on the referrals."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.casework.consents.queries import CONSENTS, list_disclosed
from services.casework.people.queries import (
    get_key,
    get_person_by_id,
    lock_people,
    place_of,
)
from services.casework.permissions import Permission
from services.casework.problems import ReferralNotFound
from services.casework.reads import Category
from services.casework.referrals.models import Referral, ReferralStep
from services.casework.referrals.rules import (
    FAMILY,
    SEEN_BY_RECEIVER,
    ReferralDirection,
    ReferralState,
    ReferralVerb,
    allowed_verbs,
    days_overdue,
)
from services.casework.referrals.schemas import (
    DisclosedPerson,
    ReferralList,
    ReferralRead,
    ReferralStepRead,
    ReferralSummary,
)
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.work import AuditedReading, Change, Reading, Rows, Stored
from services.chassis.trust.access import reaches, within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

REFERRALS = rows_of(Referral)
STEPS = rows_of(ReferralStep)
PARTY = "party"
# These relations give access to the child; a party has access only to the referral.
_OF_CHILD = dict.fromkeys(("team", "guardian", "break_glass"), REFERRALS.c.person_id)
_RELATED = _OF_CHILD | {PARTY: REFERRALS.c.id}
"""The column that each kind of relation to a referral is matched with."""
OF_OTHERS = ("person_id", "subject_ref", "screening_id", "case_id", "recommendation_id")
"""Fields about the child and the origin, which a party must not see."""
_FILTERS = (
    "county_terc",
    "direction",
    "state",
    "source",
    "person_id",
    "case_id",
    "institution_id",
    "support_service_id",
    "screening_id",
)
_LIST = Filtered(
    Listing(
        {name: REFERRALS.c[name] for name in ReferralSummary.model_fields},
        {name: REFERRALS.c[name] for name in ("created_at", "due_on", "changed_at")},
        "-created_at",
        REFERRALS.c.id,
    ),
    REFERRALS,
    {name: Filter(REFERRALS.c[name]) for name in _FILTERS},
    county=REFERRALS.c.county_terc,
    objects=_RELATED,
)


def list_referrals(query: ReferralList, caller: Caller, today: date) -> Listed:
    """The referrals that a list shows, within any reach of the caller."""
    values = {name: getattr(query, name) for name in _FILTERS}
    permission, columns = Permission.READ_REFERRALS, REFERRALS.c
    listed = filtered(_LIST, values, caller, permission)
    asks_of_others = any(values.get(name) for name in OF_OTHERS)
    if asks_of_others and PARTY in caller.relations.get(permission, ()):
        # A party must not learn by a filter what is hidden from it in the row.
        county = columns.county_terc
        listed = listed.where(
            within(caller, permission, county=county, objects=_OF_CHILD)
        )
    if query.overdue is not None:
        late = columns.closed_at.is_(None) & (columns.due_on < today)
        listed = listed.where(late if query.overdue else ~late)
    if query.is_identified is not None:
        has_person = columns.person_id.is_not(None)
        listed = listed.where(has_person if query.is_identified else ~has_person)
    return listed


async def list_whole(reading: Reading, ids: set[UUID]) -> set[UUID]:
    """The ids of those referrals that the caller reaches otherwise than as a party."""
    caller, permission = reading.caller, Permission.READ_REFERRALS
    # Callers who can never be a party have reached all of them in another way.
    if PARTY not in caller.relations.get(permission, ()):
        return ids
    county = REFERRALS.c.county_terc
    reached = within(caller, permission, county=county, objects=_OF_CHILD)
    statement = select(REFERRALS.c.id).where(REFERRALS.c.id.in_([*ids]), reached)
    return set(await reading.scalars(statement))


def _select(referral_id: UUID, caller: Caller, permission: Permission) -> Rows:
    county = REFERRALS.c.county_terc
    reached = within(caller, permission, county=county, objects=_RELATED)
    statement: Rows = select(REFERRALS)
    return statement.where(REFERRALS.c.id == referral_id, reached)


async def get_referral(
    reading: Reading,
    referral_id: UUID,
    permission: Permission = Permission.READ_REFERRALS,
) -> Referral:
    """One referral within the caller's reach."""
    query = by_key(_LIST, referral_id, reading.caller, permission)
    missing = ReferralNotFound
    return await reading.instance(Referral, query.statement, missing, query.values)


async def lock_referral(
    change: Change, referral_id: UUID, permission: Permission
) -> Referral:
    """One referral within the caller's reach, locked until the transaction ends."""
    statement = _select(referral_id, change.caller, permission)
    # Before the receipt the institution has no reach to the child.
    async with acting_everywhere(change):
        await lock_people(change, statement.with_only_columns(REFERRALS.c.person_id))
    locking = statement.with_for_update()
    return await change.instance(Referral, locking, ReferralNotFound)


async def lock_referrals_of_basis(change: Change, consent_id: UUID) -> list[Referral]:
    """The referrals of one legal basis, locked until the transaction ends."""
    statement = select(REFERRALS).where(REFERRALS.c.consent_id == consent_id)
    # In the order of the ids, so that two withdrawals cannot deadlock.
    rows = await change.rows(statement.order_by(REFERRALS.c.id).with_for_update())
    return [Referral(**row._mapping) for row in rows]


async def get_highest_step(reading: Reading, referral_id: UUID) -> int:
    """The number of a referral's last step; 0 before its first."""
    statement = select(func.coalesce(func.max(STEPS.c.number), 0))
    number: int = await reading.scalar(
        statement.where(STEPS.c.referral_id == referral_id)
    )
    return number


async def list_receivers(reading: Reading, referral_id: UUID) -> Sequence[str]:
    """The accounts that received a referral or changed its state after that."""
    received = STEPS.c.state.in_([*SEEN_BY_RECEIVER])
    statement = select(STEPS.c.by).where(STEPS.c.referral_id == referral_id, received)
    return await reading.scalars(statement.distinct())


def is_receiver(caller: Caller, referral: Referral) -> bool:
    """Whether the caller is the receiver: the county if inbound, else the institution."""
    permission = Permission.HANDLE_REFERRALS
    if referral.direction == ReferralDirection.INBOUND:
        return reaches(caller, permission, county=referral.county_terc)
    is_asked = PARTY in caller.relations.get(permission, ())
    return is_asked and caller.institution_id == referral.institution_id


def is_sender(caller: Caller, referral: Referral) -> bool:
    """Whether the caller may withdraw it: the county, or an inbound one's sender."""
    permission = Permission.WITHDRAW_REFERRALS
    if reaches(caller, permission, county=referral.county_terc):
        return True
    if referral.direction != ReferralDirection.INBOUND:
        return False
    # A guardian may withdraw a family's own referral, but not one of an institution.
    if is_of_own_institution(caller, referral):
        return True
    is_family = "guardian" in caller.relations.get(permission, ())
    return is_family and referral.source in FAMILY


def is_of_own_institution(caller: Caller, referral: Referral) -> bool:
    """Whether the caller belongs to the institution that sent it."""
    own = referral.institution_id
    speaks = PARTY in caller.relations.get(Permission.WITHDRAW_REFERRALS, ())
    return speaks and own is not None and own == caller.institution_id


def _allowed(caller: Caller, referral: Referral) -> list[ReferralVerb]:
    receives, sends = is_receiver(caller, referral), is_sender(caller, referral)
    return [
        verb
        for verb in allowed_verbs(ReferralState(referral.state))
        if (sends if verb is ReferralVerb.WITHDRAW else receives)
    ]


async def find_disclosed(
    reading: AuditedReading, referral: Referral, day: date
) -> list[Category]:
    """The categories that the institution may see on a day, under a valid basis."""
    if referral.state not in SEEN_BY_RECEIVER:
        return []
    # The basis belongs to the child's county, which the institution does not reach.
    async with acting_everywhere(reading):
        return await list_disclosed(reading, referral.id, day)


async def get_shown(reading: AuditedReading, referral: Referral, today: date) -> Stored:
    """A referral as the caller may see it."""
    facts = referral.model_dump(include={*ReferralSummary.model_fields})
    if await list_whole(reading, {referral.id}):
        facts |= await _open_whole(reading, referral)
    elif is_receiver(reading.caller, referral):
        facts |= await _open_disclosed(reading, referral, today)
    else:
        facts |= dict.fromkeys(OF_OTHERS)
    is_open = referral.closed_at is None
    facts |= {
        "days_overdue": days_overdue(referral.due_on, today) if is_open else 0,
        "allowed": _allowed(reading.caller, referral),
        "steps": await _list_steps(reading, referral.id),
    }
    body = ReferralRead.model_validate(facts)
    return Stored(referral.id, referral.version, body.model_dump_json())


async def _list_steps(reading: Reading, referral_id: UUID) -> list[ReferralStepRead]:
    statement = select(STEPS).where(STEPS.c.referral_id == referral_id)
    rows = await reading.rows(statement.order_by(STEPS.c.number))
    return [ReferralStepRead.model_validate({**row._mapping}) for row in rows]


async def get_sealed(reading: Reading, referral: Referral) -> dict[str, Any]:
    """The opened sealed fields of a referral; empty before its person is identified."""
    if referral.person_id is None or referral.sealed is None:
        return {}
    key = await get_key(reading, referral.person_id)
    return unseal(key, place_of("referrals", referral.id), referral.sealed)


async def _open_whole(reading: Reading, referral: Referral) -> dict[str, Any]:
    sealed = await get_sealed(reading, referral)
    # Only the receiver, who compares them, may see a PESEL of another record.
    if not is_receiver(reading.caller, referral):
        sealed.pop("pesel", None)
    return sealed


async def _open_disclosed(
    reading: AuditedReading, referral: Referral, today: date
) -> dict[str, Any]:
    """The data disclosed to the receiving institution, while their basis holds."""
    categories = await find_disclosed(reading, referral, today)
    if not categories or referral.person_id is None:
        return dict.fromkeys(OF_OTHERS)
    async with acting_everywhere(reading):
        sealed = await get_sealed(reading, referral)
        record = await get_person_by_id(reading, referral.person_id)
    references = [
        reference
        for reference in sealed.get("references", [])
        if reference["category"] in categories
    ]
    facts = record.person.model_dump() | record.identity.model_dump()
    person = DisclosedPerson.model_validate(facts)
    sees_person = Category.IDENTITY in categories
    return {
        "note": sealed.get("note"),
        "answer": sealed.get("answer"),
        "categories": categories,
        "person": person if sees_person else None,
        "references": references,
    }


async def find_other_referral(reading: Reading, referral: Referral) -> UUID | None:
    """Another referral that gives the same institution access to the child."""
    columns = REFERRALS.c
    statement = select(columns.id).where(
        columns.person_id == referral.person_id,
        columns.institution_id == referral.institution_id,
        columns.direction == ReferralDirection.OUTBOUND,
        columns.id != referral.id,
        columns.state.in_([*SEEN_BY_RECEIVER]),
        columns.consent_id == CONSENTS.c.id,
        CONSENTS.c.withdrawn_at.is_(None),
    )
    referral_id: UUID | None = await reading.scalar(statement.limit(1))
    return referral_id

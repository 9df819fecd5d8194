"""Every query on the support events."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from services.casework.cases.models import Case
from services.casework.cases.queries import CASES
from services.casework.cases.queries import reach as reach_of_cases
from services.casework.documents.models import Document
from services.casework.documents.rules.kinds import DocumentKind
from services.casework.guardianships.queries import GUARDIANSHIPS
from services.casework.household_members.models import HouseholdMember
from services.casework.laws.rules.days import months_after
from services.casework.people.queries import PEOPLE, get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.plan_recommendations.models import Recommendation
from services.casework.problems import (
    CaseNotFound,
    ProcessingRestricted,
    SupportEventNotFound,
)
from services.casework.reads import as_county
from services.casework.referrals.queries import REFERRALS
from services.casework.referrals.rules import ReferralState
from services.casework.support_events.models import SupportEvent
from services.casework.support_events.schemas import SupportEventList, SupportEventRead
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

EVENTS = rows_of(SupportEvent)
RELATED = {
    "team": EVENTS.c.case_id,
    "guardian": EVENTS.c.person_id,
    "break_glass": EVENTS.c.person_id,
    # An institution sees only the support given by its own referral.
    "party": EVENTS.c.referral_id,
}
"""The column that each kind of relation to a support event is matched with."""
COUNTS = EVENTS.c.annulled_by.is_(None)
"""SQL condition: the event counts. Annulled ones are stored and shown,
but never counted.
"""
_DOCUMENTS = rows_of(Document)
_RECOMMENDATIONS = rows_of(Recommendation)
_HOUSEHOLDS = rows_of(HouseholdMember)
_SUPPORTING = (
    ReferralState.ACCEPTED,
    ReferralState.SCHEDULED,
    # Support given before the end may be recorded after it.
    ReferralState.COMPLETED,
)
_STORED = [name for name in SupportEventRead.model_fields if name in EVENTS.c]
_LIST = Filtered(
    Listing(
        {name: EVENTS.c[name] for name in (*_STORED, "sealed")},
        {"occurred_on": EVENTS.c.occurred_on, "created_at": EVENTS.c.created_at},
        "-occurred_on",
        EVENTS.c.id,
    ),
    EVENTS,
    {
        **{
            name: Filter(EVENTS.c[name])
            for name in (
                "case_id",
                "person_id",
                "institution_id",
                "county_terc",
                "group_id",
                "referral_id",
                "kind",
                "form",
                "is_early_support",
            )
        },
        "occurred_from": Filter(EVENTS.c.occurred_on, "from"),
        "occurred_to": Filter(EVENTS.c.occurred_on, "to"),
    },
    county=EVENTS.c.county_terc,
    objects=RELATED,
)


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The support events that the caller's permission reaches."""
    return within(caller, permission, county=EVENTS.c.county_terc, objects=RELATED)


def list_events(query: SupportEventList, caller: Caller) -> Listed:
    """The support events that a list shows, sealed as they are."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, Permission.READ_SUPPORT_EVENTS)
    if query.is_annulled is None:
        return listed
    fits = ~COUNTS if query.is_annulled else COUNTS
    return listed.where(fits)


def _select(event_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(EVENTS)
    return statement.where(EVENTS.c.id == event_id, reach(caller, permission))


async def get_event(reading: Reading, event_id: UUID) -> SupportEvent:
    """One support event within the caller's reach."""
    query = by_key(_LIST, event_id, reading.caller, Permission.READ_SUPPORT_EVENTS)
    return await reading.instance(
        SupportEvent, query.statement, SupportEventNotFound, query.values
    )


async def lock_event(change: Change, event_id: UUID) -> SupportEvent:
    """One support event within the caller's reach, locked with its child and case until
    the transaction ends.
    """
    statement = _select(event_id, change.caller, Permission.RECORD_SUPPORT_EVENTS)
    # An institution reaches its own events, but not the case, and not always the child.
    async with acting_everywhere(change):
        await lock_people(change, statement.with_only_columns(EVENTS.c.person_id))
        case = CASES.c.id.in_(statement.with_only_columns(EVENTS.c.case_id))
        await change.find(select(CASES.c.id).where(case).with_for_update())
    locking = statement.with_for_update()
    return await change.instance(SupportEvent, locking, SupportEventNotFound)


async def get_stored(reading: Reading, event: SupportEvent) -> Stored:
    """A support event as it is shown, with its notes."""
    key = await get_key(reading, event.person_id)
    sealed = unseal(key, place_of("support_events", event.id), event.sealed)
    body = SupportEventRead.model_validate(
        event.model_dump(include={*_STORED}) | sealed
    )
    return Stored(event.id, event.version, body.model_dump_json())


async def lock_case_to_support(
    change: Change, case_id: UUID, referral_id: UUID | None
) -> Case:
    """A case that the caller works on, or that `referral_id` has referred to the
    caller's institution, locked until the transaction ends. CaseNotFound for any other.
    """
    permission = Permission.RECORD_SUPPORT_EVENTS
    locking: Rows = select(CASES).where(CASES.c.id == case_id)
    # Two ways of access: by the case, or by a referral to the caller's institution.
    own = locking.where(reach_of_cases(change.caller, permission))
    row = await change.find(own.with_for_update())
    if row is not None:
        return Case(**row._mapping)
    referral_county = select(REFERRALS.c.county_terc).where(
        REFERRALS.c.id == referral_id,
        REFERRALS.c.case_id == case_id,
        within(change.caller, permission, objects={"party": REFERRALS.c.id}),
    )
    county: str = (await change.one(referral_county, CaseNotFound))[0]
    # The case belongs to the child's county, which a provider may not reach.
    async with as_county(change, county):
        return await change.instance(Case, locking.with_for_update(), CaseNotFound)


async def lock_case_of(change: Change, event: SupportEvent) -> Case:
    """The case of a support event, locked until the transaction ends."""
    statement: Rows = select(CASES).where(CASES.c.id == event.case_id)
    return await change.instance(Case, statement.with_for_update(), CaseNotFound)


async def lock_children(change: Change, cases: Sequence[UUID]) -> None:
    """Lock the children of these cases, so that nobody else records their support until
    the transaction ends.
    """
    # Otherwise two recordings at once could together exceed the month's hours.
    child_ids = select(CASES.c.person_id).where(CASES.c.id.in_(cases))
    async with acting_everywhere(change):
        await lock_people(change, child_ids)


async def require_unrestricted(change: Change, person_id: UUID) -> None:
    """ProcessingRestricted while the processing of the child's data is restricted."""
    statement = select(PEOPLE.c.restricted_at).where(PEOPLE.c.id == person_id)
    if await change.scalar(statement) is not None:
        raise ProcessingRestricted()


class Links(NamedTuple):
    """The references of a child's part in a meeting."""

    case: Case
    institution_id: UUID
    referral_id: UUID | None
    recommendation_id: UUID | None


async def list_unknown_links(reading: Reading, links: Links) -> list[str]:
    """The field names of references that do not belong to this case or institution.

    A referral must be accepted by the institution.
    """
    unknown = []
    referral = select(REFERRALS.c.id).where(
        REFERRALS.c.id == links.referral_id,
        REFERRALS.c.case_id == links.case.id,
        REFERRALS.c.direction == "outbound",
        REFERRALS.c.institution_id == links.institution_id,
        REFERRALS.c.state.in_(_SUPPORTING),
    )
    recommendation = select(_RECOMMENDATIONS.c.id).where(
        _RECOMMENDATIONS.c.id == links.recommendation_id,
        _RECOMMENDATIONS.c.case_id == links.case.id,
    )
    if links.referral_id and await reading.find(referral) is None:
        unknown.append("referral_id")
    if links.recommendation_id and await reading.find(recommendation) is None:
        unknown.append("recommendation_id")
    return unknown


async def list_family(reading: Reading, child_id: UUID) -> set[UUID]:
    """The ids of the child, its present and former guardians, its mother, and all
    members of its households.
    """
    # Former ones as well: a meeting may be recorded after somebody has moved out.
    households = select(_HOUSEHOLDS.c.household_id).where(
        _HOUSEHOLDS.c.person_id == child_id
    )
    family = select(GUARDIANSHIPS.c.guardian_id).where(
        GUARDIANSHIPS.c.child_id == child_id
    )
    family_and_others = family.union(
        select(PEOPLE.c.mother_id).where(
            PEOPLE.c.id == child_id, PEOPLE.c.mother_id.is_not(None)
        ),
        select(_HOUSEHOLDS.c.person_id).where(
            _HOUSEHOLDS.c.household_id.in_(households)
        ),
    )
    return {child_id, *await reading.scalars(family_and_others)}


async def list_early_support(
    reading: Reading, child_id: UUID, day: date
) -> Sequence[SupportEvent]:
    """A child's early support events in the month of a day, of all cases, in order."""
    columns = EVENTS.c
    first = day.replace(day=1)
    statement = select(EVENTS).where(
        columns.person_id == child_id,
        columns.is_early_support,
        columns.occurred_on >= first,
        # Before the next month, so that the length of the month does not matter.
        columns.occurred_on < months_after(first, 1),
        COUNTS,
    )
    rows = await reading.rows(statement.order_by(columns.occurred_on, columns.id))
    return [SupportEvent(**row._mapping) for row in rows]


async def find_running_body_consent(
    reading: Reading, child_id: UUID, day: date
) -> UUID | None:
    """The id of a running body's consent to more hours that is valid on a day; None
    without one.
    """
    columns = _DOCUMENTS.c
    statement = select(columns.id).where(
        columns.person_id == child_id,
        columns.kind == DocumentKind.RUNNING_BODY_CONSENT,
        columns.issued_on <= day,
        # Valid on the day of the meeting, not of the recording.
        or_(columns.valid_to.is_(None), columns.valid_to >= day),
    )
    document_id: UUID | None = await reading.scalar(
        statement.order_by(columns.id).limit(1)
    )
    return document_id


async def find_first_day(reading: Reading, case_id: UUID) -> date | None:
    """The first day of support of a case, from events that count; None without any."""
    statement = select(func.min(EVENTS.c.occurred_on)).where(
        EVENTS.c.case_id == case_id, COUNTS
    )
    first_day: date | None = await reading.scalar(statement)
    return first_day

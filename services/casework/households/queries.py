"""Every query on households."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.casework.household_members.queries import (
    household_is_reached,
    list_households_of,
    members_of,
)
from services.casework.households.models import Household
from services.casework.households.schemas import HouseholdList, HouseholdRead
from services.casework.permissions import Permission
from services.casework.problems import HouseholdNotFound
from services.casework.reads import opened_page
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import AuditedReading, Change
from services.chassis.trust.access import within
from services.chassis.web.listing import ItemPage, Listed, ListTerms
from services.chassis.web.pages import Listing

HOUSEHOLDS = rows_of(Household)
_NAMES = (name for name in HouseholdRead.model_fields if name != "members")
_WIRE: dict[str, ColumnElement[Any]] = {name: HOUSEHOLDS.c[name] for name in _NAMES}
_WIRE["members"] = members_of(HOUSEHOLDS.c.id)
_LISTING = Listing(
    _WIRE, {"created_at": HOUSEHOLDS.c.created_at}, "-created_at", HOUSEHOLDS.c.id
)
_STORED = stored_columns(_WIRE, HOUSEHOLDS.c.id, HOUSEHOLDS.c.version)


async def list_households(
    reading: AuditedReading, terms: ListTerms, query: HouseholdList
) -> tuple[ItemPage, list[HouseholdRead]]:
    """A page of a person's households, with all present and former members.

    A relation to one member gives access to the household, and so to all members.
    Row-level security covers only the first step, so the second one is done without it.
    """
    household_ids = await list_households_of(reading, query.person_id)
    rows = select(HOUSEHOLDS).where(HOUSEHOLDS.c.id.in_(household_ids))
    listed, shape = Listed(_LISTING, rows), HouseholdRead
    async with acting_everywhere(reading):
        return await opened_page(
            reading, terms, query, listed, shape, shape.model_validate
        )


async def get_household(reading: AuditedReading, household_id: UUID) -> HouseholdRead:
    """One household within the caller's reach; HouseholdNotFound."""
    # Access by its members: relations lead to people, not to households.
    if not await household_is_reached(reading, household_id):
        raise HouseholdNotFound()
    statement = select(*_STORED).where(HOUSEHOLDS.c.id == household_id)
    async with acting_everywhere(reading):
        stored = await reading.stored(statement, HouseholdNotFound)
    return HouseholdRead.model_validate_json(stored.body)


async def lock_household(change: Change, household_id: UUID) -> Household:
    """One household that the caller may change,
    locked until the transaction ends; HouseholdNotFound.
    """
    permission, county = Permission.EDIT_HOUSEHOLDS, HOUSEHOLDS.c.county_terc
    statement = select(HOUSEHOLDS).where(
        HOUSEHOLDS.c.id == household_id,
        within(change.caller, permission, county=county),
    )
    # `key_share`: an insert of a member elsewhere, such as a twin at birth,
    # need not wait.
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Household, locking, HouseholdNotFound)


def people_in(households: Iterable[HouseholdRead]) -> list[UUID]:
    """The ids of all present and former members of these households."""
    return [member.person_id for each in households for member in each.members]

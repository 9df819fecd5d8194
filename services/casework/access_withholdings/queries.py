"""Every query on the withholdings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, exists, or_, select

from services.casework.access_withholdings.models import AccessWithholding
from services.casework.access_withholdings.schemas import (
    WithholdingList,
    WithholdingRead,
)
from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.problems import WithholdingNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

WITHHOLDINGS = rows_of(AccessWithholding)
_STORED = [name for name in WithholdingRead.model_fields if name in WITHHOLDINGS.c]
_LIST = Filtered(
    Listing(
        # `sealed` is never shown: `read_page` takes it out of each item and opens it.
        {name: WITHHOLDINGS.c[name] for name in (*_STORED, "sealed")},
        {"created_at": WITHHOLDINGS.c.created_at},
        "-created_at",
        WITHHOLDINGS.c.id,
    ),
    WITHHOLDINGS,
    {"person_id": Filter(WITHHOLDINGS.c.person_id)},
    county=WITHHOLDINGS.c.county_terc,
)


def list_withholdings(query: WithholdingList, caller: Caller) -> Listed:
    """The withholdings that a list shows, sealed as they are."""
    values = {"person_id": query.person_id}
    return filtered(_LIST, values, caller, Permission.DECIDE_REQUESTS)


async def get_withholding(reading: Reading, withholding_id: UUID) -> AccessWithholding:
    """One withholding within the caller's reach."""
    columns = WITHHOLDINGS.c
    statement = select(WITHHOLDINGS).where(
        columns.id == withholding_id,
        within(reading.caller, Permission.DECIDE_REQUESTS, county=columns.county_terc),
    )
    return await reading.instance(AccessWithholding, statement, WithholdingNotFound)


async def lock_withholding(change: Change, withholding_id: UUID) -> AccessWithholding:
    """One withholding within the caller's reach, locked until the transaction ends."""
    columns = WITHHOLDINGS.c
    statement = select(WITHHOLDINGS).where(
        columns.id == withholding_id,
        within(change.caller, Permission.DECIDE_REQUESTS, county=columns.county_terc),
    )
    await lock_people(change, statement.with_only_columns(columns.person_id))
    return await change.instance(
        AccessWithholding, statement.with_for_update(), WithholdingNotFound
    )


async def get_shown(reading: Reading, withholding: AccessWithholding) -> Stored:
    """A withholding as it is shown, with its reason."""
    key = await get_key(reading, withholding.person_id)
    place = place_of("access_withholdings", withholding.id)
    sealed = unseal(key, place, withholding.sealed)
    facts = withholding.model_dump(include={*_STORED})
    body = WithholdingRead.model_validate(facts | sealed)
    return Stored(withholding.id, withholding.version, body.model_dump_json())


def is_withheld(
    person_id: UUID, at: ColumnElement[Any], now: datetime
) -> ColumnElement[bool]:
    """SQL condition: an access to the person's data at that time is withheld from the
    guardians at `now`.
    """
    columns = WITHHOLDINGS.c
    withheld: ColumnElement[bool] = (
        _withholding(person_id, now)
        .where(
            columns.withheld_from <= at,
            # The end is exclusive, so that two periods can follow each other.
            or_(columns.withheld_to.is_(None), columns.withheld_to > at),
        )
        # The audit table belongs to the outer query, which supplies the time.
        .correlate_except(WITHHOLDINGS)
    )
    return withheld


def has_withholding(person_id: UUID, now: datetime) -> ColumnElement[bool]:
    """SQL condition: anything about the person is withheld at `now`."""
    withheld: ColumnElement[bool] = _withholding(person_id, now)
    return withheld


def _withholding(person_id: UUID, now: datetime) -> Exists:
    columns = WITHHOLDINGS.c
    return exists().where(
        columns.person_id == person_id,
        or_(columns.visible_after.is_(None), columns.visible_after > now),
    )

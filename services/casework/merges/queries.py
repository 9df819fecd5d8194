"""Every query on merges."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import array

from services.casework.accounts.queries import ACCOUNTS
from services.casework.merges.models import Merge
from services.casework.merges.rules import shared
from services.casework.merges.schemas import LikelyDuplicate, MergeList, MergeRead
from services.casework.people.queries import (
    NAMES,
    get_person,
    list_sharing,
    lock_people,
)
from services.casework.permissions import Permission
from services.casework.person_searches.queries import summary_of
from services.casework.problems import MergeNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

MERGES = rows_of(Merge)
_WIRE = {name: MERGES.c[name] for name in MergeRead.model_fields}
STORED = stored_columns(_WIRE, MERGES.c.id, MERGES.c.version)
_MOST_LIKELY = 20
_LIST = Filtered(
    Listing(_WIRE, {"created_at": MERGES.c.created_at}, "-created_at", MERGES.c.id),
    MERGES,
    {
        name: Filter(MERGES.c[name])
        for name in ("county_terc", "state", "kept_id", "merged_id")
    },
    county=MERGES.c.county_terc,
)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    return within(caller, permission, county=MERGES.c.county_terc)


def list_merges(query: MergeList, caller: Caller) -> Listed:
    """The merges within the caller's reach."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.EDIT_PEOPLE)


async def get_merge(reading: Reading, merge_id: UUID) -> Stored:
    """One merge within the caller's reach; MergeNotFound."""
    permission = Permission.EDIT_PEOPLE
    query = by_key(_LIST, merge_id, reading.caller, permission, STORED)
    return await reading.stored(query.statement, MergeNotFound, query.values)


async def lock_merge(change: Change, merge_id: UUID) -> Merge:
    """One merge on which the caller may decide,
    locked until the transaction ends; MergeNotFound.
    """
    reached = _reach(change.caller, Permission.MERGE_PEOPLE)
    statement = select(MERGES).where(MERGES.c.id == merge_id, reached)
    # Both people in one statement, in the order of their ids, and before the merge.
    both = func.unnest(array([MERGES.c.kept_id, MERGES.c.merged_id]))
    await lock_people(change, statement.with_only_columns(both))
    return await change.instance(Merge, statement.with_for_update(), MergeNotFound)


async def both_have_accounts(reading: Reading, one: UUID, other: UUID) -> bool:
    """Whether both records have an account that has not ended."""
    statement = select(func.count(ACCOUNTS.c.person_id.distinct())).where(
        # Ended accounts give no access and cause no conflict.
        ACCOUNTS.c.person_id.in_([one, other]),
        ACCOUNTS.c.ended_at.is_(None),
    )
    return bool(await reading.scalar(statement) == 2)


async def list_likely_duplicates(
    reading: Reading, person_id: UUID
) -> list[LikelyDuplicate]:
    """The other records of the county that share a number or a pair of facts, those
    that share the most first.
    """
    permission = Permission.EDIT_PEOPLE
    record = await get_person(reading, person_id, permission)
    own = select(NAMES.c.digest).where(NAMES.c.person_id == person_id)
    digests = [*await reading.scalars(own)]
    if record.person.pesel_index is not None:
        # Digests of names and numbers can be searched together: each digest includes
        # its purpose, so a name never equals a number.
        digests.append(record.person.pesel_index)
    # One more, because the record itself is found, too.
    sharing = await list_sharing(reading, digests, permission, _MOST_LIKELY + 1)
    identity = record.identity.model_dump()
    likely = [
        LikelyDuplicate(
            **summary_of(other).model_dump(),
            shares=shared(identity, other.identity.model_dump()),
        )
        for other in sharing
        if other.person.id != person_id
        # The caller may reach several counties, but a merge stays within one.
        and other.person.county_terc == record.person.county_terc
    ]
    ranked = sorted(likely, key=lambda each: len(each.shares), reverse=True)
    return ranked[:_MOST_LIKELY]

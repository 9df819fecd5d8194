"""Every query of groups."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.expanding import Expansion
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.groups.models import Group, GroupTrainer
from services.training.groups.schemas import GroupList, GroupRead
from services.training.permissions import Permission
from services.training.problems import GroupNotFound
from services.training.programme_versions.models import ProgrammeVersion
from services.training.programmes.models import Programme

GROUPS = rows_of(Group)
GROUP_TRAINERS = rows_of(GroupTrainer)
PROGRAMMES = rows_of(Programme)
VERSIONS = rows_of(ProgrammeVersion)
_AGREED = VERSIONS.join(PROGRAMMES, PROGRAMMES.c.id == VERSIONS.c.programme_id)
JOINED = GROUPS.join(_AGREED, VERSIONS.c.id == GROUPS.c.programme_version_id)
# Ids alone: groups are public, names of trainers are for staff.
_TRAINERS = (
    select(GROUP_TRAINERS.c.trainer_id)
    .where(GROUP_TRAINERS.c.group_id == GROUPS.c.id)
    .order_by(GROUP_TRAINERS.c.trainer_id)
    .scalar_subquery()
)
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "programme_code": PROGRAMMES.c.code,
    "trainer_ids": func.array(_TRAINERS),
}
_WIRE = {
    name: _COMPUTED[name] if name in _COMPUTED else GROUPS.c[name]
    for name in GroupRead.model_fields
}
_SORTED = ("starts_on", "code", "county_terc", "changed_at")
_LISTING = Listing(
    _WIRE, {name: GROUPS.c[name] for name in _SORTED}, "-starts_on", GROUPS.c.id
)
_LIST = Filtered(
    _LISTING,
    JOINED,
    {
        "programme_code": Filter(PROGRAMMES.c.code),
        "county_terc": Filter(GROUPS.c.county_terc),
        "state": Filter(GROUPS.c.state),
        "starts_from": Filter(GROUPS.c.starts_on, "from"),
        "starts_to": Filter(GROUPS.c.starts_on, "to"),
    },
)
REFERRED = Expansion(
    "group_id",
    Permission.READ_GROUPS,
    _LISTING,
    # Groups are public to every caller with the permission.
    lambda _: select(GROUPS).select_from(JOINED),
)
"""The group to which a row refers, by `group_id`."""


def list_groups(query: GroupList) -> Listed:
    """The groups that a list or a file shows."""
    columns = GROUPS.c
    # Without a reach: groups of all counties are public.
    listed = narrowed(_LIST, {name: getattr(query, name) for name in _LIST.filters})
    if query.trainer_id:
        group_ids = select(GROUP_TRAINERS.c.group_id).where(
            GROUP_TRAINERS.c.trainer_id == query.trainer_id
        )
        listed = listed.where(columns.id.in_(group_ids))
    if query.has_free_seats is not None:
        # From the group's row: enrolments of other counties are out of reach.
        is_free = columns.seats_taken < columns.capacity
        listed = listed.where(is_free if query.has_free_seats else ~is_free)
    return listed


_ONE: Rows = (
    select(*stored_columns(_WIRE, GROUPS.c.id, GROUPS.c.version))
    .select_from(JOINED)
    .where(GROUPS.c.id == bindparam("key"))
)


async def get_group(reading: Reading, group_id: UUID) -> Stored:
    """One group with its current seats."""
    return await reading.stored(_ONE, GroupNotFound, {"key": group_id})


class GroupFacts(NamedTuple):
    """A group with facts of its programme (`programme_…`) and version (`version_…`)."""

    id: UUID
    version: int
    county_terc: str
    title: str
    capacity: int
    seats_taken: int
    waiting: int
    state: str
    starts_on: date
    ends_on: date
    programme_id: UUID
    programme_code: str
    programme_enrolment_rule: str
    programme_trainees_per_location: int | None
    programme_smallest_team: int | None
    programme_largest_team: int | None
    programme_starts_on: date
    programme_ends_on: date
    version_state: str
    version_group_capacity: int

    @property
    def free(self) -> int:
        """The number of free seats."""
        return self.capacity - self.seats_taken


def _column(name: str) -> ColumnElement[Any]:
    if name in GROUPS.c:
        return GROUPS.c[name]
    table, _, column = name.partition("_")
    return (PROGRAMMES if table == "programme" else VERSIONS).c[column]


_FACTS: Rows = select(*[_column(name) for name in GroupFacts._fields])


async def get_group_facts(reading: Reading, group_id: UUID) -> GroupFacts:
    """A group's facts, not locked."""
    statement = _FACTS.select_from(JOINED).where(GROUPS.c.id == group_id)
    return GroupFacts(*await reading.one(statement, GroupNotFound))


async def lock_group(change: Change, group_id: UUID) -> GroupFacts:
    """A group, locked until the transaction ends, so that seats are given one by one.

    The group has to be locked before trainees.
    """
    statement = _FACTS.select_from(JOINED).where(GROUPS.c.id == group_id)
    # Without the programme's row: groups need not wait for each other.
    locking = statement.with_for_update(of=GROUPS, key_share=True)
    return GroupFacts(*await change.one(locking, GroupNotFound))


class AgreedVersion(NamedTuple):
    """The agreed version of a programme; None where there is none, and its days."""

    id: UUID | None
    group_capacity: int | None
    starts_on: date
    ends_on: date


async def find_agreed_version(
    reading: Reading, programme_code: str
) -> AgreedVersion | None:
    """The programme's days and its agreed version, whose id is None without one.

    None for an unknown programme.
    """
    # At most one row: a unique index allows one agreed version of a programme.
    is_agreed = (VERSIONS.c.programme_id == PROGRAMMES.c.id) & (
        VERSIONS.c.state == "agreed"
    )
    statement = (
        select(
            VERSIONS.c.id,
            VERSIONS.c.group_capacity,
            PROGRAMMES.c.starts_on,
            PROGRAMMES.c.ends_on,
        )
        .select_from(PROGRAMMES.outerjoin(VERSIONS, is_agreed))
        .where(PROGRAMMES.c.code == programme_code)
    )
    row = await reading.find(statement)
    return None if row is None else AgreedVersion(*row)


async def list_trainer_ids(reading: Reading, group_id: UUID) -> Sequence[UUID]:
    """The ids of a group's trainers."""
    statement = select(GROUP_TRAINERS.c.trainer_id)
    return await reading.scalars(statement.where(GROUP_TRAINERS.c.group_id == group_id))

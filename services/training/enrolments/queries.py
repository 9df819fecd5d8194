"""Every query of enrolments."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.callers import Caller, Reach
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.authorities.models import Authority
from services.training.enrolments.models import Enrolment
from services.training.enrolments.rules import (
    COUNTED,
    LIVE,
    SEATED,
    EnrolmentState,
    Peer,
)
from services.training.enrolments.schemas import (
    EnrolmentList,
    EnrolmentRead,
    GroupMember,
    MemberList,
)
from services.training.groups.queries import GROUPS, REFERRED, VERSIONS, GroupFacts
from services.training.permissions import Permission
from services.training.problems import EnrolmentNotFound
from services.training.trainees.models import Trainee
from services.training.trainees.queries import TRAINEES
from services.training.trainers.queries import SESSIONS

ENROLMENTS = rows_of(Enrolment)
_AUTHORITIES = rows_of(Authority)
RELATED = {"trainer": ENROLMENTS.c.group_id, "trainee": ENROLMENTS.c.trainee_id}
"""The columns by which relations reach an enrolment."""
_WIRE = {name: ENROLMENTS.c[name] for name in EnrolmentRead.model_fields}
STORED = stored_columns(_WIRE, ENROLMENTS.c.id, ENROLMENTS.c.version)
_LEADING = ("group_id", "trainee_id")
_NAMES = (*_LEADING, "county_terc", "state", "is_preferred")
_LIST = Filtered(
    Listing(
        _WIRE, {"created_at": ENROLMENTS.c.created_at}, "-created_at", ENROLMENTS.c.id
    ),
    ENROLMENTS,
    {name: Filter(ENROLMENTS.c[name], leads=name in _LEADING) for name in _NAMES},
    county=ENROLMENTS.c.county_terc,
    objects=RELATED,
)
_MEMBERS = Filtered(
    Listing(
        {
            name: ENROLMENTS.c[name] if name in ENROLMENTS.c else TRAINEES.c[name]
            for name in GroupMember.model_fields
        },
        {name: ENROLMENTS.c[name] for name in ("is_preferred", "sequence")},
        "-is_preferred,sequence",
        ENROLMENTS.c.id,
    ),
    ENROLMENTS.join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id),
    {
        "group_id": Filter(ENROLMENTS.c.group_id, leads=True),
        "state": Filter(ENROLMENTS.c.state),
    },
    county=ENROLMENTS.c.county_terc,
    objects=RELATED,
)


EXPANSIONS = {"group": REFERRED}


def list_enrolments(query: EnrolmentList, caller: Caller) -> Listed:
    """The enrolments that a list shows."""
    values = {name: getattr(query, name) for name in _NAMES}
    listed = filtered(_LIST, values, caller, Permission.READ_ENROLMENTS)
    return listed._replace(expansions=EXPANSIONS)


def list_members(group_id: UUID, query: MemberList, caller: Caller) -> Listed:
    """The enrolments in a group with names, within the caller's reach."""
    permission = Permission.READ_ENROLMENTS
    values = {"group_id": group_id, "state": query.state}
    listed = filtered(_MEMBERS, values, caller, permission)
    is_trainer = "trainer" in caller.relations.get(permission, ())
    if not is_trainer or caller.reach(permission) != Reach.RELATED:
        return listed
    # Trainers see participants only, not rejected or waiting people.
    seated = ENROLMENTS.c.state.in_(SEATED)
    return listed.where(seated)


async def get_enrolment(reading: Reading, enrolment_id: UUID) -> Stored:
    """One enrolment within the caller's reach."""
    permission = Permission.READ_ENROLMENTS
    lookup = by_key(_LIST, enrolment_id, reading.caller, permission, STORED)
    return await reading.stored(lookup.statement, EnrolmentNotFound, lookup.values)


async def get_enrolment_facts(
    reading: Reading, enrolment_id: UUID, permission: Permission
) -> Enrolment:
    """One enrolment that the caller's permission reaches, not locked."""
    lookup = by_key(_LIST, enrolment_id, reading.caller, permission)
    return await reading.instance(
        Enrolment, lookup.statement, EnrolmentNotFound, lookup.values
    )


_ONE: Rows = select(*STORED).where(ENROLMENTS.c.id == bindparam("key"))


async def get_stored(reading: Reading, enrolment_id: UUID) -> Stored:
    """The answer of an enrolment, whose reach has been checked before."""
    return await reading.stored(_ONE, EnrolmentNotFound, {"key": enrolment_id})


async def list_peers(
    reading: Reading, trainee: Trainee, group: GroupFacts
) -> list[Peer]:
    """The people who are counted in the programme's groups.

    The trainee, and all people of the same location or authority.
    """
    alike = [TRAINEES.c.id == trainee.id]
    if trainee.site_id is not None:
        alike.append(TRAINEES.c.site_id == trainee.site_id)
    if trainee.authority_id is not None:
        alike.append(TRAINEES.c.authority_id == trainee.authority_id)
    # A few small rows: the rules count them, not the query.
    columns = (
        ENROLMENTS.c.trainee_id,
        ENROLMENTS.c.group_id,
        TRAINEES.c.site_id,
        TRAINEES.c.authority_id,
    )
    statement = (
        select(*columns)
        .join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)
        .join(GROUPS, GROUPS.c.id == ENROLMENTS.c.group_id)
        .join(VERSIONS, VERSIONS.c.id == GROUPS.c.programme_version_id)
        .where(
            VERSIONS.c.programme_id == group.programme_id,
            ENROLMENTS.c.state.in_(COUNTED),
            or_(*alike),
        )
    )
    return [Peer(*row) for row in await reading.rows(statement)]


async def list_overlapping_groups(
    reading: Reading, trainee_id: UUID, group_id: UUID
) -> Sequence[UUID]:
    """A trainee's other groups whose sessions overlap with those of a group."""
    # The same table twice: sessions of this group, and of the other groups.
    theirs = SESSIONS.alias("theirs")
    in_other_groups = select(ENROLMENTS.c.group_id).where(
        ENROLMENTS.c.trainee_id == trainee_id,
        ENROLMENTS.c.group_id != group_id,
        ENROLMENTS.c.state.in_(LIVE),
    )
    statement = (
        select(theirs.c.group_id)
        .distinct()
        .join(
            SESSIONS,
            (SESSIONS.c.starts_at < theirs.c.ends_at)
            & (SESSIONS.c.ends_at > theirs.c.starts_at),
        )
        .where(
            # Cancelled sessions do not overlap.
            SESSIONS.c.group_id == group_id,
            SESSIONS.c.state != "cancelled",
            theirs.c.state != "cancelled",
            theirs.c.group_id.in_(in_other_groups),
        )
        .order_by(theirs.c.group_id)
    )
    return await reading.scalars(statement)


class Recruitment(NamedTuple):
    """The participation of an authority in a programme."""

    risk_source: str | None
    """The source that says that it is at risk of permanent marginalisation."""


async def find_recruitment(
    reading: Reading, authority_id: UUID | None, programme_id: UUID
) -> Recruitment | None:
    """The participation of an authority in a programme; None where there is none."""
    # Most people have no authority; this saves a query under the group's lock.
    if authority_id is None:
        return None
    statement = select(_AUTHORITIES.c.risk_source).where(
        _AUTHORITIES.c.id == authority_id,
        # An authority is recruited for each programme separately.
        _AUTHORITIES.c.programme_id == programme_id,
        _AUTHORITIES.c.state != "withdrawn",
    )
    row = await reading.find(statement)
    return None if row is None else Recruitment(*row)


def next_in_line(
    group_id: UUID, states: Sequence[EnrolmentState], free: int
) -> ColumnElement[bool]:
    """The condition for the first `free` enrolments of a group in these states.

    Preferred people first, then by the order of enrolment.
    """
    first = (
        select(ENROLMENTS.c.id)
        .where(ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.state.in_(states))
        # The order of the index, so that a long list is not sorted.
        .order_by(ENROLMENTS.c.is_preferred.desc(), ENROLMENTS.c.sequence)
        .limit(free)
    )
    return ENROLMENTS.c.id.in_(first)


async def list_accounts(
    change: Change, trainee_ids: Sequence[UUID]
) -> dict[UUID, str | None]:
    """The accounts of trainees, by trainee id.

    They are current if the group was locked before.
    """
    # Not stored with the enrolment, since the account of a trainee may change.
    columns = (TRAINEES.c.id, TRAINEES.c.account)
    statement = select(*columns).where(TRAINEES.c.id.in_([*trainee_ids]))
    return dict(map(tuple, await change.rows(statement)))


async def list_group_ids(reading: Reading, trainee_id: UUID) -> Sequence[UUID]:
    """The ids of a trainee's groups, except those left early, in order."""
    # Without rejected and withdrawn enrolments, which have nothing to be locked.
    statement = select(ENROLMENTS.c.group_id).distinct()
    statement = statement.where(
        ENROLMENTS.c.trainee_id == trainee_id, ENROLMENTS.c.state.in_(COUNTED)
    )
    return await reading.scalars(statement.order_by(ENROLMENTS.c.group_id))


async def list_seated_groups(reading: Reading, trainee_id: UUID) -> Sequence[UUID]:
    """The groups in which a trainee has a seat, or had one to the end."""
    statement = select(ENROLMENTS.c.group_id).where(
        ENROLMENTS.c.trainee_id == trainee_id, ENROLMENTS.c.state.in_(SEATED)
    )
    return await reading.scalars(statement)


async def count_of_team(
    reading: Reading, authority_id: UUID, besides: Enrolment
) -> int:
    """The number of live enrolments of an authority's people in a group.

    Without the enrolment `besides`.
    """
    statement = (
        select(func.count())
        .select_from(ENROLMENTS)
        .join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)
        .where(
            ENROLMENTS.c.group_id == besides.group_id,
            # The person who is about to leave does not count.
            ENROLMENTS.c.id != besides.id,
            ENROLMENTS.c.state.in_(LIVE),
            TRAINEES.c.authority_id == authority_id,
        )
    )
    return int(await reading.scalar(statement) or 0)


async def get_enrolment_by_id(reading: Reading, enrolment_id: UUID) -> Enrolment:
    """An enrolment, whose reach has been checked before."""
    statement = select(ENROLMENTS).where(ENROLMENTS.c.id == enrolment_id)
    return await reading.instance(Enrolment, statement, EnrolmentNotFound)


async def find_authority_of(reading: Reading, trainee_id: UUID) -> UUID | None:
    """The authority in whose task team a trainee is; None where there is none."""
    statement = select(TRAINEES.c.authority_id).where(TRAINEES.c.id == trainee_id)
    authority_id: UUID | None = await reading.scalar(statement)
    return authority_id

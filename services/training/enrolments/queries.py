"""Every question asked of enrolments."""

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
"""What relations to an enrolment lead by."""
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
    """The enrolments in a group with names, as far as the caller's reach goes."""
    permission = Permission.READ_ENROLMENTS
    values = {"group_id": group_id, "state": query.state}
    listed = filtered(_MEMBERS, values, caller, permission)
    trains = "trainer" in caller.relations.get(permission, ())
    if not trains or caller.reach(permission) != Reach.RELATED:
        return listed
    # A trainer needs to know who takes part, and not who was rejected or waits.
    seated = ENROLMENTS.c.state.in_(SEATED)
    return listed.where(seated)


async def get_enrolment(reading: Reading, enrolment_id: UUID) -> Stored:
    """One enrolment within the caller's reach."""
    permission = Permission.READ_ENROLMENTS
    kept = by_key(_LIST, enrolment_id, reading.caller, permission, STORED)
    return await reading.stored(kept.statement, EnrolmentNotFound, kept.values)


async def get_enrolment_facts(
    reading: Reading, enrolment_id: UUID, permission: Permission
) -> Enrolment:
    """One enrolment that the caller's permission reaches, as it is at the moment."""
    kept = by_key(_LIST, enrolment_id, reading.caller, permission)
    return await reading.instance(
        Enrolment, kept.statement, EnrolmentNotFound, kept.values
    )


_ONE: Rows = select(*STORED).where(ENROLMENTS.c.id == bindparam("key"))


async def get_stored(reading: Reading, enrolment_id: UUID) -> Stored:
    """An enrolment as shown, whatever the caller may read.

    Another right has let them in.
    """
    return await reading.stored(_ONE, EnrolmentNotFound, {"key": enrolment_id})


async def list_peers(
    reading: Reading, trainee: Trainee, group: GroupFacts
) -> list[Peer]:
    """Who is counted in the programme's groups.

    The trainee, and all of that location or authority.
    """
    alike = [TRAINEES.c.id == trainee.id]
    if trainee.site_id is not None:
        alike.append(TRAINEES.c.site_id == trainee.site_id)
    if trainee.authority_id is not None:
        alike.append(TRAINEES.c.authority_id == trainee.authority_id)
    # Four columns of a handful of rows: the rules count, and not the query.
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
    """The groups of a trainee whose sessions are at the same time as a group's own."""
    # The same table twice: the sessions of this group, and those of the others.
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
            # A session that was cancelled keeps nobody.
            SESSIONS.c.group_id == group_id,
            SESSIONS.c.state != "cancelled",
            theirs.c.state != "cancelled",
            theirs.c.group_id.in_(in_other_groups),
        )
        .order_by(theirs.c.group_id)
    )
    return await reading.scalars(statement)


class Recruitment(NamedTuple):
    """That an authority takes part in a programme."""

    risk_source: str | None
    """What says that it is at risk of permanent marginalisation."""


async def find_recruitment(
    reading: Reading, authority_id: UUID | None, programme_id: UUID
) -> Recruitment | None:
    """How an authority takes part in a programme; None where it does not."""
    # Most people are of no authority, and a group's lock is held meanwhile.
    if authority_id is None:
        return None
    statement = select(_AUTHORITIES.c.risk_source).where(
        _AUTHORITIES.c.id == authority_id,
        # An authority is recruited for each programme by itself.
        _AUTHORITIES.c.programme_id == programme_id,
        _AUTHORITIES.c.state != "withdrawn",
    )
    row = await reading.find(statement)
    return None if row is None else Recruitment(*row)


def next_in_line(
    group_id: UUID, states: Sequence[EnrolmentState], free: int
) -> ColumnElement[bool]:
    """The first so many of a group in these states.

    Who is preferred, then as they came.
    """
    first = (
        select(ENROLMENTS.c.id)
        .where(ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.state.in_(states))
        # As the index has them: the first of a long line are found at once.
        .order_by(ENROLMENTS.c.is_preferred.desc(), ENROLMENTS.c.sequence)
        .limit(free)
    )
    return ENROLMENTS.c.id.in_(first)


async def list_accounts(
    change: Change, trainee_ids: Sequence[UUID]
) -> dict[UUID, str | None]:
    """The accounts of trainees, by whom.

    Read after their group is locked, they are the newest.
    """
    # Not kept with the enrolment: an account may become another's.
    columns = (TRAINEES.c.id, TRAINEES.c.account)
    statement = select(*columns).where(TRAINEES.c.id.in_([*trainee_ids]))
    return dict(map(tuple, await change.rows(statement)))


async def list_group_ids(reading: Reading, trainee_id: UUID) -> Sequence[UUID]:
    """The groups that a trainee is or was in, in order."""
    # Ended ones too were left long ago: they lead to nothing that has to be locked.
    statement = select(ENROLMENTS.c.group_id).distinct()
    statement = statement.where(
        ENROLMENTS.c.trainee_id == trainee_id, ENROLMENTS.c.state.in_(COUNTED)
    )
    return await reading.scalars(statement.order_by(ENROLMENTS.c.group_id))


async def list_seated_groups(reading: Reading, trainee_id: UUID) -> Sequence[UUID]:
    """The groups in which a trainee has, or had to the end, a seat."""
    statement = select(ENROLMENTS.c.group_id).where(
        ENROLMENTS.c.trainee_id == trainee_id, ENROLMENTS.c.state.in_(SEATED)
    )
    return await reading.scalars(statement)


async def count_of_team(
    reading: Reading, authority_id: UUID, besides: Enrolment
) -> int:
    """How many of an authority are in a group, or are to be, without one of them."""
    statement = (
        select(func.count())
        .select_from(ENROLMENTS)
        .join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)
        .where(
            ENROLMENTS.c.group_id == besides.group_id,
            # Who is about to leave is not one of those who are left.
            ENROLMENTS.c.id != besides.id,
            ENROLMENTS.c.state.in_(LIVE),
            TRAINEES.c.authority_id == authority_id,
        )
    )
    return int(await reading.scalar(statement) or 0)


async def get_enrolment_by_id(reading: Reading, enrolment_id: UUID) -> Enrolment:
    """An enrolment whatever the caller may read: another right has let them in."""
    statement = select(ENROLMENTS).where(ENROLMENTS.c.id == enrolment_id)
    return await reading.instance(Enrolment, statement, EnrolmentNotFound)


async def find_authority_of(reading: Reading, trainee_id: UUID) -> UUID | None:
    """The authority in whose task team a trainee is, if any."""
    statement = select(TRAINEES.c.authority_id).where(TRAINEES.c.id == trainee_id)
    found: UUID | None = await reading.scalar(statement)
    return found

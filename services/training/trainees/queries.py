"""Every query of trainees."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select, union_all

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import ResourceBusy, StateConflict
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.authorities.models import Authority
from services.training.enrolments.models import Enrolment
from services.training.permissions import Permission
from services.training.problems import TraineeNotFound
from services.training.task_teams.models import TaskTeamMember
from services.training.trainees.models import Trainee
from services.training.trainees.schemas import (
    TraineeList,
    TraineeRead,
    TraineeSummary,
)

TRAINEES = rows_of(Trainee)
AUTHORITIES = rows_of(Authority)
_ENROLMENTS = rows_of(Enrolment)
_MEMBERS = rows_of(TaskTeamMember)
# As texts: the states belong to a later slice, of which only columns are read here.
_TRAINED = ("accepted", "attending", "completed")
_OPEN = ("applied", "waitlisted", *_TRAINED)
_WIRE = {name: TRAINEES.c[name] for name in TraineeRead.model_fields}
STORED = stored_columns(_WIRE, TRAINEES.c.id, TRAINEES.c.version)
_LISTING = Listing(
    {name: TRAINEES.c[name] for name in TraineeSummary.model_fields},
    {name: TRAINEES.c[name] for name in ("created_at", "changed_at", "county_terc")},
    "-created_at",
    TRAINEES.c.id,
)
_FILTERS = (
    "county_terc",
    "organisation_type",
    "site_id",
    "authority_id",
    "target_group",
    "audience_role",
    "source",
    "external_id",
)

_LIST = Filtered(
    _LISTING,
    TRAINEES,
    {name: Filter(TRAINEES.c[name]) for name in _FILTERS}
    | {"is_erased": Filter(TRAINEES.c.erased_at.is_not(None))},
    county=TRAINEES.c.county_terc,
    objects={"trainee": TRAINEES.c.id},
)


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The condition for trainees whom the caller's permission reaches.

    For a trainer: the participants of the trainer's groups.
    """
    columns = TRAINEES.c
    own = within(
        caller, permission, county=columns.county_terc, objects={"trainee": columns.id}
    )
    if "trainer" not in caller.relations.get(permission, ()):
        return own
    # By rows of enrolments: a person may be in several groups.
    of_own_groups = within(
        caller, permission, objects={"trainer": _ENROLMENTS.c.group_id}
    )
    # Without applicants and waiting people, whose data a trainer does not need.
    participant_ids = select(_ENROLMENTS.c.trainee_id).where(
        of_own_groups, _ENROLMENTS.c.state.in_(_TRAINED)
    )
    return or_(own, columns.id.in_(participant_ids))


def list_trainees(query: TraineeList, caller: Caller) -> Listed:
    """The trainees that a list shows."""
    permission = Permission.READ_TRAINEES
    # Equality only: there is no search by name.
    values = {name: getattr(query, name) for name in _LIST.filters}
    if "trainer" not in caller.relations.get(permission, ()):
        return filtered(_LIST, values, caller, permission)
    # A trainer's reach needs enrolments, which `_LIST` does not join.
    trainees: Rows = select(TRAINEES).where(reach(caller, permission))
    for name, value in values.items():
        if value is not None:
            column_values = value if isinstance(value, list) else [value]
            column = _LIST.filters[name].column
            trainees = trainees.where(column.in_(column_values))
    return Listed(_LISTING, trainees)


async def get_trainee(
    reading: Reading,
    trainee_id: UUID,
    permission: Permission = Permission.READ_TRAINEES,
) -> Trainee:
    """One trainee within the caller's reach."""
    is_in_reach = reach(reading.caller, permission)
    statement = select(TRAINEES).where(TRAINEES.c.id == trainee_id, is_in_reach)
    return await reading.instance(Trainee, statement, TraineeNotFound)


async def lock_trainee(
    change: Change, trainee_id: UUID, permission: Permission
) -> Trainee:
    """A trainee within the caller's reach, locked until the transaction ends.

    StateConflict where the trainee was erased.
    """
    is_in_reach = reach(change.caller, permission)
    statement = select(TRAINEES).where(TRAINEES.c.id == trainee_id, is_in_reach)
    locking = statement.with_for_update()
    return require_known(await change.instance(Trainee, locking, TraineeNotFound))


def require_known(trainee: Trainee) -> Trainee:
    """The same trainee; StateConflict where the trainee was erased."""
    if trainee.erased_at is not None:
        raise StateConflict(state="erased", allowed=[])
    return trainee


async def list_trainees_by_id(
    reading: Reading, trainee_ids: Collection[UUID]
) -> list[Trainee]:
    """The given trainees that row-level security shows."""
    statement = select(TRAINEES).where(TRAINEES.c.id.in_([*trainee_ids]))
    return [Trainee(**row._mapping) for row in await reading.rows(statement)]


async def lock_colleagues(change: Change, trainees: Sequence[Trainee]) -> None:
    """Lock trainees and all people of the same locations or authorities, in one order.

    Concurrent enrolments for one location or team thereby count each other.
    ResourceBusy where one of the trainees has changed since it was read.
    """
    columns = TRAINEES.c
    # The trainees themselves, also without location or authority.
    alike = [columns.id.in_([each.id for each in trainees])]
    if sites := {each.site_id for each in trainees} - {None}:
        alike.append(columns.site_id.in_(sites))
    if authorities := {each.authority_id for each in trainees} - {None}:
        alike.append(columns.authority_id.in_(authorities))
    statement = select(columns.id, columns.version).where(or_(*alike))
    rows = await change.rows(statement.order_by(columns.id).with_for_update())
    # The registry was asked about facts that were read before the lock.
    if not {(each.id, each.version) for each in trainees} <= {*map(tuple, rows)}:
        raise ResourceBusy(retry_after=1)


_ONE: Rows = select(*STORED).where(TRAINEES.c.id == bindparam("key"))


async def get_stored(reading: Reading, trainee_id: UUID) -> Stored:
    """The answer of a trainee, whose reach has been checked before."""
    return await reading.stored(_ONE, TraineeNotFound, {"key": trainee_id})


async def trainee_is_enrolled(reading: Reading, trainee_id: UUID) -> bool:
    """Whether a trainee has an enrolment that was not rejected or withdrawn.

    Or is in the task team of an authority.
    """
    enrolled = select(_ENROLMENTS.c.id).where(
        _ENROLMENTS.c.trainee_id == trainee_id, _ENROLMENTS.c.state.in_(_OPEN)
    )
    # A member who moved to another authority could still read this one's work.
    in_team = select(_MEMBERS.c.id).where(
        _MEMBERS.c.trainee_id == trainee_id, _MEMBERS.c.left_on.is_(None)
    )
    return await reading.find(union_all(enrolled, in_team).limit(1)) is not None


async def find_county_of_authority(reading: Reading, authority_id: UUID) -> str | None:
    """The county of an authority; None where there is no such authority."""
    statement = select(AUTHORITIES.c.county_terc).where(
        AUTHORITIES.c.id == authority_id
    )
    county: str | None = await reading.scalar(statement)
    return county

"""Every query of the validators of groups."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, union_all

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.enrolments.models import Enrolment
from services.training.group_validators.models import GroupValidator
from services.training.group_validators.schemas import GroupValidatorRead
from services.training.groups.models import Group, GroupTrainer
from services.training.permissions import Permission
from services.training.problems import GroupNotFound, GroupValidatorNotFound
from services.training.sessions.models import Session, SessionTrainer
from services.training.trainees.models import Trainee
from services.training.trainers.models import Trainer

VALIDATORS = rows_of(GroupValidator)
GROUPS = rows_of(Group)
_GROUP_TRAINERS = rows_of(GroupTrainer)
_SESSIONS = rows_of(Session)
_SESSION_TRAINERS = rows_of(SessionTrainer)
_TRAINERS = rows_of(Trainer)
_ENROLMENTS = rows_of(Enrolment)
_TRAINEES = rows_of(Trainee)
_WIRE = {name: VALIDATORS.c[name] for name in GroupValidatorRead.model_fields}
STORED = stored_columns(_WIRE, VALIDATORS.c.id, VALIDATORS.c.version)
_LISTING = Listing(
    _WIRE, {"created_at": VALIDATORS.c.created_at}, "created_at", VALIDATORS.c.id
)


def _reach(
    reading: Reading, permission: Permission, county: ColumnElement[str]
) -> ColumnElement[bool]:
    return within(reading.caller, permission, county=county)


def list_validators(reading: Reading, group_id: UUID) -> Listed:
    """The validators of a group that the caller organises."""
    rows: Rows = select(VALIDATORS)
    reach = _reach(reading, Permission.EDIT_GROUPS, VALIDATORS.c.county_terc)
    return Listed(_LISTING, rows.where(VALIDATORS.c.group_id == group_id, reach))


async def lock_group(change: Change, group_id: UUID) -> Group:
    """A group that the caller organises, locked until the transaction ends.

    Its trainers cannot change meanwhile.
    """
    statement = select(GROUPS).where(
        GROUPS.c.id == group_id,
        _reach(change, Permission.EDIT_GROUPS, GROUPS.c.county_terc),
    )
    # Without the key: rows that refer to the group may be added meanwhile.
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Group, locking, GroupNotFound)


async def lock_validator(
    change: Change, group_id: UUID, validator_id: UUID
) -> GroupValidator:
    """A validator of a group that the caller organises, locked."""
    statement = select(VALIDATORS).where(
        VALIDATORS.c.id == validator_id,
        VALIDATORS.c.group_id == group_id,
        _reach(change, Permission.EDIT_GROUPS, VALIDATORS.c.county_terc),
    )
    locking = statement.with_for_update()
    return await change.instance(GroupValidator, locking, GroupValidatorNotFound)


async def account_is_of_trainer(reading: Reading, group_id: UUID, account: str) -> bool:
    """Whether an account belongs to a trainer of a group or of one of its sessions."""
    of_group = select(_GROUP_TRAINERS.c.trainer_id).where(
        _GROUP_TRAINERS.c.group_id == group_id
    )
    # Sessions as well: a former trainer of the group has taught it.
    of_sessions = (
        select(_SESSION_TRAINERS.c.trainer_id)
        .join(_SESSIONS, _SESSIONS.c.id == _SESSION_TRAINERS.c.session_id)
        .where(_SESSIONS.c.group_id == group_id)
    )
    # A union instead of OR, so that each half uses its own index.
    trainer_ids = union_all(of_group, of_sessions)
    statement = select(_TRAINERS.c.id).where(
        _TRAINERS.c.account == account, _TRAINERS.c.id.in_(trainer_ids)
    )
    return await reading.find(statement) is not None


async def account_is_of_trainee(reading: Reading, group_id: UUID, account: str) -> bool:
    """Whether an account belongs to a trainee of a group.

    In a transaction that reaches everywhere.
    """
    statement = (
        select(_TRAINEES.c.id)
        .join(_ENROLMENTS, _ENROLMENTS.c.trainee_id == _TRAINEES.c.id)
        # In any state: a withdrawn trainee is not independent either.
        .where(_ENROLMENTS.c.group_id == group_id, _TRAINEES.c.account == account)
    )
    return await reading.find(statement) is not None


def shown(validator: GroupValidator) -> Stored:
    """The answer of a validator."""
    body = GroupValidatorRead.model_validate(validator.model_dump())
    return Stored(validator.id, validator.version, body.model_dump_json())


async def get_validator(reading: Reading, group_id: UUID, validator_id: UUID) -> Stored:
    """One validator of a group that the caller organises."""
    statement = select(*STORED).where(
        VALIDATORS.c.id == validator_id,
        VALIDATORS.c.group_id == group_id,
        _reach(reading, Permission.EDIT_GROUPS, VALIDATORS.c.county_terc),
    )
    return await reading.stored(statement, GroupValidatorNotFound)

"""Every change of who validates a group."""

from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere, relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.relations import account_holder
from services.training.group_validators import queries
from services.training.group_validators.models import GroupValidator
from services.training.group_validators.schemas import GroupValidatorName
from services.training.problems import ValidatorNotIndependent

VALIDATOR = "validator"


def _record(
    change: Change, action: str, validator: GroupValidator, verb: str, version: int
) -> None:
    path = f"groups/{validator.group_id}/validators/{validator.id}"
    subject = Subject(path, version, validator.county_terc)
    change.record(action, subject, f"group-validator.{verb}")


async def require_independent(change: Change, group_id: UUID, account: str) -> None:
    """ValidatorNotIndependent says whether the account trains or is trained there.

    The group is locked before: nobody becomes its trainer until this ends.
    """
    if await queries.account_is_of_trainer(change, group_id, account):
        raise ValidatorNotIndependent(relation="trainer")
    # A trainee of another county is out of reach, and no less a trainee of the group.
    async with acting_everywhere(change):
        is_trained = await queries.account_is_of_trainee(change, group_id, account)
    if is_trained:
        raise ValidatorNotIndependent(relation="participant")


async def name_validator(
    change: Change, group_id: UUID, new: GroupValidatorName
) -> Stored:
    """Let an account validate a group from now on."""
    group = await queries.lock_group(change, group_id)
    # A group that has ended may still be validated, one that never met may not.
    if group.state == "cancelled":
        raise StateConflict(state=group.state, allowed=[])
    await require_independent(change, group_id, new.account)
    statement = insert(GroupValidator).values(
        county_terc=group.county_terc,
        group_id=group_id,
        account=new.account,
        named_by=change.caller.subject,
    )
    row = await change.one(statement.returning(*queries.VALIDATORS.c))
    validator = GroupValidator(**row._mapping)
    # In the same transaction: nobody is named who cannot record, or the other way.
    holder = account_holder(new.account)
    await relate(change, holder, VALIDATOR, [group_id], group.county_terc)
    _record(change, "name_group_validator", validator, "named", 1)
    return queries.shown(validator)


async def dismiss_validator(
    change: Change, group_id: UUID, validator_id: UUID, version: int
) -> None:
    """From now on the account validates the group no more.

    What it has validated stays.
    """
    validator = await queries.lock_validator(change, group_id, validator_id)
    require_version(validator.version, version)
    is_this = col(GroupValidator.id) == validator_id
    # Deleted, as nothing but the right hangs on it: validations name their account.
    await change.execute(delete(GroupValidator).where(is_this))
    holder = account_holder(validator.account)
    await unrelate(change, holder, VALIDATOR, [group_id])
    _record(change, "dismiss_group_validator", validator, "dismissed", version + 1)

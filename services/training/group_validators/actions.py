"""Every change of a group's validators."""

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
    """ValidatorNotIndependent where the account is a trainer or trainee of the group.

    The group has to be locked, so that its trainers do not change meanwhile.
    """
    if await queries.account_is_of_trainer(change, group_id, account):
        raise ValidatorNotIndependent(relation="trainer")
    # Everywhere: a trainee of the group may be of a county out of reach.
    async with acting_everywhere(change):
        is_trained = await queries.account_is_of_trainee(change, group_id, account)
    if is_trained:
        raise ValidatorNotIndependent(relation="participant")


async def name_validator(
    change: Change, group_id: UUID, new: GroupValidatorName
) -> Stored:
    """Make an account a validator of a group."""
    group = await queries.lock_group(change, group_id)
    # A completed group may still be validated, a cancelled one may not.
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
    # In the same transaction: the validator's row and relation exist together.
    holder = account_holder(new.account)
    await relate(change, holder, VALIDATOR, [group_id], group.county_terc)
    _record(change, "name_group_validator", validator, "named", 1)
    return queries.shown(validator)


async def dismiss_validator(
    change: Change, group_id: UUID, validator_id: UUID, version: int
) -> None:
    """Remove a validator of a group. Their validations stay."""
    validator = await queries.lock_validator(change, group_id, validator_id)
    require_version(validator.version, version)
    is_this = col(GroupValidator.id) == validator_id
    # Deleted: no other row refers to it, since validations store the account.
    await change.execute(delete(GroupValidator).where(is_this))
    holder = account_holder(validator.account)
    await unrelate(change, holder, VALIDATOR, [group_id])
    _record(change, "dismiss_group_validator", validator, "dismissed", version + 1)

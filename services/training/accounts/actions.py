"""Whose account it is.

What one sees begins and ends with it, in the same transaction.
"""

from uuid import UUID

from services.chassis.data.relating import acting_everywhere, relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.trust.relations import account_holder
from services.training.accounts import queries
from services.training.enrolments.actions import PARTICIPANT, lock_whole
from services.training.enrolments.queries import list_seated_groups
from services.training.groups.actions import TRAINER, relate_trainer
from services.training.permissions import Permission
from services.training.task_teams.actions import MEMBER
from services.training.task_teams.queries import list_team_authorities
from services.training.trainees import actions as trainees
from services.training.trainees.actions import TRAINEE
from services.training.trainers import actions as trainers
from services.training.trainers.queries import lock_trainer


async def join_trainee_account(
    change: Change, trainee_id: UUID, account: str | None, version: int
) -> Stored:
    """Let an account be a trainee's: it sees the own records.

    TraineeAccountTaken by another.
    """
    permission = Permission.EDIT_TRAINEES
    # The whole trainee: whoever enrols this person meanwhile relates the new account.
    trainee = await lock_whole(change, trainee_id, permission, version)
    # Before the relations: an account of somebody else ends the transaction here.
    joined = await trainees.change_trainee(change, trainee_id, account=account)
    async with acting_everywhere(change):
        groups = await list_seated_groups(change, trainee_id)
        authorities = await list_team_authorities(change, trainee_id)
        # The one before sees nothing from the next question on.
        if trainee.account is not None:
            await part_trainee(change, trainee.account)
        if account is not None:
            holder, county = account_holder(account), trainee.county_terc
            await relate(change, holder, TRAINEE, [trainee_id], county)
            await relate(change, holder, PARTICIPANT, groups, county)
            await relate(change, holder, MEMBER, authorities, county)
    event = "joined" if account else "parted"
    county = trainee.county_terc
    trainees.record_change(change, "join_trainee_account", joined, county, event)
    return joined


async def part_trainee(change: Change, account: str) -> None:
    """Let an account see nothing of a trainee any more.

    In a transaction that reaches everywhere.
    """
    # All of each kind: an account is one person's.
    for kind in (TRAINEE, PARTICIPANT, MEMBER):
        await unrelate(change, account_holder(account), kind)


async def join_trainer_account(
    change: Change, trainer_id: UUID, account: str | None, version: int
) -> Stored:
    """Let an account be a trainer's: it sees the people of own groups.

    TrainerAccountTaken by another.
    """
    trainer = await lock_trainer(change, trainer_id)
    require_version(trainer.version, version)
    joined = await trainers.change_trainer(change, trainer_id, account=account)
    async with acting_everywhere(change):
        if trainer.account is not None:
            await unrelate(change, account_holder(trainer.account), TRAINER)
        # As whoever sets a group's trainers writes it: to the last day.
        trainer.account = account
        for group_id, county in await queries.list_trained_groups(change, trainer_id):
            await relate_trainer(change, trainer, [group_id], county)
    event = "joined" if account else "parted"
    # That it changed, and never which account it is.
    fields = ["account"]
    trainers.record_change(change, "join_trainer_account", joined, event, fields)
    return joined

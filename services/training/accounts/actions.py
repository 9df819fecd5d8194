"""Every change of the account that belongs to a trainer or a trainee.

The account's relations, and so what it may read, change in the same transaction.
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
    """Link an account to a trainee, so that it reads the trainee's own records.

    TraineeAccountTaken where another trainee has the account.
    """
    permission = Permission.EDIT_TRAINEES
    # A full lock: an enrolment at the same time has to relate the new account.
    trainee = await lock_whole(change, trainee_id, permission, version)
    # Before the relations: an account that is taken ends the transaction here.
    stored_trainee = await trainees.change_trainee(change, trainee_id, account=account)
    async with acting_everywhere(change):
        groups = await list_seated_groups(change, trainee_id)
        authorities = await list_team_authorities(change, trainee_id)
        # The account before this one reads nothing from the next request on.
        if trainee.account is not None:
            await part_trainee(change, trainee.account)
        if account is not None:
            holder, county = account_holder(account), trainee.county_terc
            await relate(change, holder, TRAINEE, [trainee_id], county)
            await relate(change, holder, PARTICIPANT, groups, county)
            await relate(change, holder, MEMBER, authorities, county)
    event = "joined" if account else "parted"
    county = trainee.county_terc
    trainees.record_change(
        change, "join_trainee_account", stored_trainee, county, event
    )
    return stored_trainee


async def part_trainee(change: Change, account: str) -> None:
    """Remove every relation of an account to a trainee, its groups and authorities.

    In a transaction that reaches everywhere.
    """
    # All relations of each kind: an account belongs to one person.
    for kind in (TRAINEE, PARTICIPANT, MEMBER):
        await unrelate(change, account_holder(account), kind)


async def join_trainer_account(
    change: Change, trainer_id: UUID, account: str | None, version: int
) -> Stored:
    """Link an account to a trainer, so that it reads the people of their groups.

    TrainerAccountTaken where another trainer has the account.
    """
    trainer = await lock_trainer(change, trainer_id)
    require_version(trainer.version, version)
    stored_trainer = await trainers.change_trainer(change, trainer_id, account=account)
    async with acting_everywhere(change):
        if trainer.account is not None:
            await unrelate(change, account_holder(trainer.account), TRAINER)
        # As when a group's trainers are set: it ends with the trainer's last day.
        trainer.account = account
        for group_id, county in await queries.list_trained_groups(change, trainer_id):
            await relate_trainer(change, trainer, [group_id], county)
    event = "joined" if account else "parted"
    # The event says that the account changed, and never which account it is.
    fields = ["account"]
    trainers.record_change(
        change, "join_trainer_account", stored_trainer, event, fields
    )
    return stored_trainer

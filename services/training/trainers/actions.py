"""Every change of a trainer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere, write_relations
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_midnight
from services.chassis.trust.relations import account_holder
from services.training.trainers import queries
from services.training.trainers.models import Trainer
from services.training.trainers.rules import TrainerKind
from services.training.trainers.schemas import TrainerCreate, TrainerUpdate


def record_change(
    change: Change, action: str, trainer: Stored, event: str, fields: list[str]
) -> None:
    """The audit record and the event of a trainer's newest version.

    Which fields changed.
    """
    # Of no county: a trainer trains wherever a group is.
    subject = Subject(f"trainers/{trainer.key}", trainer.version)
    change.record(action, subject, f"trainer.{event}", fields=fields)


async def register_trainer(
    change: Change, new: TrainerCreate, kind: TrainerKind
) -> Stored:
    """Register somebody who trains or advises.

    TrainerAccountTaken where the account is another's.
    """
    # The account gives no right yet: it sees people once a group is given to it.
    values = new.model_dump()
    statement = insert(Trainer).values(**values, kind=kind)
    trainer = await change.stored(statement.returning(*queries.STORED))
    fields = sorted(name for name in values if values[name])
    record_change(change, f"register_{kind}", trainer, "registered", fields)
    return trainer


async def amend_trainer(
    change: Change,
    trainer_id: UUID,
    patch: TrainerUpdate,
    version: int,
    kind: TrainerKind | None = None,
) -> Stored:
    """Change what is known of a trainer.

    Who has left sees own groups to the last day.
    """
    trainer = await queries.lock_trainer(change, trainer_id, kind)
    require_version(trainer.version, version)
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(name for name in patched if patched[name] != getattr(trainer, name))
    # Without a change there is no version: the ETags that others hold stay valid.
    if not fields:
        return await queries.get_trainer(change, trainer_id)
    after = await change_trainer(change, trainer_id, **patched)
    # In the same transaction: nobody has left and still sees people.
    if "left_on" in fields:
        await _end_relations(change, trainer, patch)
    record_change(change, "amend_trainer", after, "changed", fields)
    return after


async def change_trainer(change: Change, trainer_id: UUID, **values: object) -> Stored:
    """Give a locked trainer these values and its next version."""
    statement = update(Trainer).where(col(Trainer.id) == trainer_id)
    statement = statement.values(
        **values, version=Trainer.version + 1, changed_at=func.now()
    )
    return await change.stored(statement.returning(*queries.STORED))


def sees_to(left_on: date | None) -> datetime | None:
    """The instant to which a trainer sees own groups.

    The end of the last day; None without one.
    """
    # Civil days: the last one ends at midnight in Poland, whatever the server's zone.
    return None if left_on is None else civil_midnight(left_on + timedelta(days=1))


async def _end_relations(
    change: Change, trainer: Trainer, patch: TrainerUpdate
) -> None:
    """Let the groups of a trainer be seen to the end of the last day.

    For good without one.
    """
    # Without an account nobody has looked at anything.
    if trainer.account is None:
        return
    ends_at = sees_to(patch.left_on)
    # The groups may be of any county, while trainers are of none.
    async with acting_everywhere(change):
        holder = account_holder(trainer.account)
        relations = await queries.list_relations(change, holder)
        ended = [relation._replace(ends_at=ends_at) for relation in relations]
        await write_relations(change, ended)

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
    """Write the audit record and the event of a trainer's newest version.

    With the names of the changed fields.
    """
    # Without a county: trainers work in all counties.
    subject = Subject(f"trainers/{trainer.key}", trainer.version)
    change.record(action, subject, f"trainer.{event}", fields=fields)


async def register_trainer(
    change: Change, new: TrainerCreate, kind: TrainerKind
) -> Stored:
    """Register a trainer or an external expert.

    TrainerAccountTaken where another trainer has the account.
    """
    # No relations yet: the account may read people once its trainer is in a group.
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
    """Change the facts of a trainer.

    With `left_on`, the account may read its groups until the end of that day.
    """
    trainer = await queries.lock_trainer(change, trainer_id, kind)
    require_version(trainer.version, version)
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(name for name in patched if patched[name] != getattr(trainer, name))
    # Without a change there is no new version, and ETags stay valid.
    if not fields:
        return await queries.get_trainer(change, trainer_id)
    after = await change_trainer(change, trainer_id, **patched)
    # In the same transaction: a trainer who has left must not read people.
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
    """The instant until which a trainer may read own groups.

    The end of the last day; None without one.
    """
    # A civil day ends at midnight in Poland, in any time zone of the server.
    return None if left_on is None else civil_midnight(left_on + timedelta(days=1))


async def _end_relations(
    change: Change, trainer: Trainer, patch: TrainerUpdate
) -> None:
    """Limit a trainer's relations to groups to the end of the last day.

    Unlimited without a last day.
    """
    # Without an account there are no relations.
    if trainer.account is None:
        return
    ends_at = sees_to(patch.left_on)
    # Everywhere: the groups may be of any county.
    async with acting_everywhere(change):
        holder = account_holder(trainer.account)
        relations = await queries.list_relations(change, holder)
        limited_relations = [
            relation._replace(ends_at=ends_at) for relation in relations
        ]
        await write_relations(change, limited_relations)

"""Every change of a programme."""

from collections.abc import Iterable

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.training.permissions import Permission
from services.training.programmes import queries
from services.training.programmes.models import Programme
from services.training.programmes.rules import contradictions
from services.training.programmes.schemas import (
    TrainingProgrammeCreate,
    TrainingProgrammeUpdate,
)


def _record(
    change: Change, action: str, code: str, after: Stored, fields: Iterable[str]
) -> None:
    verb = action.partition("_")[0]
    event = {"create": "programme.created", "amend": "programme.changed"}[verb]
    subject = Subject(f"programmes/{code}", after.version)
    change.record(action, subject, event, fields=sorted(fields))


async def create_programme(change: Change, new: TrainingProgrammeCreate) -> Stored:
    """Create a programme, without a version."""
    # Needs an unlimited reach: a programme has no county.
    demand(change.caller, Permission.EDIT_PROGRAMMES)
    facts = new.model_dump()
    refuse(*contradictions(facts))
    statement = insert(Programme).values(**facts).returning(*queries.STORED)
    programme = await change.stored(statement)
    fields = [name for name in facts if facts[name] is not None]
    _record(change, "create_training_programme", new.code, programme, fields)
    return programme


async def amend_programme(
    change: Change, code: str, patch: TrainingProgrammeUpdate, version: int
) -> Stored:
    """Change the patched fields. Code and enrolment rule are fixed for all groups."""
    demand(change.caller, Permission.EDIT_PROGRAMMES)
    programme = await queries.lock_programme(change, code)
    require_version(programme.version, version)
    patched = patch.model_dump(exclude_unset=True)
    # Together with the stored facts: a patch may hold one of two days.
    refuse(*contradictions(programme.model_dump() | patched))
    statement = (
        update(Programme)
        .where(col(Programme.id) == programme.id)
        .values(**patched, version=Programme.version + 1, changed_at=func.now())
    )
    after = await change.stored(statement.returning(*queries.STORED))
    _record(change, "amend_training_programme", code, after, patched)
    return after

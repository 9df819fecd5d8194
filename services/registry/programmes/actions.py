"""Every change of a programme. Programmes have no county: a caller who changes one must
reach every county.
"""

from collections.abc import Iterable

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.registry.permissions import Permission
from services.registry.programmes import queries
from services.registry.programmes.models import Programme
from services.registry.programmes.rules import contradictions
from services.registry.programmes.schemas import ProgrammeCreate, ProgrammeUpdate


async def create_programme(change: Change, new: ProgrammeCreate) -> Stored:
    """Set up a programme."""
    # Without a county: only a caller who reaches every county passes.
    demand(change.caller, Permission.EDIT_PROGRAMMES)
    facts = new.model_dump()
    refuse(*contradictions(facts))
    if new.process_code is not None:
        await queries.require_process(change, new.process_code)
    statement = insert(Programme).values(**facts).returning(*queries.STORED)
    programme = await change.stored(statement)
    subject = Subject(f"programmes/{new.code}", programme.version)
    _record(change, "create_programme", subject, "programme.created", facts)
    return programme


async def amend_programme(
    change: Change, code: str, patch: ProgrammeUpdate, version: int
) -> Stored:
    """Change the fields of a programme that the patch names."""
    programme = await queries.lock_programme(change, code)
    demand(change.caller, Permission.EDIT_PROGRAMMES)
    require_version(programme.version, version)
    patched = patch.model_dump(exclude_unset=True)
    # Checked together with the other fields: the patch may hold one of two days.
    refuse(*contradictions(programme.model_dump() | patched))
    values = patched | {"version": Programme.version + 1, "changed_at": func.now()}
    statement = update(Programme).where(col(Programme.code) == code).values(**values)
    after = await change.stored(statement.returning(*queries.STORED))
    subject = Subject(f"programmes/{code}", after.version)
    _record(change, "amend_programme", subject, "programme.changed", patched)
    return after


def _record(
    change: Change, action: str, subject: Subject, event: str, fields: Iterable[str]
) -> None:
    change.record(action, subject, event, fields=sorted(fields))

"""Every change of a legal act. Acts have no county: a caller who changes one
must reach every county.
"""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.registry.legal_acts import queries
from services.registry.legal_acts.models import LegalAct
from services.registry.legal_acts.rules import contradictions
from services.registry.legal_acts.schemas import LegalActCreate, LegalActUpdate
from services.registry.permissions import Permission


async def add_legal_act(change: Change, new: LegalActCreate) -> Stored:
    """Add an act or a provision to the catalogue."""
    # Without a county: only a caller who reaches every county passes.
    demand(change.caller, Permission.EDIT_LEGAL_ACTS)
    refuse(*contradictions(new.valid_from, new.valid_to))
    statement = insert(LegalAct).values(**new.model_dump())
    act = await change.stored(statement.returning(*queries.STORED))
    subject = Subject(f"legal-acts/{act.key}", act.version)
    change.record("add_legal_act", subject, "legal-act.added", eli=new.eli)
    return act


async def amend_legal_act(
    change: Change, act_id: UUID, patch: LegalActUpdate, version: int
) -> Stored:
    """Change the fields of an act that the patch names. References to the act stay."""
    act = await queries.lock_legal_act(change, act_id)
    demand(change.caller, Permission.EDIT_LEGAL_ACTS)
    require_version(act.version, version)
    patched = patch.model_dump(exclude_unset=True)
    # Checked together with the other fields: the patch may hold one of two days.
    after = act.model_dump() | patched
    refuse(*contradictions(after["valid_from"], after["valid_to"]))
    new_version = {"version": LegalAct.version + 1, "changed_at": func.now()}
    statement = update(LegalAct).where(col(LegalAct.id) == act_id)
    statement = statement.values(**patched, **new_version)
    amended = await change.stored(statement.returning(*queries.STORED))
    subject = Subject(f"legal-acts/{act_id}", amended.version)
    fields = sorted(patched)
    change.record("amend_legal_act", subject, "legal-act.changed", fields=fields)
    return amended

"""Every change of a template.

A published version is never changed: a new version is made.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.pathways import queries
from services.casework.pathways.models import Pathway
from services.casework.pathways.rules import (
    PathwayState,
    PathwayStep,
    PathwayVerb,
    allowed_verbs,
    step_errors,
)
from services.casework.pathways.schemas import (
    PathwayCreate,
    PathwayStepWire,
    PathwayUpdate,
)
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse


def _record(change: Change, action: str, pathway: Pathway, event: str) -> None:
    # Without a county: a template contains no personal data, so every follower may get
    # the event.
    subject = Subject(f"pathways/{pathway.id}", pathway.version)
    facts = {"code": pathway.code, "number": pathway.number}
    change.record(action, subject, f"pathway.{event}", event_data=facts)


def _require_steps(steps: list[PathwayStepWire]) -> None:
    names = set(PathwayStep._fields)
    rule_steps = [PathwayStep(**step.model_dump(include=names)) for step in steps]
    wrong = step_errors(rule_steps)
    refuse(*[(f"steps/{place}/{field}", code) for place, field, code in wrong])


async def draft_pathway(change: Change, new: PathwayCreate) -> Stored:
    """Draft the next version of a template."""
    _require_steps(new.steps)
    values = new.model_dump() | {"state": PathwayState.DRAFT}
    # Of two drafts at once the unique index refuses one, as a duplicate.
    number = await queries.get_next_number(change, new.code)
    statement = insert(Pathway).values(**values, number=number)
    row = await change.one(statement.returning(*queries.PATHWAYS.c))
    pathway = Pathway(**row._mapping)
    _record(change, "draft_pathway", pathway, "drafted")
    return queries.to_stored(pathway)


async def _lock_for(
    change: Change, pathway_id: UUID, verb: PathwayVerb, version: int
) -> Pathway:
    pathway = await queries.lock_pathway(change, pathway_id)
    require_version(pathway.version, version)
    allowed = allowed_verbs(PathwayState(pathway.state))
    if verb not in allowed:
        raise StateConflict(state=pathway.state, allowed=allowed)
    return pathway


async def _change(change: Change, pathway: Pathway, **values: Any) -> Pathway:
    statement = (
        update(Pathway)
        .where(col(Pathway.id) == pathway.id)
        .values(**values, version=Pathway.version + 1, changed_at=func.now())
        .returning(*queries.PATHWAYS.c)
    )
    return Pathway(**(await change.one(statement))._mapping)


async def amend_pathway(
    change: Change, pathway_id: UUID, new: PathwayUpdate, version: int
) -> Stored:
    """Replace the content of a draft."""
    pathway = await _lock_for(change, pathway_id, PathwayVerb.AMEND, version)
    _require_steps(new.steps)
    # The whole content, because steps refer to one another.
    after = await _change(change, pathway, **new.model_dump())
    _record(change, "amend_pathway", after, "changed")
    return queries.to_stored(after)


async def publish_pathway(
    change: Change, pathway_id: UUID, version: int, now: datetime
) -> Stored:
    """Publish a version, so that plans can be made from it."""
    pathway = await _lock_for(change, pathway_id, PathwayVerb.PUBLISH, version)
    state = PathwayState.PUBLISHED
    after = await _change(change, pathway, state=state, published_at=now)
    _record(change, "publish_pathway", after, "published")
    return queries.to_stored(after)


async def retire_pathway(change: Change, pathway_id: UUID, version: int) -> Stored:
    """Retire a version: no more plans are made from it,
    and existing plans keep their steps.
    """
    pathway = await _lock_for(change, pathway_id, PathwayVerb.RETIRE, version)
    after = await _change(change, pathway, state=PathwayState.RETIRED)
    _record(change, "retire_pathway", after, "retired")
    return queries.to_stored(after)

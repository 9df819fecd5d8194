"""Every change of a partner: a candidate is described, then accepted."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.training.partners import queries
from services.training.partners.models import Partner, PartnerProject
from services.training.partners.rules import (
    NEEDED_MONTHS,
    PartnerState,
    project_errors,
)
from services.training.partners.schemas import (
    PartnerCreate,
    PartnerProjectWire,
    PartnerUpdate,
)
from services.training.problems import PartnerNotEligible
from services.training.programmes.queries import find_programme_id


def _record(change: Change, action: str, partner: Stored, event: str) -> None:
    subject = Subject(f"partners/{partner.key}", partner.version)
    change.record(action, subject, f"partner.{event}")


def _require_projects(projects: Sequence[PartnerProjectWire], today: date) -> None:
    refuse(*project_errors(queries.projects_of([*projects]), today))


async def _write_projects(
    change: Change, partner_id: UUID, projects: Sequence[PartnerProjectWire]
) -> None:
    rows: list[dict[str, Any]] = [
        {"partner_id": partner_id, "number": number, **project.model_dump()}
        for number, project in enumerate(projects, 1)
    ]
    if rows:
        await change.execute(insert(PartnerProject), rows)


async def propose_partner(change: Change, new: PartnerCreate, today: date) -> Stored:
    """Add a candidate for the partner of a programme."""
    _require_projects(new.projects, today)
    programme_id = await find_programme_id(change, new.programme)
    # Checked here: a foreign key would fail without naming the field.
    if programme_id is None:
        raise UnknownReference(FieldError("pointer", "/programme", "not_found"))
    facts = new.model_dump(exclude={"programme", "projects"})
    statement = insert(Partner).values(programme_id=programme_id, **facts)
    partner_id = await change.scalar(statement.returning(col(Partner.id)))
    await _write_projects(change, partner_id, new.projects)
    partner = queries.shown(await queries.get_partner(change, partner_id, today))
    _record(change, "propose_partner", partner, "proposed")
    return partner


async def _lock_candidate(change: Change, partner_id: UUID, version: int) -> Partner:
    partner = await queries.lock_partner(change, partner_id)
    # The version first: a caller with an older version has to read again.
    require_version(partner.version, version)
    if partner.state != PartnerState.CANDIDATE:
        raise StateConflict(state=partner.state, allowed=[])
    return partner


async def _change(change: Change, partner_id: UUID, values: dict[str, Any]) -> None:
    new_values = values | {"version": Partner.version + 1, "changed_at": func.now()}
    this = col(Partner.id) == partner_id
    await change.execute(update(Partner).where(this).values(**new_values))


async def describe_partner(
    change: Change, partner_id: UUID, new: PartnerUpdate, version: int, today: date
) -> Stored:
    """Replace the description of a candidate, its projects included."""
    await _lock_candidate(change, partner_id, version)
    _require_projects(new.projects, today)
    await _change(change, partner_id, new.model_dump(exclude={"projects"}))
    # All projects are replaced, since they are identified by their place alone.
    of_partner = col(PartnerProject.partner_id) == partner_id
    await change.execute(delete(PartnerProject).where(of_partner))
    await _write_projects(change, partner_id, new.projects)
    partner = queries.shown(await queries.get_partner(change, partner_id, today))
    _record(change, "describe_partner", partner, "changed")
    return partner


async def accept_partner(
    change: Change, partner_id: UUID, version: int, today: date
) -> Stored:
    """Accept a candidate. PartnerNotEligible names everything that it lacks."""
    await _lock_candidate(change, partner_id, version)
    # Read under the lock: the checked description is the accepted one.
    candidate = await queries.get_partner(change, partner_id, today)
    if candidate.missing:
        # With both numbers, so that the candidate sees how many months are missing.
        raise PartnerNotEligible(
            missing=candidate.missing,
            experience_months=candidate.experience_months,
            needed_months=NEEDED_MONTHS,
        )
    accepted = {"state": PartnerState.ACCEPTED, "accepted_on": today}
    await _change(change, partner_id, accepted)
    partner = queries.shown(await queries.get_partner(change, partner_id, today))
    _record(change, "accept_partner", partner, "accepted")
    return partner

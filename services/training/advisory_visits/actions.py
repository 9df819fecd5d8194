"""Every change of an advisory visit: recorded and annulled."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import refuse
from services.training.advisory_visits import queries
from services.training.advisory_visits.models import AdvisoryVisit
from services.training.advisory_visits.rules import is_outside
from services.training.advisory_visits.schemas import AdvisoryVisitRecord
from services.training.annulling import AnnullingReason, annul
from services.training.authorities.queries import lock_worked
from services.training.permissions import Permission
from services.training.problems import OutsideAdvisoryWindow


async def record_visit(
    change: Change, authority_id: UUID, new: AdvisoryVisitRecord, today: date
) -> Stored:
    """Record a visit by the caller. OutsideAdvisoryWindow names the window."""
    permission = Permission.RECORD_ADVISORY_VISITS
    authority = await lock_worked(change, authority_id, permission)
    # A future day first: it is wrong whatever the window is.
    if new.visited_on > today:
        refuse(("visited_on", "in_future"))
    window = queries.window_of(authority)
    if is_outside(new.visited_on, window):
        starts_on, ends_on = window or (None, None)
        # The window is named, so that nobody has to guess the day (source 003).
        raise OutsideAdvisoryWindow(
            state=authority.state,
            window_starts_on=starts_on and starts_on.isoformat(),
            window_ends_on=ends_on and ends_on.isoformat(),
        )
    statement = insert(AdvisoryVisit).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        recorded_by=change.caller.subject,
        **new.model_dump(),
    )
    visit = await change.stored(statement.returning(*queries.STORED))
    path = f"authorities/{authority_id}/advisory-visits/{visit.key}"
    subject = Subject(path, visit.version, authority.county_terc)
    detail: dict[str, Any] = {"visit_id": str(visit.key), "minutes": new.minutes}
    change.record("record_advisory_visit", subject, "advisory-visit.recorded", **detail)
    return visit


async def annul_advisory_visit(
    change: Change,
    authority_id: UUID,
    visit_id: UUID,
    reason: AnnullingReason,
    version: int,
) -> Stored:
    """Annul a record: it stays, with who annulled it and why, and counts nowhere."""
    permission = Permission.RECORD_ADVISORY_VISITS
    # Also of a withdrawn authority: its records are still counted.
    authority = await lock_worked(change, authority_id, permission, even_withdrawn=True)
    row = await queries.lock_visit(change, authority_id, visit_id)
    annulled = await annul(change, row, reason, version)
    path = f"authorities/{authority_id}/advisory-visits/{visit_id}"
    subject = Subject(path, annulled.version, authority.county_terc)
    detail: dict[str, Any] = {"visit_id": str(visit_id)}
    change.record("annul_advisory_visit", subject, "advisory-visit.annulled", **detail)
    return await queries.get_visit(change, authority_id, visit_id)

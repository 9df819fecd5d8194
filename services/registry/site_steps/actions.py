"""Steps of a site, recorded and taken back."""

from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.answers import Answer
from services.chassis.work import Change
from services.registry.permissions import Permission
from services.registry.problems import ScopeNotDecided
from services.registry.processes import actions as runs
from services.registry.processes.queries import get_run_steps
from services.registry.processes.rules import StepOutcome
from services.registry.processes.schemas import StepRecord, StepTakeBack
from services.registry.scope_decisions.queries import find_current_decision
from services.registry.scope_decisions.rules import (
    STEPS_AFTER_A_DECISION,
    missing_signatures,
)
from services.registry.sites.actions import lock_open_site, record_change
from services.registry.sites.queries import LockedSite


async def _require_decision(change: Change, site: LockedSite) -> None:
    """ScopeNotDecided, naming the signatures it lacks, unless the scope of the test is decided."""
    decision = await find_current_decision(change, site.id)
    missing = missing_signatures(decision)
    if missing:
        raise ScopeNotDecided(state=site.status, missing=missing)


async def record_site_step(
    change: Change, site_id: UUID, step: StepRecord, if_match: str | None, today: date
) -> Answer:
    """Record the next step of a site. What is tested needs a decision on its scope that both parties signed."""
    site = await lock_open_site(change, Permission.RECORD_SITE_STEPS, site_id)
    run_id = site.run_id
    await runs.record_step(change, change.caller, run_id, step, if_match, today)
    is_done = step.outcome is StepOutcome.DONE
    if is_done and step.step in STEPS_AFTER_A_DECISION and site.programme_spheres:
        await _require_decision(change, site)
    detail: dict[str, Any] = {"step": step.step, "outcome": step.outcome}
    record_change(change, "record_site_step", site, "step-recorded", **detail)
    return await get_run_steps(change, None, run_id)


async def take_back_site_step(
    change: Change, site_id: UUID, back: StepTakeBack, if_match: str | None
) -> Answer:
    """Take back the last recorded step of a site; that it was recorded stays in the history."""
    site = await lock_open_site(change, Permission.RECORD_SITE_STEPS, site_id)
    await runs.take_back_step(change, change.caller, site.run_id, back, if_match)
    action, event = "take_back_site_step", "step-taken-back"
    record_change(change, action, site, event, step=back.step)
    return await get_run_steps(change, None, site.run_id)

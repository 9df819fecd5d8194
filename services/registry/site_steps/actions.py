"""Steps of a site, recorded and taken back."""

from datetime import date
from uuid import UUID

from services.chassis.data.work import Change, Stored
from services.registry.document_versions.queries import require_evidence
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
    change: Change, site_id: UUID, step: StepRecord, version: int, today: date
) -> Stored:
    """Record the next step of a site; its run as it is then.

    What is tested needs a decision on its scope that both parties signed.
    """
    site = await lock_open_site(change, Permission.RECORD_SITE_STEPS, site_id)
    # First the order of steps, then the decision: a refusal by `_require_decision`
    # takes back what is written here.
    await runs.record_step(change, site.run_id, step, version, today)
    owners = {"site_id": str(site.id), "programme_code": site.programme_code}
    shown_by = step.document_version_id
    await require_evidence(change, shown_by, owners, step.step, step.done_on)
    is_done = step.outcome is StepOutcome.DONE
    # A programme without spheres tests nothing: there is no scope to decide on.
    if is_done and step.step in STEPS_AFTER_A_DECISION and site.programme_spheres:
        await _require_decision(change, site)
    action, event, outcome = "record_site_step", "step-recorded", step.outcome
    record_change(change, action, site, event, step=step.step, outcome=outcome)
    return await get_run_steps(change, site.run_id)


async def take_back_site_step(
    change: Change, site_id: UUID, back: StepTakeBack, version: int
) -> Stored:
    """Take back the last recorded step, which stays in the history; the run as it is then."""
    site = await lock_open_site(change, Permission.RECORD_SITE_STEPS, site_id)
    await runs.take_back_step(change, site.run_id, back, version)
    action, event = "take_back_site_step", "step-taken-back"
    record_change(change, action, site, event, step=back.step)
    return await get_run_steps(change, site.run_id)

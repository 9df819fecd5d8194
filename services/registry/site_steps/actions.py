"""Steps of a site, recorded and taken back."""

from datetime import date
from uuid import UUID

from services.chassis.data.work import Change, Stored
from services.registry.document_versions.queries import require_evidence
from services.registry.permissions import Permission
from services.registry.problems import ConditionsNotMet, ScopeNotDecided
from services.registry.processes import actions as runs
from services.registry.processes.queries import get_run_steps
from services.registry.processes.rules import StepOutcome
from services.registry.processes.schemas import StepRecord, StepTakeBack
from services.registry.scope_decisions.queries import find_decision_of_day
from services.registry.scope_decisions.rules import (
    STEPS_AFTER_A_DECISION,
    missing_signatures,
)
from services.registry.site_steps import queries
from services.registry.site_steps.rules import STANDS_FOR, Thing
from services.registry.sites.actions import (
    lock_site_within_reach,
    record_change,
    require_part,
)
from services.registry.sites.queries import LockedSite


async def _require_decision(change: Change, site: LockedSite, day: date) -> None:
    """ScopeNotDecided, with the missing signatures, unless the scope of the test was
    decided by that day.
    """
    decision = await find_decision_of_day(change, site.id, day)
    missing = missing_signatures(decision)
    if missing:
        raise ScopeNotDecided(state=site.status, missing=missing)


async def _tie(change: Change, site: LockedSite, step: StepRecord) -> None:
    """Tie a step that was done to the record that it stands for; ConditionsNotMet when
    there was no such record.
    """
    thing = STANDS_FOR.get(step.step)
    # A programme without spheres has no scope to decide on.
    if thing is Thing.SCOPE_DECISION and not site.programme_spheres:
        thing = None
    if thing is None or step.outcome is StepOutcome.SKIPPED:
        runs.require_untied(step)
        return
    # On the day of the step: a pact that has ended since still counts.
    addresses = await queries.list_things(change, site, thing, step.done_on)
    if not addresses:
        raise ConditionsNotMet(missing=[thing.value])
    await runs.tie_step(change, site.run_id, step, addresses)


async def record_site_step(
    change: Change, site_id: UUID, step: StepRecord, version: int, today: date
) -> Stored:
    """Record a step of a site; returns the run after it.

    The steps of a test need a decision on its scope that both parties signed.
    """
    permission = Permission.RECORD_SITE_STEPS
    site = await lock_site_within_reach(change, permission, site_id)
    require_part(site, step.done_on)
    # First the order of steps, then the decision: an error of `_require_decision` rolls
    # back the record that is written here.
    await runs.record_step(change, site.run_id, step, version, today)
    # The programme's documents count as well: they are valid for all of its sites.
    owners = {"site_id": str(site.id), "programme_code": site.programme_code}
    version_id = step.document_version_id
    await require_evidence(change, version_id, owners, step.step, step.done_on)
    is_done = step.outcome is StepOutcome.DONE
    if is_done and step.step in STEPS_AFTER_A_DECISION and site.programme_spheres:
        await _require_decision(change, site, step.done_on)
    await _tie(change, site, step)
    action, event, outcome = "record_site_step", "step-recorded", step.outcome
    record_change(change, action, site, event, step=step.step, outcome=outcome)
    return await get_run_steps(change, site.run_id)


async def take_back_site_step(
    change: Change, site_id: UUID, back: StepTakeBack, version: int
) -> Stored:
    """Take back a recorded step, which stays in the history; returns the run after it."""
    # Also of a site that has ended: a mistake in its records may still be corrected.
    permission = Permission.RECORD_SITE_STEPS
    site = await lock_site_within_reach(change, permission, site_id)
    await runs.take_back_step(change, site.run_id, back, version)
    action, event = "take_back_site_step", "step-taken-back"
    record_change(change, action, site, event, step=back.step)
    return await get_run_steps(change, site.run_id)

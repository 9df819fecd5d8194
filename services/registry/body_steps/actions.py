"""Steps of a body's formation, recorded and taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.data.work import Change, Stored
from services.registry.bodies.actions import (
    change_body,
    lock_body_within_reach,
    lock_open_body,
    subject_of,
)
from services.registry.bodies.models import Body
from services.registry.body_compositions.queries import get_composition
from services.registry.body_steps import queries
from services.registry.body_steps.rules import CONDITIONS, Condition, thing_of
from services.registry.document_versions.queries import require_evidence
from services.registry.permissions import Permission
from services.registry.problems import ConditionsNotMet
from services.registry.processes import actions as runs
from services.registry.processes.queries import get_run_steps
from services.registry.processes.rules import StepOutcome
from services.registry.processes.schemas import StepRecord, StepTakeBack


async def _tie(change: Change, body: Body, step: StepRecord) -> None:
    """Tie a step that was done to the record that it stands for.

    ConditionsNotMet, with everything that is missing, unless all conditions of the step
    are met and there is such a record on the day of the step.
    """
    missing: list[str] = [
        condition
        for condition in CONDITIONS.get(step.step, ())
        if not await queries.condition_is_met(change, body, condition, step.done_on)
    ]
    thing, addresses = thing_of(step.step, body.county_terc), list[str]()
    if thing is None:
        runs.require_untied(step)
    else:
        addresses += await queries.list_things(change, body, thing, step.done_on)
        missing += [] if addresses else [thing]
    if missing:
        is_unfit = Condition.VALID_COMPOSITION in missing
        groups = await _unfit_groups(change, body, step.done_on) if is_unfit else []
        raise ConditionsNotMet(missing=missing, groups=groups)
    if thing is not None:
        await runs.tie_step(change, body.run_id, step, addresses)


async def _unfit_groups(
    change: Change, body: Body, day: date
) -> Sequence[Mapping[str, Any]]:
    """The groups with too few or too many members, as the error names them."""
    composition = await get_composition(change, body.id, day)
    return [
        group.model_dump(include={"group", "missing", "surplus"})
        for group in composition.groups
        if group.missing or group.surplus
    ]


async def record_body_step(
    change: Change, body_id: UUID, step: StepRecord, version: int, today: date
) -> Stored:
    """Record a step of a body's formation; returns the run after it."""
    permission = Permission.RECORD_BODY_STEPS
    body = await lock_open_body(change, body_id, step.done_on, permission)
    # First the order of steps, then the other conditions of the step. If one of them is
    # not met, the error rolls back the record that is written here.
    await runs.record_step(change, body.run_id, step, version, today)
    version_id, owners = step.document_version_id, {"body_id": str(body_id)}
    await require_evidence(change, version_id, owners, step.step, step.done_on)
    # A skipped step needs a reason and nothing else.
    if step.outcome is StepOutcome.DONE:
        await _tie(change, body, step)
    else:
        runs.require_untied(step)
    change.record(
        "record_body_step",
        # A body shows its last step as `state`, so each step makes a new version of it.
        subject_of(body, await change_body(change, body_id)),
        "body.step-recorded",
        step=step.step,
        outcome=step.outcome,
    )
    return await get_run_steps(change, body.run_id)


async def take_back_body_step(
    change: Change, body_id: UUID, back: StepTakeBack, version: int
) -> Stored:
    """Take back a recorded step, which stays in the history; returns the run after it."""
    # Also of a dissolved body: a mistake in its records may still be corrected.
    body = await lock_body_within_reach(change, body_id, Permission.RECORD_BODY_STEPS)
    await runs.take_back_step(change, body.run_id, back, version)
    change.record(
        "take_back_body_step",
        subject_of(body, await change_body(change, body_id)),
        "body.step-taken-back",
        step=back.step,
    )
    return await get_run_steps(change, body.run_id)

"""Every change of a group except its states and seats."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.chassis.trust.relations import account_holder
from services.training.groups import queries, rules
from services.training.groups.models import Group, GroupTrainer
from services.training.groups.queries import GroupFacts
from services.training.groups.rules import ALLOWED, GroupState
from services.training.groups.schemas import GroupCreate, GroupUpdate
from services.training.permissions import Permission
from services.training.problems import ProgrammeNotAgreed
from services.training.trainers.actions import sees_to
from services.training.trainers.models import Trainer
from services.training.trainers.queries import lock_trainers
from services.training.trainers.rules import has_left

TRAINER = "trainer"
"""The relation of an account to the groups that its trainer trains."""


def subject_of(group_id: UUID, version: int, county_terc: str) -> Subject:
    """A group as audit records and events name it."""
    return Subject(f"groups/{group_id}", version, county_terc)


async def create_group(change: Change, new: GroupCreate) -> Stored:
    """Plan a group by a programme's agreed version, in one of the caller's counties."""
    demand(change.caller, Permission.EDIT_GROUPS, county=new.county_terc)
    agreed = await queries.find_agreed_version(change, new.programme_code)
    if agreed is None:
        raise UnknownReference(FieldError("pointer", "/programme_code", "not_found"))
    # A different problem: the programme exists, but has no agreed version.
    if agreed.id is None or agreed.group_capacity is None:
        raise ProgrammeNotAgreed(missing=["agreed_version"])
    # A group may be smaller than agreed, and never larger.
    capacity = new.capacity or agreed.group_capacity
    if error := rules.capacity_error(capacity, agreed.group_capacity):
        refuse(("capacity", error))
    days, programme = (new.starts_on, new.ends_on), (agreed.starts_on, agreed.ends_on)
    refuse(*rules.dates_errors(days, programme))
    facts = new.model_dump(exclude={"programme_code", "trainer_ids", "capacity"})
    values = facts | {"capacity": capacity, "programme_version_id": agreed.id}
    statement = insert(Group).values(**values).returning(col(Group.id))
    group_id: UUID = await change.scalar(statement)
    subject = subject_of(group_id, 1, new.county_terc)
    await _set_trainers(change, subject, group_id, new.trainer_ids, new.starts_on)
    change.record("create_group", subject, "group.created")
    return await queries.get_group(change, group_id)


async def amend_group(
    change: Change, group_id: UUID, patch: GroupUpdate, version: int
) -> Stored:
    """Change the facts of a group, and its trainers."""
    group = await lock_for_change(change, group_id, Permission.EDIT_GROUPS, version)
    # Without a change there is no new version, and ETags stay valid.
    if not patch.model_fields_set:
        return await queries.get_group(change, group_id)
    # An ended group cannot change, since certificates refer to it.
    if not ALLOWED[GroupState(group.state)]:
        raise StateConflict(state=group.state, allowed=[])
    patched = patch.model_dump(exclude_unset=True, exclude={"trainer_ids"})
    # The days of a started group stay: people were enrolled for them.
    dates = {"starts_on", "ends_on"} & patched.keys()
    if dates and group.state not in rules.ENTERED_IN:
        refuse(*[(name, "not_allowed") for name in sorted(dates)])
    # Together with the stored day: a patch may hold one of the two.
    begins = patched.get("starts_on", group.starts_on)
    ends = patched.get("ends_on", group.ends_on)
    programme = (group.programme_starts_on, group.programme_ends_on)
    refuse(*rules.dates_errors((begins, ends), programme))
    subject = await change_group(change, group, **patched)
    if "trainer_ids" in patch.model_fields_set:
        await _set_trainers(change, subject, group_id, patch.trainer_ids, begins)
    fields = sorted(patch.model_fields_set)
    change.record("amend_group", subject, "group.changed", fields=fields)
    return await queries.get_group(change, group_id)


async def lock_for_change(
    change: Change, group_id: UUID, permission: Permission, version: int
) -> GroupFacts:
    """A group within the caller's reach, locked; VersionMismatch if it has changed."""
    group = await queries.lock_group(change, group_id)
    # Groups are public: out of reach is OutsideScope, not 404.
    demand(change.caller, permission, county=group.county_terc)
    require_version(group.version, version)
    return group


async def change_group(change: Change, group: GroupFacts, **values: Any) -> Subject:
    """Give a locked group these values and its next version."""
    statement = update(Group).where(col(Group.id) == group.id)
    statement = statement.values(
        **values, version=Group.version + 1, changed_at=func.now()
    )
    await change.execute(statement)
    return subject_of(group.id, group.version + 1, group.county_terc)


async def _set_trainers(
    change: Change,
    group: Subject,
    group_id: UUID,
    trainer_ids: Sequence[UUID],
    day: date,
) -> None:
    """Replace the trainers of a group; `day` is its first day.

    The accounts of new trainers may read its people, those of former ones no longer.
    """
    if len({*trainer_ids}) < len(trainer_ids):
        refuse(("trainer_ids", "repeated"))
    before = await queries.list_trainer_ids(change, group_id)
    # All in one order: two groups may exchange trainers at the same time.
    trainers = await lock_trainers(change, {*before, *trainer_ids})
    by_id = {trainer.id: trainer for trainer in trainers}
    new_ids = [each for each in trainer_ids if each not in before]
    _require_trainers(trainer_ids, new_ids, by_id, day)
    former_ids = [each for each in before if each not in trainer_ids]
    is_former = col(GroupTrainer.trainer_id).in_(former_ids)
    is_of_group = col(GroupTrainer.group_id) == group_id
    await change.execute(delete(GroupTrainer).where(is_of_group, is_former))
    if new_ids:
        rows = [{"group_id": group_id, "trainer_id": each} for each in new_ids]
        await change.execute(insert(GroupTrainer), rows)
    # Access to people ends now, not at the next sign-in.
    for account in filter(None, (by_id[each].account for each in former_ids)):
        await unrelate(change, account_holder(account), TRAINER, [group_id])
    for each in new_ids:
        await relate_trainer(change, by_id[each], [group_id], group.county or "")


def _require_trainers(
    trainer_ids: Sequence[UUID],
    new_ids: Sequence[UUID],
    by_id: dict[UUID, Trainer],
    day: date,
) -> None:
    """UnknownReference for unknown ids, ValidationFailed for trainers who have left."""
    unknown = [n for n, each in enumerate(trainer_ids) if each not in by_id]
    if unknown:
        raise UnknownReference(
            *[FieldError("pointer", f"/trainer_ids/{n}", "not_found") for n in unknown]
        )
    errors = [
        (f"trainer_ids/{n}", "not_allowed")
        for n, each in enumerate(trainer_ids)
        # New trainers only: a trainer who left later stays a trainer of the group.
        if each in new_ids and has_left(by_id[each].left_on, day)
    ]
    refuse(*errors)


async def relate_trainer(
    change: Change, trainer: Trainer, groups: Sequence[UUID], county_terc: str
) -> None:
    """Let a trainer's account, if any, read groups until the trainer leaves."""
    if trainer.account is None:
        return
    holder, ends_at = account_holder(trainer.account), sees_to(trainer.left_on)
    await relate(change, holder, TRAINER, groups, county_terc, ends_at)

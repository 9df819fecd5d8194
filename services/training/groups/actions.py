"""Every change of a group but its life and its seats."""

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
"""The kind of relation that an account has to the groups it trains."""


def subject_of(group_id: UUID, version: int, county_terc: str) -> Subject:
    """A group, as records and events name it."""
    return Subject(f"groups/{group_id}", version, county_terc)


async def create_group(change: Change, new: GroupCreate) -> Stored:
    """Plan a group by a programme's agreed version, in a county of the caller's."""
    demand(change.caller, Permission.EDIT_GROUPS, county=new.county_terc)
    agreed = await queries.find_agreed_version(change, new.programme_code)
    if agreed is None:
        raise UnknownReference(FieldError("pointer", "/programme_code", "not_found"))
    # Told apart: what is missing is not the programme, but that both sides agree.
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
    """Change what describes a group, and who trains it."""
    group = await lock_for_change(change, group_id, Permission.EDIT_GROUPS, version)
    # Without a change there is no version: the ETags that others hold stay valid.
    if not patch.model_fields_set:
        return await queries.get_group(change, group_id)
    # What has ended stays as it was: certificates refer to it.
    if not ALLOWED[GroupState(group.state)]:
        raise StateConflict(state=group.state, allowed=[])
    patched = patch.model_dump(exclude_unset=True, exclude={"trainer_ids"})
    # People were enrolled for these days, and their absences are judged by them.
    dates = {"starts_on", "ends_on"} & patched.keys()
    if dates and group.state not in rules.ENTERED_IN:
        refuse(*[(name, "not_allowed") for name in sorted(dates)])
    # As it will be: a patch may bring one of two days that belong together.
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
    """A group within the caller's reach and unchanged since it was read, locked."""
    group = await queries.lock_group(change, group_id)
    # Groups are public: out of reach they are seen, and not changed.
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
    change: Change, group: Subject, group_id: UUID, wanted: Sequence[UUID], day: date
) -> None:
    """Let exactly these train a group from its first day.

    Their accounts see its people. The accounts of others see them no longer.
    """
    if len({*wanted}) < len(wanted):
        refuse(("trainer_ids", "repeated"))
    before = await queries.list_trainer_ids(change, group_id)
    # All at once and in one order: two groups may exchange their trainers.
    known = await lock_trainers(change, {*before, *wanted})
    by_id = {trainer.id: trainer for trainer in known}
    come = [one for one in wanted if one not in before]
    _require_trainers(wanted, come, by_id, day)
    gone = [one for one in before if one not in wanted]
    is_gone = col(GroupTrainer.trainer_id).in_(gone)
    is_of_group = col(GroupTrainer.group_id) == group_id
    await change.execute(delete(GroupTrainer).where(is_of_group, is_gone))
    if come:
        rows = [{"group_id": group_id, "trainer_id": one} for one in come]
        await change.execute(insert(GroupTrainer), rows)
    # With the last row goes the sight of people: not at the next login, but now.
    for account in filter(None, (by_id[one].account for one in gone)):
        await unrelate(change, account_holder(account), TRAINER, [group_id])
    for one in come:
        await relate_trainer(change, by_id[one], [group_id], group.county or "")


def _require_trainers(
    wanted: Sequence[UUID], come: Sequence[UUID], by_id: dict[UUID, Trainer], day: date
) -> None:
    """UnknownReference for who is not there, ValidationFailed for who has left."""
    unknown = [n for n, one in enumerate(wanted) if one not in by_id]
    if unknown:
        raise UnknownReference(
            *[FieldError("pointer", f"/trainer_ids/{n}", "not_found") for n in unknown]
        )
    left = [
        (f"trainer_ids/{n}", "not_allowed")
        for n, one in enumerate(wanted)
        # Who has trained the group before leaving stays named as its trainer.
        if one in come and has_left(by_id[one].left_on, day)
    ]
    refuse(*left)


async def relate_trainer(
    change: Change, trainer: Trainer, groups: Sequence[UUID], county_terc: str
) -> None:
    """Let a trainer's account, if there is one, see groups to the last day."""
    if trainer.account is None:
        return
    holder, ends_at = account_holder(trainer.account), sees_to(trainer.left_on)
    await relate(change, holder, TRAINER, groups, county_terc, ends_at)

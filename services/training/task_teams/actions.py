"""Every change of a task team: what its people see of the authority follows."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.relating import acting_everywhere, relate, unrelate
from services.chassis.data.work import AuditedReading, Change, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.chassis.trust.relations import account_holder
from services.training.authorities.actions import change_authority, subject_of
from services.training.authorities.models import Authority
from services.training.authorities.queries import get_worked, lock_authority
from services.training.authorities.rules import AuthorityState
from services.training.permissions import Permission
from services.training.problems import TaskTeamFull
from services.training.reads import record_read
from services.training.task_teams import queries
from services.training.task_teams.models import TaskTeamMember
from services.training.task_teams.rules import LeavingReason
from services.training.task_teams.schemas import TaskTeamRead
from services.training.trainees.models import Trainee

MEMBER, ADVISER = "member", "adviser"
"""The kinds of relation that an account has to an authority."""
_EDIT = Permission.EDIT_AUTHORITIES


async def read_task_team(change: AuditedReading, authority_id: UUID) -> TaskTeamRead:
    """The team of an authority, the look noted with everybody in it."""
    permission = Permission.READ_AUTHORITY_WORK
    authority = await get_worked(change, authority_id, permission)
    team = await show_team(change, authority)
    subject = subject_of(authority)
    people = [each.trainee_id for each in team.members]
    record_read(change, "get_task_team", subject, people)
    return team


async def show_team(change: AuditedReading, authority: Authority) -> TaskTeamRead:
    """The team of an authority that is within the caller's reach."""
    async with acting_everywhere(change):
        return queries.shown(authority, await queries.get_team(change, authority))


async def _lock(change: Change, authority_id: UUID, version: int) -> Authority:
    # The row of the authority first: two who enter at once see each other's member.
    authority = await lock_authority(change, authority_id)
    demand(change.caller, _EDIT, county=authority.county_terc)
    require_version(authority.version, version)
    if authority.state == AuthorityState.WITHDRAWN:
        raise StateConflict(state=authority.state, allowed=[])
    return authority


async def _show_changed(
    change: Change, authority: Authority, action: str, event: str, people: list[str]
) -> TaskTeamRead:
    """Record what was changed of a team, and show it."""
    subject = subject_of(authority, authority.version + 1)
    change.record(action, subject, f"task-team.{event}", people=people)
    # Read again, because the version that the answer names has risen.
    changed = await get_worked(change, authority.id, _EDIT)
    return await show_team(change, changed)


def _require_fit(trainee: Trainee | None, authority: Authority) -> str:
    """The account of somebody who can be in the team; else what is in the way."""
    if trainee is None:
        raise UnknownReference(FieldError("pointer", "/trainee_id", "not_found"))
    if trainee.erased_at is not None:
        refuse(("trainee_id", "erased"))
    if trainee.authority_id != authority.id:
        refuse(("trainee_id", "other_authority"))
    if trainee.account is None:
        refuse(("trainee_id", "without_account"))
    return str(trainee.account)


async def join_task_team(
    change: Change, authority_id: UUID, trainee_id: UUID, version: int, today: date
) -> TaskTeamRead:
    """Enter somebody into a team: they write of the authority's work from now on.

    TaskTeamFull with the size; AlreadyInTaskTeam.
    """
    authority = await _lock(change, authority_id, version)
    trainee = await queries.find_trainee(change, trainee_id)
    account = _require_fit(trainee, authority)
    async with acting_everywhere(change):
        team = await queries.get_team(change, authority)
    # The upper bound at once, the lower one only when the team counts as trained.
    if len(team.members) >= team.size.largest:
        raise TaskTeamFull(members=len(team.members), largest=team.size.largest)
    entered = insert(TaskTeamMember).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        trainee_id=trainee_id,
        joined_on=today,
    )
    await change.execute(entered)
    holder = account_holder(account)
    await relate(change, holder, MEMBER, [authority_id], authority.county_terc)
    await change_authority(change, authority)
    people = [str(trainee_id)]
    return await _show_changed(change, authority, "join_task_team", "joined", people)


async def leave_task_team(
    change: Change,
    authority_id: UUID,
    member_id: UUID,
    reason: LeavingReason,
    version: int,
    today: date,
) -> TaskTeamRead:
    """Let somebody be in a team no more: they see nothing of its work from now on.

    `version` is the authority's.
    """
    authority = await _lock(change, authority_id, version)
    member = await queries.lock_member(change, authority_id, member_id)
    if member.left_on is not None:
        raise StateConflict(state="left", allowed=[])
    # Who was entered for a later day, by a clock that went wrong, never was in it.
    left = {"left_on": max(today, member.joined_on), "leaving_reason": reason}
    stamped = {"version": TaskTeamMember.version + 1, "changed_at": func.now()}
    statement = update(TaskTeamMember).where(col(TaskTeamMember.id) == member_id)
    await change.execute(statement.values(**left, **stamped))
    trainee = await queries.find_trainee(change, member.trainee_id)
    # Who was erased or lost the account has no relation left to take away.
    if trainee is not None and trainee.account is not None:
        holder = account_holder(trainee.account)
        await unrelate(change, holder, MEMBER, [authority_id])
    await change_authority(change, authority)
    people = [str(member.trainee_id)]
    return await _show_changed(change, authority, "leave_task_team", "left", people)


async def appoint_adviser(
    change: Change, authority_id: UUID, account: str | None, version: int
) -> TaskTeamRead:
    """Let an account advise an authority, and the one before no more."""
    authority = await _lock(change, authority_id, version)
    # First the old one: the same account may be appointed again.
    if authority.adviser_account is not None:
        holder = account_holder(authority.adviser_account)
        await unrelate(change, holder, ADVISER, [authority_id])
    if account is not None:
        holder, county = account_holder(account), authority.county_terc
        await relate(change, holder, ADVISER, [authority_id], county)
    await change_authority(change, authority, adviser_account=account)
    event = "adviser-appointed" if account else "adviser-dismissed"
    return await _show_changed(change, authority, "appoint_adviser", event, [])

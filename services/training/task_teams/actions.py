"""Every change of a task team, and of the access of its members' accounts."""

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
"""The relations of an account to an authority."""
_EDIT = Permission.EDIT_AUTHORITIES


async def read_task_team(change: AuditedReading, authority_id: UUID) -> TaskTeamRead:
    """The team of an authority; the access is audited with all members."""
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
    # The authority's row first: of two entries at once, the second sees the first.
    authority = await lock_authority(change, authority_id)
    demand(change.caller, _EDIT, county=authority.county_terc)
    require_version(authority.version, version)
    if authority.state == AuthorityState.WITHDRAWN:
        raise StateConflict(state=authority.state, allowed=[])
    return authority


async def _show_changed(
    change: Change, authority: Authority, action: str, event: str, people: list[str]
) -> TaskTeamRead:
    """Write the audit record and the event of a change, and return the team."""
    subject = subject_of(authority, authority.version + 1)
    change.record(action, subject, f"task-team.{event}", people=people)
    # Read again for the new version.
    current = await get_worked(change, authority.id, _EDIT)
    return await show_team(change, current)


def _require_fit(trainee: Trainee | None, authority: Authority) -> str:
    """The account of a trainee who can join; ValidationFailed or UnknownReference."""
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
    """Add a member to a team, who may then read and write the authority's work.

    TaskTeamFull with the size; AlreadyInTaskTeam.
    """
    authority = await _lock(change, authority_id, version)
    trainee = await queries.find_trainee(change, trainee_id)
    account = _require_fit(trainee, authority)
    async with acting_everywhere(change):
        team = await queries.get_team(change, authority)
    # The maximum is checked here, the minimum when the training is confirmed.
    if len(team.members) >= team.size.largest:
        raise TaskTeamFull(members=len(team.members), largest=team.size.largest)
    statement = insert(TaskTeamMember).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        trainee_id=trainee_id,
        joined_on=today,
    )
    await change.execute(statement)
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
    """End a membership; the account can then no longer read the authority's work.

    `version` is the authority's.
    """
    authority = await _lock(change, authority_id, version)
    member = await queries.lock_member(change, authority_id, member_id)
    if member.left_on is not None:
        raise StateConflict(state="left", allowed=[])
    # `max`, in case the clock was wrong on the day of joining.
    values = {"left_on": max(today, member.joined_on), "leaving_reason": reason}
    stamp = {"version": TaskTeamMember.version + 1, "changed_at": func.now()}
    statement = update(TaskTeamMember).where(col(TaskTeamMember.id) == member_id)
    await change.execute(statement.values(**values, **stamp))
    trainee = await queries.find_trainee(change, member.trainee_id)
    # An erased trainee, or one without an account, has no relation.
    if trainee is not None and trainee.account is not None:
        holder = account_holder(trainee.account)
        await unrelate(change, holder, MEMBER, [authority_id])
    await change_authority(change, authority)
    people = [str(member.trainee_id)]
    return await _show_changed(change, authority, "leave_task_team", "left", people)


async def appoint_adviser(
    change: Change, authority_id: UUID, account: str | None, version: int
) -> TaskTeamRead:
    """Make an account the adviser of an authority, in place of the one before."""
    authority = await _lock(change, authority_id, version)
    # The old one first, since the same account may be appointed again.
    if authority.adviser_account is not None:
        holder = account_holder(authority.adviser_account)
        await unrelate(change, holder, ADVISER, [authority_id])
    if account is not None:
        holder, county = account_holder(account), authority.county_terc
        await relate(change, holder, ADVISER, [authority_id], county)
    await change_authority(change, authority, adviser_account=account)
    event = "adviser-appointed" if account else "adviser-dismissed"
    return await _show_changed(change, authority, "appoint_adviser", event, [])

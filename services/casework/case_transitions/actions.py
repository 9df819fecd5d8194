"""Every change of a case's state."""

from datetime import date, datetime
from uuid import UUID

from services.casework.case_members.actions import TEAM
from services.casework.case_members.queries import list_members
from services.casework.case_transitions import queries
from services.casework.cases.actions import add_step, change_case, record_change
from services.casework.cases.models import Case
from services.casework.cases.queries import get_shown, lock_case
from services.casework.cases.rules import (
    ENDED,
    TRANSITIONS,
    CaseState,
    CaseVerb,
    allowed_verbs,
    missing,
    state_after,
)
from services.casework.laws.rules.days import months_after
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.permissions import Permission
from services.casework.problems import CaseNotReady
from services.chassis.data.relating import relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.relations import account_holder


async def move_case(
    change: Change,
    case_id: UUID,
    verb: CaseVerb,
    reason: str | None,
    version: int,
    now: datetime,
) -> Stored:
    """Carry out a verb. StateConflict where the state does not allow it, CaseNotReady
    with all that is missing.
    """
    # Locked before its state is read: of two changes at once
    # the second one sees the first.
    case = await lock_case(change, case_id, Permission.MOVE_CASES)
    require_version(case.version, version)
    state = CaseState(case.state)
    if verb not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    today = now.astimezone(CIVIL_TIME).date()
    await _require_ready(change, case, verb, reason, today)
    after = state_after(state, verb)
    values = {"state": after} | _dates(after, reason, today)
    moved = await change_case(change, case, **values)
    await add_step(change, moved, verb, now, reason)
    await _relate_team(change, moved, has_ended=after in ENDED)
    event = f"{verb.value.replace('-', '_')}"
    # The reason is a code of the county's list, so that the event may carry it.
    record_change(change, f"{event}_case", moved, after.value, reason=reason)
    return await get_shown(change, moved)


async def _require_ready(
    change: Change, case: Case, verb: CaseVerb, reason: str | None, today: date
) -> None:
    facts = await queries.get_facts(change, case, reason, today)
    lacking = [need.value for need in missing(CaseState(case.state), verb, facts)]
    ends = verb in {CaseVerb.CLOSE, CaseVerb.WITHDRAW}
    if ends and await queries.referral_is_open(change, case):
        # An institution would hold a place for a case that has ended.
        lacking.append("no_open_referrals")
    if lacking:
        raise CaseNotReady(missing=lacking)


def _dates(after: CaseState, reason: str | None, today: date) -> dict[str, object]:
    """The dates and the closing reason that go with the new state."""
    if after in ENDED:
        return {"closed_on": today, "closing_reason": reason, "review_due_on": None}
    reopened: dict[str, object] = {"closed_on": None, "closing_reason": None}
    if after is CaseState.IN_PROGRESS:
        # A default of the platform: no act prescribes how often a case is reviewed.
        months = in_force(LAWS.reaction, today).review_months
        return reopened | {"review_due_on": months_after(today, months)}
    return reopened


async def _relate_team(change: Change, case: Case, *, has_ended: bool) -> None:
    """Members of the team can see the case only until it ends."""
    objects = (case.id, case.person_id)
    for member in await list_members(change, case.id):
        if member.left_at is not None:
            continue
        holder = account_holder(member.subject)
        if has_ended:
            await unrelate(change, holder, TEAM, objects)
        else:
            await relate(change, holder, TEAM, objects, case.county_terc)

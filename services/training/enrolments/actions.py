"""Every enrolment, and who moves up: all of it under the lock of the group."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, update

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere, relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import ResourceBusy, StateConflict
from services.chassis.trust.relations import account_holder
from services.training.enrolments import queries, rules, statements
from services.training.enrolments.models import Enrolment
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import (
    Applicant,
    EnrolmentPreference,
    EnrolmentState,
    Limits,
)
from services.training.enrolments.schemas import EnrolmentCreate
from services.training.groups.queries import GroupFacts, get_group_facts, lock_group
from services.training.groups.rules import ALLOWED, ENTERED_IN, GroupState
from services.training.peers import site_is_of_programme
from services.training.permissions import Permission
from services.training.problems import DatesOverlap, NotEligible
from services.training.programmes.rules import EnrolmentRule
from services.training.trainees.models import Trainee
from services.training.trainees.queries import (
    get_trainee,
    lock_colleagues,
    lock_trainee,
    require_known,
)

PARTICIPANT = "participant"
"""The kind of relation that an account has to the groups in which it has a seat."""


def record_change(
    change: Change, action: str, enrolment: Enrolment, **detail: Any
) -> None:
    """The audit record of an enrolment's newest version, and the event of its state."""
    path = f"enrolments/{enrolment.id}"
    subject = Subject(path, enrolment.version, enrolment.county_terc)
    # Ids alone: who it is stays in the one row that an erasure empties.
    people = [str(enrolment.trainee_id)]
    event, group = f"enrolment.{enrolment.state}", str(enrolment.group_id)
    change.record(action, subject, event, people=people, group_id=group, **detail)


async def enrol_trainee(
    change: Change, group_id: UUID, new: EnrolmentCreate, now: datetime
) -> Stored:
    """Enrol somebody: with a seat while there is one, else on the waiting list.

    Of a planned group it is an application. Raises StateConflict, NotEligible with all
    that is missing, DatesOverlap.
    """
    # Whoever may not see the person learns nothing of the group either.
    trainee = require_known(await get_trainee(change, new.trainee_id, Permission.ENROL))
    # Asked before anything is locked: nobody waits for another service.
    seen = await get_group_facts(change, group_id)
    is_site = await _is_at_site(seen, trainee)
    # A group is of people of several counties, and its seats are everybody's.
    async with acting_everywhere(change):
        group = await lock_group(change, group_id)
        require_entered(group)
        # After the group, as everybody does: the other order could deadlock.
        await lock_colleagues(change, [trainee])
        return await enter(change, group, trainee, now, is_site=is_site)


def require_entered(group: GroupFacts) -> None:
    """StateConflict where nobody enters the group any more."""
    # Looked at under the lock: the group may have started just before.
    if group.state not in ENTERED_IN:
        allowed = ALLOWED[GroupState(group.state)]
        raise StateConflict(state=group.state, allowed=allowed)


async def enter(
    change: Change,
    group: GroupFacts,
    trainee: Trainee,
    now: datetime,
    *,
    is_site: bool,
    **detail: Any,
) -> Stored:
    """Enrol somebody by the programme's rule; NotEligible, DatesOverlap.

    Group and trainee are locked with all colleagues; `is_site`: whether the trainee's
    location is one of the programme's. Nothing is written where it is refused.
    """
    recruitment = await queries.find_recruitment(
        change, trainee.authority_id, group.programme_id
    )
    is_recruited = recruitment is not None
    applicant = _applicant(trainee, is_site=is_site, is_recruited=is_recruited)
    await _require_eligible(change, trainee, applicant, group)
    source = None if recruitment is None else recruitment.risk_source
    return await _place(change, trainee, group, source, now, detail)


async def _is_at_site(group: GroupFacts, trainee: Trainee) -> bool:
    """Whether the trainee's location is one of the programme's, by the registry."""
    # Other programmes have no locations, and need no registry to be there.
    rule = group.programme_enrolment_rule
    if rule != EnrolmentRule.SOCIAL_EMPLOYMENT or trainee.site_id is None:
        return False
    return await site_is_of_programme(trainee.site_id, group.programme_code)


def _applicant(trainee: Trainee, *, is_site: bool, is_recruited: bool) -> Applicant:
    return Applicant(
        trainee.id,
        trainee.organisation_type,
        trainee.site_id,
        is_site,
        trainee.authority_id,
        is_recruited,
        trainee.target_group,
        trainee.audience_role,
    )


async def _require_eligible(
    change: Change, trainee: Trainee, applicant: Applicant, group: GroupFacts
) -> None:
    limits = Limits(
        EnrolmentRule(group.programme_enrolment_rule),
        group.programme_trainees_per_location,
        group.programme_largest_team,
    )
    # Under the group's lock nothing is asked that the rule does not need.
    counts = limits.rule in rules.COUNTING
    peers = await queries.list_peers(change, trainee, group) if counts else []
    if needs := rules.missing(limits, applicant, peers, group.id):
        raise NotEligible(missing=needs)
    # Last, since it reads the sessions of all other groups of the person.
    overlapping = await queries.list_overlapping_groups(change, trainee.id, group.id)
    if overlapping:
        raise DatesOverlap(groups=[str(one) for one in overlapping])


async def _place(
    change: Change,
    trainee: Trainee,
    group: GroupFacts,
    source: str | None,
    now: datetime,
    detail: Mapping[str, Any],
) -> Stored:
    # Applications are weighed together when the group opens: preference counts then.
    is_open = group.state == GroupState.OPEN
    state = rules.place(group.free) if is_open else EnrolmentState.APPLIED
    # Copied as it is now: a list of next year does not change who went first.
    preference = EnrolmentPreference.MARGINALISATION_RISK if source else None
    values: dict[str, Any] = {
        "county_terc": trainee.county_terc,
        "group_id": group.id,
        "trainee_id": trainee.id,
        "state": state,
        "is_preferred": preference is not None,
        "preference": preference,
        "preference_source": source,
        "accepted_at": now if state is EnrolmentState.ACCEPTED else None,
    }
    statement = insert(Enrolment).values(**values)
    enrolled = await change.stored(statement.returning(*queries.STORED))
    # Made of what was written: nothing is read again under the group's lock.
    new_id = UUID(str(enrolled.key))
    enrolment = Enrolment(id=new_id, version=enrolled.version, **values)
    await count_seats(change, group.id)
    await _relate(change, [enrolment], {trainee.id: trainee.account}, state)
    facts = {"preference": preference, **detail}
    record_change(change, "enrol_trainee", enrolment, **facts)
    return enrolled


async def count_seats(change: Change, group_id: UUID) -> None:
    """Let a locked group say how many seats are taken, and how many people wait."""
    # Counted and not added: whatever moved, the numbers are what the rows say.
    await change.execute(statements.COUNT_SEATS, {"group_id": group_id})


async def move_enrolments(
    change: Change,
    which: ColumnElement[bool],
    state: EnrolmentState,
    action: str,
    **values: Any,
) -> list[Enrolment]:
    """Let enrolments of locked groups be in a state, each with record and relation."""
    moving = update(Enrolment).where(which)
    moving = moving.values(
        **values, state=state, version=Enrolment.version + 1, changed_at=func.now()
    )
    rows = await change.rows(moving.returning(*ENROLMENTS.c))
    moved = [Enrolment(**row._mapping) for row in rows]
    # An UPDATE returns rows as it finds them; events tell them as they are served.
    moved.sort(key=lambda each: (not each.is_preferred, each.sequence))
    # Who starts or completes keeps the relation that acceptance gave.
    if state is EnrolmentState.ACCEPTED or state in rules.ENDED:
        people = [enrolment.trainee_id for enrolment in moved]
        accounts = await queries.list_accounts(change, people)
        await _relate(change, moved, accounts, state)
    for enrolment in moved:
        record_change(change, action, enrolment, reason=enrolment.reason)
    return moved


async def _relate(
    change: Change,
    moved: Sequence[Enrolment],
    accounts: Mapping[UUID, str | None],
    state: EnrolmentState,
) -> None:
    """Let whoever has a seat be a participant, and whoever has left none."""
    for enrolment in moved:
        account = accounts.get(enrolment.trainee_id)
        # Most people never sign in: they are enrolled by their county.
        if account is None:
            continue
        holder, groups = account_holder(account), [enrolment.group_id]
        if state in rules.ENDED:
            await unrelate(change, holder, PARTICIPANT, groups)
        elif state is EnrolmentState.ACCEPTED:
            county = enrolment.county_terc
            await relate(change, holder, PARTICIPANT, groups, county)


async def fill_seats(change: Change, group_id: UUID, now: datetime) -> None:
    """Let exactly as many move up in a locked, open group as seats are free.

    In the transaction that frees the seats: nobody else can take them in between.
    """
    await count_seats(change, group_id)
    # Locked already: read once more for the numbers that were just counted.
    group = await lock_group(change, group_id)
    if group.state != GroupState.OPEN or not group.waiting or group.free <= 0:
        return
    waiting = [EnrolmentState.WAITLISTED]
    first = queries.next_in_line(group_id, waiting, group.free)
    accepted = EnrolmentState.ACCEPTED
    await move_enrolments(change, first, accepted, "move_up", accepted_at=now)
    await count_seats(change, group_id)


async def lock_whole(
    change: Change, trainee_id: UUID, permission: Permission, version: int
) -> Trainee:
    """A trainee within reach, unchanged since read, locked with all groups."""
    # First by the caller's own reach: below it everything is within reach.
    await get_trainee(change, trainee_id, permission)
    async with acting_everywhere(change):
        groups = await queries.list_group_ids(change, trainee_id)
        # Groups before people, and in one order: as everybody locks them.
        for group_id in groups:
            await lock_group(change, group_id)
        trainee = await lock_trainee(change, trainee_id, permission)
        # Enrolled in one more meanwhile: that group would have to be locked first.
        if await queries.list_group_ids(change, trainee_id) != groups:
            raise ResourceBusy(retry_after=1)
    require_version(trainee.version, version)
    return trainee

"""Every change of enrolments, under the lock of the group."""

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
"""The relation of an account to the groups in which its trainee has a seat."""


def record_change(
    change: Change, action: str, enrolment: Enrolment, **detail: Any
) -> None:
    """The audit record of an enrolment's newest version, and the event of its state."""
    path = f"enrolments/{enrolment.id}"
    subject = Subject(path, enrolment.version, enrolment.county_terc)
    # Ids alone: the name is only in the trainee's row, which an erasure clears.
    people = [str(enrolment.trainee_id)]
    event, group = f"enrolment.{enrolment.state}", str(enrolment.group_id)
    change.record(action, subject, event, people=people, group_id=group, **detail)


async def enrol_trainee(
    change: Change, group_id: UUID, new: EnrolmentCreate, now: datetime
) -> Stored:
    """Enrol a person: with a seat if one is free, else on the waiting list.

    In a planned group it is an application. Raises StateConflict, NotEligible with
    everything that is missing, DatesOverlap.
    """
    # The person first: a caller out of reach must learn nothing of the group.
    trainee = require_known(await get_trainee(change, new.trainee_id, Permission.ENROL))
    # The registry is called before anything is locked: no lock waits for it.
    group_facts = await get_group_facts(change, group_id)
    is_site = await _is_at_site(group_facts, trainee)
    # Everywhere: a group has people of several counties, whose seats are counted.
    async with acting_everywhere(change):
        group = await lock_group(change, group_id)
        require_entered(group)
        # The group before people: one lock order prevents deadlocks.
        await lock_colleagues(change, [trainee])
        return await enter(change, group, trainee, now, is_site=is_site)


def require_entered(group: GroupFacts) -> None:
    """StateConflict where the group takes no more people."""
    # Checked under the lock: the group may have started just before.
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
    """Enrol a person by the programme's rule; raises NotEligible, DatesOverlap.

    Group, trainee and all colleagues have to be locked; `is_site`: whether the
    trainee's location is one of the programme's. A refusal writes nothing.
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
    """Whether the registry lists the trainee's location for the programme."""
    # Other programmes have no locations, and do not need the registry.
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
    # Peers are only read for rules that count people: the group is locked meanwhile.
    counts_people = limits.rule in rules.COUNTING
    peers = await queries.list_peers(change, trainee, group) if counts_people else []
    if needs := rules.missing(limits, applicant, peers, group.id):
        raise NotEligible(missing=needs)
    # Last: the query reads the sessions of all other groups of the person.
    overlapping = await queries.list_overlapping_groups(change, trainee.id, group.id)
    if overlapping:
        raise DatesOverlap(groups=[str(each) for each in overlapping])


async def _place(
    change: Change,
    trainee: Trainee,
    group: GroupFacts,
    source: str | None,
    now: datetime,
    detail: Mapping[str, Any],
) -> Stored:
    # In a planned group all are applications, which are ranked when it opens.
    is_open = group.state == GroupState.OPEN
    state = rules.place(group.free) if is_open else EnrolmentState.APPLIED
    # A copy of today's source: a later list does not change the ranking.
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
    stored_enrolment = await change.stored(statement.returning(*queries.STORED))
    # Built from the written values: no second read under the group's lock.
    new_id = UUID(str(stored_enrolment.key))
    enrolment = Enrolment(id=new_id, version=stored_enrolment.version, **values)
    await count_seats(change, group.id)
    await _relate(change, [enrolment], {trainee.id: trainee.account}, state)
    facts = {"preference": preference, **detail}
    record_change(change, "enrol_trainee", enrolment, **facts)
    return stored_enrolment


async def count_seats(change: Change, group_id: UUID) -> None:
    """Update the numbers of taken seats and waiting people of a locked group."""
    # Counted anew and not incremented: the numbers always match the rows.
    await change.execute(statements.COUNT_SEATS, {"group_id": group_id})


async def move_enrolments(
    change: Change,
    which: ColumnElement[bool],
    state: EnrolmentState,
    action: str,
    **values: Any,
) -> list[Enrolment]:
    """Move enrolments of locked groups to a state, with audit records and relations."""
    moving = update(Enrolment).where(which)
    moving = moving.values(
        **values, state=state, version=Enrolment.version + 1, changed_at=func.now()
    )
    rows = await change.rows(moving.returning(*ENROLMENTS.c))
    enrolments = [Enrolment(**row._mapping) for row in rows]
    # UPDATE returns rows in any order; events follow the waiting list's order.
    enrolments.sort(key=lambda each: (not each.is_preferred, each.sequence))
    # Starting and completing keep the relation that acceptance made.
    if state is EnrolmentState.ACCEPTED or state in rules.ENDED:
        people = [enrolment.trainee_id for enrolment in enrolments]
        accounts = await queries.list_accounts(change, people)
        await _relate(change, enrolments, accounts, state)
    for enrolment in enrolments:
        record_change(change, action, enrolment, reason=enrolment.reason)
    return enrolments


async def _relate(
    change: Change,
    enrolments: Sequence[Enrolment],
    accounts: Mapping[UUID, str | None],
    state: EnrolmentState,
) -> None:
    """Relate accounts of accepted people to their group; unrelate those who left."""
    for enrolment in enrolments:
        account = accounts.get(enrolment.trainee_id)
        # Most people have no account: their county enrols them.
        if account is None:
            continue
        holder, groups = account_holder(account), [enrolment.group_id]
        if state in rules.ENDED:
            await unrelate(change, holder, PARTICIPANT, groups)
        elif state is EnrolmentState.ACCEPTED:
            county = enrolment.county_terc
            await relate(change, holder, PARTICIPANT, groups, county)


async def fill_seats(change: Change, group_id: UUID, now: datetime) -> None:
    """Move as many waiting people up in a locked, open group as seats are free.

    In the transaction that frees the seats, so that nobody can take them in between.
    """
    await count_seats(change, group_id)
    # Read again for the new counts; the group is locked already.
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
    """A trainee within reach, locked with all their groups.

    VersionMismatch after a change; ResourceBusy where the person was enrolled in
    another group meanwhile.
    """
    # The caller's reach is checked first; the block below reaches everywhere.
    await get_trainee(change, trainee_id, permission)
    async with acting_everywhere(change):
        groups = await queries.list_group_ids(change, trainee_id)
        # Groups before people, sorted: one lock order prevents deadlocks.
        for group_id in groups:
            await lock_group(change, group_id)
        trainee = await lock_trainee(change, trainee_id, permission)
        # A new group has to be locked before the person: the client retries.
        if await queries.list_group_ids(change, trainee_id) != groups:
            raise ResourceBusy(retry_after=1)
    require_version(trainee.version, version)
    return trainee

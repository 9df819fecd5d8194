"""Every change of a guardianship, and the relations that follow from it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlmodel import col

from services.casework.accounts.actions import ENDED_FOLLOWERS, GUARDIAN
from services.casework.accounts.queries import list_people, list_subjects
from services.casework.guardianships import queries
from services.casework.guardianships.models import Guardianship
from services.casework.guardianships.rules import (
    EndingReason,
    GuardianshipKind,
    Scope,
    contradictions,
    ending_code,
    time_of,
)
from services.casework.guardianships.schemas import (
    GuardianshipCreate,
    GuardianshipEnd,
    GuardianshipRead,
)
from services.casework.laws.rules.days import of_age_on
from services.casework.people.actions import FAMILY_FOLLOWERS
from services.casework.people.queries import (
    KnownPerson,
    get_birth_dates,
    get_county,
    lock_people,
    lock_person,
    place_of,
)
from services.casework.people.rules import PersonKind
from services.casework.permissions import Permission
from services.casework.problems import PersonNotFound
from services.chassis.data.effects import Subject
from services.chassis.data.relating import (
    Relation,
    acting_everywhere,
    unrelate,
    write_relations,
)
from services.chassis.data.work import Change, require_version
from services.chassis.ground.clock import civil_midnight
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.relations import account_holder
from services.chassis.trust.vault import seal

# The seed that separates this advisory lock from others.
_ACCOUNT_LOCK = 14


def record_change(
    change: Change, action: str, guardianship: Guardianship, event: str
) -> None:
    subject = Subject(
        f"guardianships/{guardianship.id}",
        guardianship.version,
        guardianship.county_terc,
    )
    people = sorted([str(guardianship.child_id), str(guardianship.guardian_id)])
    change.record(
        action,
        subject,
        f"guardianship.{event}",
        event_data={"kind": guardianship.kind},
        people=people,
    )


async def begin_guardianship(
    change: Change, new: GuardianshipCreate, today: date
) -> GuardianshipRead:
    """Begin a guardianship; ValidationFailed names all contradictions."""
    permission = Permission.EDIT_GUARDIANSHIPS
    child = await lock_person(change, new.child_id, permission)
    guardian = await _lock_guardian(change, new.guardian_id)
    wrong = contradictions(new.model_dump(), child.identity.born_on)
    if new.guardian_id == new.child_id or guardian.person.kind != PersonKind.BORN:
        wrong.append(("guardian_id", "not_allowed"))
    refuse(*wrong)
    await _end_where_time_is_over(change, child, new.guardian_id, today)
    # Only full parental authority may leave the scopes out, and it covers all of them.
    guardianship = await insert_guardianship(change, child, new, new.scopes or [*Scope])
    await relate_guardian(change, new.guardian_id)
    return await queries.get_guardianship(change, guardianship.id)


async def _lock_guardian(change: Change, guardian_id: UUID) -> KnownPerson:
    try:
        return await lock_person(change, guardian_id, Permission.EDIT_GUARDIANSHIPS)
    except PersonNotFound:
        # The field is wrong and not the path: 422 instead of 404.
        error = FieldError("pointer", "/guardian_id", "not_found")
        raise UnknownReference(error) from None


async def insert_guardianship(
    change: Change, child: KnownPerson, new: GuardianshipCreate, scopes: Sequence[Scope]
) -> Guardianship:
    """Insert a guardianship that has been checked; the ruling is sealed under the
    child's key.
    """
    # The id is made first: the sealed field is bound to it.
    row_id: UUID = await change.scalar(func.uuidv7().select())
    sealed = seal(child.key, place_of("guardianships", row_id), {"ruling": new.ruling})
    values = new.model_dump(exclude={"ruling", "child_id"}) | {
        "id": row_id,
        "child_id": child.person.id,
        "county_terc": child.person.county_terc,
        "scopes": sorted(scopes),
        "sealed": sealed,
    }
    statement = insert(Guardianship).values(**values)
    row = await change.one(statement.returning(*queries.GUARDIANSHIPS.c))
    guardianship = Guardianship(**row._mapping)
    record_change(change, "begin_guardianship", guardianship, "begun")
    return guardianship


async def _end_where_time_is_over(
    change: Change, child: KnownPerson, guardian_id: UUID, today: date
) -> None:
    """End this guardian's expired guardianships of this child,
    so that a new one can begin.
    """
    born_on = child.identity.born_on
    # The unique index counts a guardianship until `ended_on` is set, even if its time
    # is over.
    for guardianship in await queries.list_running(
        change, child_id=child.person.id, guardian_id=guardian_id
    ):
        kind = GuardianshipKind(guardianship.kind)
        _, after = time_of(kind, guardianship.starts_on, guardianship.ends_on, born_on)
        if after is None or after > today:
            continue
        is_of_age = born_on is not None and after == of_age_on(born_on)
        reason = EndingReason.OF_AGE if is_of_age else EndingReason.TIME_OVER
        await _end(change, guardianship, after, reason)


async def _end(
    change: Change, guardianship: Guardianship, ended_on: date, reason: EndingReason
) -> None:
    statement = (
        update(Guardianship)
        .where(col(Guardianship.id) == guardianship.id)
        .values(
            ended_on=ended_on,
            ending_reason=reason,
            version=Guardianship.version + 1,
            changed_at=func.now(),
        )
    )
    row = await change.one(statement.returning(*queries.GUARDIANSHIPS.c))
    record_change(change, "end_guardianship", Guardianship(**row._mapping), "ended")


async def end_guardianship(
    change: Change,
    guardianship_id: UUID,
    end: GuardianshipEnd,
    version: int,
    today: date,
) -> GuardianshipRead:
    """Record since when and why somebody no longer acts for a child.

    Their account no longer leads to the child.
    """
    # The people first, as when a guardianship begins: the other order could deadlock.
    guardianship = await queries.find_guardianship(change, guardianship_id)
    # Also while processing is restricted: a former guardian must
    # lose access at any time.
    await lock_people(change, [guardianship.child_id])
    guardianship = await queries.lock_guardianship(change, guardianship_id)
    require_version(guardianship.version, version)
    if guardianship.ended_on is not None:
        raise StateConflict(state="ended", allowed=[])
    if code := ending_code(guardianship.starts_on, end.ended_on, end.reason, today):
        refuse(("ended_on", code))
    await _end(change, guardianship, end.ended_on, end.reason)
    await relate_guardian(change, guardianship.guardian_id)
    return await queries.get_guardianship(change, guardianship_id)


async def relate_guardian(change: Change, person_id: UUID) -> None:
    """Compute again to which records a person's accounts have access, from the present
    guardianships and birth dates.

    These are the children during the guardianships, children whom the person expects,
    and the person from the day of majority. The person is locked, so that of two
    changes at once the second sees the result of the first.
    """
    async with acting_everywhere(change):
        await lock_people(change, [person_id])
        for subject in sorted(await list_subjects(change, person_id)):
            await relate_account(change, subject)


async def relate_account(change: Change, subject: str) -> None:
    """Write the relations of an account again, from all records to which it is joined.
    The session must reach all counties (`acting_everywhere`).
    """
    holder = account_holder(subject)
    # Changes lock only one of the account's records, so two may run at once: here the
    # second waits, and then sees the result of the first.
    key = func.hashtextextended(holder, _ACCOUNT_LOCK)
    await change.execute(select(func.pg_advisory_xact_lock(key)))
    # All relations are written again: otherwise an outdated one would stay.
    await unrelate(change, holder, GUARDIAN)
    for person_id in await list_people(change, subject):
        relations = await _relations_of(change, person_id)
        own = [each._replace(holder=holder) for each in relations]
        await write_relations(change, own)


ENDED_FOLLOWERS.append(relate_account)


async def _relations_of(change: Change, person_id: UUID) -> list[Relation]:
    """The relations of a person who acts for others, without a holder."""
    running = await queries.list_running(change, guardian_id=person_id)
    expected = await queries.list_expected_by(change, person_id)
    children = [guardianship.child_id for guardianship in running]
    born = await get_birth_dates(change, [person_id, *children])
    relations = [
        Relation("", GUARDIAN, child.id, child.county_terc) for child in expected
    ]
    # The relation to an expected child has no end, whatever a guardianship says.
    bearing = {child.id for child in expected}
    relations += [
        _relation(guardianship, born.get(guardianship.child_id))
        for guardianship in running
        if Scope.RECORDS in guardianship.scopes and guardianship.child_id not in bearing
    ]
    if (born_on := born.get(person_id)) is not None:
        since = civil_midnight(of_age_on(born_on))
        county = await get_county(change, person_id)
        relations.append(Relation("", GUARDIAN, person_id, county, since))
    return relations


def _relation(guardianship: Guardianship, born_on: date | None) -> Relation:
    kind = GuardianshipKind(guardianship.kind)
    first, after = time_of(kind, guardianship.starts_on, guardianship.ends_on, born_on)
    until = None if after is None else civil_midnight(after)
    since = civil_midnight(first)
    return Relation(
        "", GUARDIAN, guardianship.child_id, guardianship.county_terc, since, until
    )


async def relate_guardians_of(change: Change, person_id: UUID) -> None:
    """Call `relate_guardian` for a person, the person's guardians and mother, because a
    birth date has changed, or the mother of an expected child.
    """
    async with acting_everywhere(change):
        # Guardians may belong to other counties, out of the caller's reach.
        running = await queries.list_running(change, child_id=person_id)
        mother = await queries.get_mother(change, person_id)
    bearing = set() if mother is None else {mother}
    for guardian_id in sorted({person_id, *bearing, *queries.guardians_of(running)}):
        await relate_guardian(change, guardian_id)


FAMILY_FOLLOWERS.append(relate_guardians_of)

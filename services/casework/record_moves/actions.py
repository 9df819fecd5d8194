"""Moving all records of a child to another county, with those of family members whom
nobody else there needs.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Date, delete, func, literal, or_, select, update
from sqlalchemy import table as named_table
from sqlalchemy.sql import column
from sqlmodel import col

from services.casework.accounts.actions import share_account
from services.casework.accounts.queries import find_in_county
from services.casework.break_glass.models import BreakGlass
from services.casework.case_members.actions import TEAM
from services.casework.case_members.models import CaseMember
from services.casework.consents.models import Consent
from services.casework.guardianships.actions import relate_guardian
from services.casework.people.actions import insert_person
from services.casework.people.models import Person
from services.casework.people.queries import (
    PEOPLE,
    find_by_digest,
    get_keys,
    place_of,
)
from services.casework.problems import ProcessingRestricted
from services.casework.record_moves import queries
from services.casework.record_moves.rules import ABOUT, NAMED
from services.chassis.data.work import Change
from services.chassis.trust.relations import RELATIONS
from services.chassis.trust.vault import unseal


async def end_work(
    change: Change, case_id: UUID, child_id: UUID, now: datetime, today: date
) -> None:
    """End the work of the old county: its team, its relations, and the legal bases
    without a recipient.
    """
    await change.execute(
        update(CaseMember)
        .where(col(CaseMember.case_id) == case_id, col(CaseMember.left_at).is_(None))
        .values(left_at=now, version=CaseMember.version + 1, changed_at=func.now())
    )
    ends = RELATIONS.c.kind.in_((TEAM, "break_glass"))
    objects = RELATIONS.c.object_id.in_((case_id, child_id))
    await change.execute(delete(RELATIONS).where(ends, objects))
    # An access without its relation would show nothing and could not be opened again.
    await change.execute(
        update(BreakGlass)
        .where(col(BreakGlass.person_id) == child_id, col(BreakGlass.ends_at) > now)
        .values(ends_at=now, version=BreakGlass.version + 1, changed_at=func.now())
    )
    # Without a recipient the data "stay with the county":
    # nobody has consented to a new county.
    yesterday = literal(today - timedelta(days=1), Date)
    await change.execute(
        update(Consent)
        .where(
            col(Consent.person_id) == child_id,
            col(Consent.recipient_institution_id).is_(None),
            col(Consent.withdrawn_at).is_(None),
            or_(col(Consent.valid_to).is_(None), col(Consent.valid_to) >= today),
        )
        .values(
            # Not before its own first day, because of a CHECK constraint.
            valid_to=func.greatest(col(Consent.valid_from), yesterday),
            version=Consent.version + 1,
            changed_at=func.now(),
        )
    )


async def move_records(
    change: Change, child_id: UUID, from_county: str, to_county: str, today: date
) -> None:
    """Move all records about a child. The caller of this function has locked them.

    The session must act in both counties.

    A guardian's record moves, too, unless others in the old county need it: then the
    new county gets a copy.
    """
    people = await queries.list_records_of(change, child_id)
    family, split_members = await _part_family(change, people, from_county, to_county)
    moving_ids = [*people, *family]
    await _move_households(change, moving_ids, to_county, today)
    for name, owner in ABOUT.items():
        rows = queries.rows_about(name)
        statement = update(rows).where(rows.c[owner].in_(moving_ids))
        await change.execute(statement.values(county_terc=to_county))
    objects = RELATIONS.c.object_id.in_(moving_ids)
    await change.execute(update(RELATIONS).where(objects).values(county_terc=to_county))
    for member, new_id in split_members:
        await share_account(change, member, new_id, to_county)
        # The record in the old county no longer acts for the child,
        # so both are related again.
        for each in sorted([member, new_id]):
            await relate_guardian(change, each)


async def _part_family(
    change: Change, people: Sequence[UUID], from_county: str, to_county: str
) -> tuple[list[UUID], list[tuple[UUID, UUID]]]:
    """Two lists: ids of family members whose records move; and pairs of ids for those
    who stay: the old record, and the record in the new county, to which the child's
    rows now refer.
    """
    moving_ids, split_members = list[UUID](), list[tuple[UUID, UUID]]()
    for member in await queries.list_family(change, people):
        person = await _find_in(change, member, from_county)
        # A record of a third county stays where it is.
        if person is None or person.erased_at is not None:
            continue
        # Copying would be processing (GDPR, art. 18), so the whole move is refused.
        if person.restricted_at is not None:
            raise ProcessingRestricted()
        # A person whom the new county knows already gets no second record there.
        existing_id = await _find_record(change, person, to_county)
        if existing_id is None and not await queries.guardian_has_others(
            change, member, people
        ):
            moving_ids.append(member)
            continue
        new_id = existing_id or await _copy(change, person, to_county)
        if new_id is not None:
            await _rename(change, people, member, new_id)
            split_members.append((member, new_id))
    return moving_ids, split_members


async def _find_record(change: Change, person: Person, county_terc: str) -> UUID | None:
    """The id of the person's record in a county, found by the same PESEL or account;
    None without one.
    """
    # Digests use one key for all counties, so they are comparable.
    digest = person.pesel_index
    existing_id = (
        None if digest is None else await find_by_digest(change, county_terc, digest)
    )
    return existing_id or await find_in_county(change, person.id, county_terc)


async def _find_in(change: Change, person_id: UUID, county_terc: str) -> Person | None:
    statement = select(PEOPLE).where(
        PEOPLE.c.id == person_id, PEOPLE.c.county_terc == county_terc
    )
    row = await change.find(statement.with_for_update())
    return None if row is None else Person(**row._mapping)


async def _copy(change: Change, person: Person, county_terc: str) -> UUID | None:
    """Copy a person's record to another county, under a new key;
    None for an erased person.
    """
    key = (await get_keys(change, [person.id])).get(person.id)
    if key is None:
        return None
    identity = unseal(key, place_of("people", person.id), person.sealed)
    if born_on := identity.get("born_on"):
        identity["born_on"] = date.fromisoformat(born_on)
    # Without a mother or other references, which are records of the old county.
    facts = identity | {
        "county_terc": county_terc,
        "kind": person.kind,
        "sex": person.sex,
        "expected_on": person.expected_on,
    }
    return (await insert_person(change, facts)).person.id


async def _rename(
    change: Change, people: Sequence[UUID], before: UUID, after: UUID
) -> None:
    """Change the child's rows to refer to the record in the new county."""
    for name, columns in NAMED.items():
        rows = queries.rows_about(name)
        is_of_people = rows.c[ABOUT[name]].in_(people)
        for each in columns:
            statement = update(rows).where(is_of_people, rows.c[each] == before)
            await change.execute(statement.values({each: after}))


async def _move_households(
    change: Change, people: Sequence[UUID], to_county: str, today: date
) -> None:
    """Move the households of which all members move;
    the moving people leave other households.
    """
    household_ids = await queries.list_households_of(change, people)
    households = named_table(
        "households", column("id"), column("county_terc"), schema="casework"
    )
    moved = update(households).where(households.c.id.in_(household_ids))
    await change.execute(moved.values(county_terc=to_county))
    members = named_table(
        "household_members",
        *[
            column(name)
            for name in ("household_id", "person_id", "left_on", "joined_on")
        ],
        schema="casework",
    )
    leaving = update(members).where(
        members.c.person_id.in_(people),
        members.c.household_id.not_in(household_ids),
        members.c.left_on.is_(None),
    )
    # Not before the day of joining.
    left_on = func.greatest(members.c.joined_on, literal(today, Date))
    await change.execute(leaving.values(left_on=left_on))

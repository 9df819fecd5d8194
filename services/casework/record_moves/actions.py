"""A child's records change their county:
all of them, with whoever of the family belongs to nobody else there.
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
    """What was the old county's ends with its work:
    its team, its relations, and the bases that name no recipient.
    """
    await change.execute(
        update(CaseMember)
        .where(col(CaseMember.case_id) == case_id, col(CaseMember.left_at).is_(None))
        .values(left_at=now, version=CaseMember.version + 1, changed_at=func.now())
    )
    ends = RELATIONS.c.kind.in_((TEAM, "break_glass"))
    objects = RELATIONS.c.object_id.in_((case_id, child_id))
    await change.execute(delete(RELATIONS).where(ends, objects))
    # Data that "stay with the county" stay with another one from now on: nobody has
    # agreed to that.
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
            # Not before its own first day, which the table would refuse.
            valid_to=func.greatest(col(Consent.valid_from), yesterday),
            version=Consent.version + 1,
            changed_at=func.now(),
        )
    )


async def move_records(
    change: Change, child_id: UUID, from_county: str, to_county: str, today: date
) -> None:
    """Move everything about a child, locked before.

    The caller acts in both counties meanwhile.

    A guardian goes along unless others in the old county need the record:
    then the new county gets a copy of its own.
    """
    people = await queries.list_records_of(change, child_id)
    family, parted = await _part_family(change, people, from_county, to_county)
    going = [*people, *family]
    await _move_households(change, going, to_county, today)
    for name, owner in ABOUT.items():
        rows = queries.rows_about(name)
        statement = update(rows).where(rows.c[owner].in_(going))
        await change.execute(statement.values(county_terc=to_county))
    objects = RELATIONS.c.object_id.in_(going)
    await change.execute(update(RELATIONS).where(objects).values(county_terc=to_county))
    for member, after in parted:
        await share_account(change, member, after, to_county)
        # By the record of the old county nobody acts for the child any more.
        for each in sorted([member, after]):
            await relate_guardian(change, each)


async def _part_family(
    change: Change, people: Sequence[UUID], from_county: str, to_county: str
) -> tuple[list[UUID], list[tuple[UUID, UUID]]]:
    """Who of the family goes along; and who stays, each with the record that the new
    county has of them, which the child's rows name from now on.
    """
    going, parted = list[UUID](), list[tuple[UUID, UUID]]()
    for member in await queries.list_family(change, people):
        person = await _find_in(change, member, from_county)
        # Of another county, their record stays where it is.
        if person is None or person.erased_at is not None:
            continue
        # A copy would be a new processing (GDPR, art. 18): the whole move waits.
        if person.restricted_at is not None:
            raise ProcessingRestricted()
        # Whom the new county knows by the same number gets no second record there.
        known = await _find_known(change, person, to_county)
        if known is None and not await queries.guardian_has_others(
            change, member, people
        ):
            going.append(member)
            continue
        after = known or await _copy(change, person, to_county)
        if after is not None:
            await _rename(change, people, member, after)
            parted.append((member, after))
    return going, parted


async def _find_known(change: Change, person: Person, county_terc: str) -> UUID | None:
    """Their record in a county, by the number or the account that both have."""
    # Digests are of one key for all counties, and so are comparable.
    digest = person.pesel_index
    known = (
        None if digest is None else await find_by_digest(change, county_terc, digest)
    )
    return known or await find_in_county(change, person.id, county_terc)


async def _find_in(change: Change, person_id: UUID, county_terc: str) -> Person | None:
    statement = select(PEOPLE).where(
        PEOPLE.c.id == person_id, PEOPLE.c.county_terc == county_terc
    )
    row = await change.find(statement.with_for_update())
    return None if row is None else Person(**row._mapping)


async def _copy(change: Change, person: Person, county_terc: str) -> UUID | None:
    """A record of the same person in another county, under a key of its own;
    None of whoever was erased.
    """
    key = (await get_keys(change, [person.id])).get(person.id)
    if key is None:
        return None
    identity = unseal(key, place_of("people", person.id), person.sealed)
    if born_on := identity.get("born_on"):
        identity["born_on"] = date.fromisoformat(born_on)
    # Without a mother or other references: those are records of the old county.
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
    """Let the child's rows name the record of the new county."""
    for name, columns in NAMED.items():
        rows = queries.rows_about(name)
        mine = rows.c[ABOUT[name]].in_(people)
        for each in columns:
            statement = update(rows).where(mine, rows.c[each] == before)
            await change.execute(statement.values({each: after}))


async def _move_households(
    change: Change, people: Sequence[UUID], to_county: str, today: date
) -> None:
    """A household moves when all of it does; from any other they move out."""
    going = await queries.list_households_of(change, people)
    households = named_table(
        "households", column("id"), column("county_terc"), schema="casework"
    )
    moved = update(households).where(households.c.id.in_(going))
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
        members.c.household_id.not_in(going),
        members.c.left_on.is_(None),
    )
    # Nobody leaves a household before having joined it.
    left_on = func.greatest(members.c.joined_on, literal(today, Date))
    await change.execute(leaving.values(left_on=left_on))

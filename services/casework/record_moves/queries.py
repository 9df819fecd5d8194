"""The rows about a child, table by table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import (
    TableClause,
    Text,
    and_,
    cast,
    column,
    func,
    select,
    table,
    union,
)

from services.casework.guardianships.queries import GUARDIANSHIPS
from services.casework.people.queries import PEOPLE, place_of
from services.casework.record_moves.rules import ABOUT, KEPT, NAMED, NOT_KEPT
from services.chassis.data.work import Change, Reading
from services.chassis.trust.vault import unseal

Record = dict[str, Any]


def rows_about(name: str) -> TableClause:
    """A table with only the columns that a move needs."""
    # By name and not by class, because some tables belong to slices above this one.
    names = {ABOUT[name], "county_terc", *NAMED.get(name, ())}
    return table(name, *[column(each) for each in sorted(names)], schema="casework")


async def list_records_of(reading: Reading, child_id: UUID) -> list[UUID]:
    """The ids of the child's record and of records merged into it."""
    merged = select(PEOPLE.c.id).where(PEOPLE.c.merged_into == child_id)
    return [child_id, *await reading.scalars(merged.order_by(PEOPLE.c.id))]


async def lock_rows(change: Change, people: Sequence[UUID]) -> None:
    """Lock all rows about these people: running transactions end first, and later ones
    find the rows moved.
    """
    for name, owner in ABOUT.items():
        rows = rows_about(name)
        is_of_people = rows.c[owner].in_(people)
        await change.rows(select(rows.c[owner]).where(is_of_people).with_for_update())


async def list_family(reading: Reading, people: Sequence[UUID]) -> Sequence[UUID]:
    """The ids of their present and former guardians and of their mothers."""
    guards = select(GUARDIANSHIPS.c.guardian_id).where(
        GUARDIANSHIPS.c.child_id.in_(people)
    )
    mothers = select(PEOPLE.c.mother_id).where(
        PEOPLE.c.id.in_(people), PEOPLE.c.mother_id.is_not(None)
    )
    family_ids = union(guards, mothers).subquery("named")
    return await reading.scalars(select(family_ids).order_by(family_ids.c[0]))


async def guardian_has_others(
    reading: Reading, guardian_id: UUID, people: Sequence[UUID]
) -> bool:
    """Whether a person acts for, or is the mother of, somebody else, or has a case of
    their own. Then the record is still needed in the old county.
    """
    guards = select(GUARDIANSHIPS.c.child_id).where(
        GUARDIANSHIPS.c.guardian_id == guardian_id,
        GUARDIANSHIPS.c.ended_on.is_(None),
        GUARDIANSHIPS.c.child_id.not_in(people),
    )
    bears = select(PEOPLE.c.id).where(
        PEOPLE.c.mother_id == guardian_id, PEOPLE.c.id.not_in(people)
    )
    # A parent may still be a pupil, with a case of their own.
    cases = rows_about("cases")
    own = select(cases.c.person_id).where(cases.c.person_id == guardian_id)
    return await reading.find(union(guards, bears, own).limit(1)) is not None


async def list_households_of(reading: Reading, people: Sequence[UUID]) -> list[UUID]:
    """The households in which only these people live now."""
    members = table(
        "household_members",
        *[column(name) for name in ("household_id", "person_id", "left_on")],
        schema="casework",
    )
    present = members.c.left_on.is_(None)
    own_households = select(members.c.household_id).where(
        members.c.person_id.in_(people)
    )
    others = select(members.c.household_id).where(
        and_(present, members.c.person_id.not_in(people))
    )
    statement = own_households.where(members.c.household_id.not_in(others)).distinct()
    return [*await reading.scalars(statement)]


async def get_snapshot(
    reading: Reading, child_id: UUID, key: bytes
) -> dict[str, list[Record]]:
    """A copy of the child's records, opened, which the old county keeps; rows by table."""
    snapshot = {}
    for name in KEPT:
        rows = rows_about(name).alias("kept")
        # The whole row as JSON, so that new columns are included automatically.
        row_json = cast(func.to_jsonb(rows.table_valued()), Text)
        is_of_child = rows.c[ABOUT[name]] == child_id
        texts = await reading.scalars(select(row_json).where(is_of_child))
        records = [_opened(name, from_json(text), key) for text in texts]
        snapshot[name] = records
    return snapshot


def _opened(name: str, row: Record, key: bytes) -> Record:
    facts = {field: value for field, value in row.items() if field not in NOT_KEPT}
    sealed = row.get("sealed")
    if sealed is None:
        return facts
    # JSON rows contain bytes as PostgreSQL writes them: \x and hexadecimal digits.
    place = place_of(name, UUID(row["id"]))
    return facts | unseal(key, place, bytes.fromhex(sealed[2:]))

"""What there is about a child, table by table."""

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
    """A table by the columns that a move is about."""
    # By names and not by classes: some of the tables are of slices above this one.
    names = {ABOUT[name], "county_terc", *NAMED.get(name, ())}
    return table(name, *[column(each) for each in sorted(names)], schema="casework")


async def list_records_of(reading: Reading, child_id: UUID) -> list[UUID]:
    """The child's record, and those that were merged into it."""
    merged = select(PEOPLE.c.id).where(PEOPLE.c.merged_into == child_id)
    return [child_id, *await reading.scalars(merged.order_by(PEOPLE.c.id))]


async def lock_rows(change: Change, people: Sequence[UUID]) -> None:
    """Lock everything about these people:
    whoever is writing finishes first, and whoever comes later finds it gone.
    """
    for name, owner in ABOUT.items():
        rows = rows_about(name)
        mine = rows.c[owner].in_(people)
        await change.rows(select(rows.c[owner]).where(mine).with_for_update())


async def list_family(reading: Reading, people: Sequence[UUID]) -> Sequence[UUID]:
    """Whoever acts or acted for them, or bears or bore them."""
    guards = select(GUARDIANSHIPS.c.guardian_id).where(
        GUARDIANSHIPS.c.child_id.in_(people)
    )
    mothers = select(PEOPLE.c.mother_id).where(
        PEOPLE.c.id.in_(people), PEOPLE.c.mother_id.is_not(None)
    )
    named = union(guards, mothers).subquery("named")
    return await reading.scalars(select(named).order_by(named.c[0]))


async def guardian_has_others(
    reading: Reading, guardian_id: UUID, people: Sequence[UUID]
) -> bool:
    """Whether somebody acts for others than these, or has an own case:
    then their record is needed where it is.
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
    """The households in which nobody lives but these people."""
    members = table(
        "household_members",
        *[column(name) for name in ("household_id", "person_id", "left_on")],
        schema="casework",
    )
    present = members.c.left_on.is_(None)
    theirs = select(members.c.household_id).where(members.c.person_id.in_(people))
    others = select(members.c.household_id).where(
        and_(present, members.c.person_id.not_in(people))
    )
    statement = theirs.where(members.c.household_id.not_in(others)).distinct()
    return [*await reading.scalars(statement)]


async def get_snapshot(
    reading: Reading, child_id: UUID, key: bytes
) -> dict[str, list[Record]]:
    """What is recorded of a child, opened: what the old county keeps of it."""
    snapshot = {}
    for name in KEPT:
        rows = rows_about(name).alias("kept")
        # The row as it is: a new column is kept without a word here.
        whole = cast(func.to_jsonb(rows.table_valued()), Text)
        mine = rows.c[ABOUT[name]] == child_id
        texts = await reading.scalars(select(whole).where(mine))
        records = [_opened(name, from_json(text), key) for text in texts]
        snapshot[name] = records
    return snapshot


def _opened(name: str, row: Record, key: bytes) -> Record:
    facts = {field: value for field, value in row.items() if field not in NOT_KEPT}
    sealed = row.get("sealed")
    if sealed is None:
        return facts
    # A JSON row shows bytes as PostgreSQL writes them: \x and hexadecimal digits.
    place = place_of(name, UUID(row["id"]))
    return facts | unseal(key, place, bytes.fromhex(sealed[2:]))

"""Every query on guardianships."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from services.casework.accounts.queries import ACCOUNTS
from services.casework.guardianships.models import Guardianship
from services.casework.guardianships.rules import (
    ACTING,
    GuardianshipKind,
    holds_on,
    time_of,
)
from services.casework.guardianships.schemas import GuardianshipList, GuardianshipRead
from services.casework.laws.rules.days import is_of_age
from services.casework.people.models import Person
from services.casework.people.queries import (
    KEYS,
    PEOPLE,
    get_birth_dates,
    unsealed_of,
)
from services.casework.people.rules import PersonKind
from services.casework.permissions import Permission
from services.casework.problems import DoesNotActForChild, GuardianshipNotFound
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows
from services.chassis.trust.access import reaches, within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

GUARDIANSHIPS = rows_of(Guardianship)
RELATED = dict.fromkeys(("team", "guardian", "break_glass"), GUARDIANSHIPS.c.child_id)
"""The column that each kind of relation to a child is matched with."""
# An outer join: an erased child has no key, and the row is still shown.
_WITH_KEYS = GUARDIANSHIPS.outerjoin(KEYS, KEYS.c.person_id == GUARDIANSHIPS.c.child_id)
_NAMES = (*[name for name in GuardianshipRead.model_fields if name != "ruling"],)
_WIRE = {name: GUARDIANSHIPS.c[name] for name in (*_NAMES, "sealed")}
# Needed to open a row of a page, and removed before it is shown.
_WIRE |= {name: KEYS.c[name] for name in ("keyring_id", "wrapped")}
_LIST = Filtered(
    Listing(
        _WIRE,
        {
            name: GUARDIANSHIPS.c[name]
            for name in ("created_at", "starts_on", "changed_at")
        },
        "-created_at",
        GUARDIANSHIPS.c.id,
    ),
    _WITH_KEYS,
    {
        name: Filter(GUARDIANSHIPS.c[name])
        for name in ("child_id", "guardian_id", "county_terc", "kind")
    }
    | {"is_ended": Filter(GUARDIANSHIPS.c.ended_on.is_not(None))},
    county=GUARDIANSHIPS.c.county_terc,
    objects=RELATED,
)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    county = GUARDIANSHIPS.c.county_terc
    return within(caller, permission, county=county, objects=RELATED)


def list_guardianships(query: GuardianshipList, caller: Caller) -> Listed:
    """The guardianships of children within the caller's reach, sealed as they are."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.READ_GUARDIANSHIPS)


def opened(item: dict[str, Any], caller: Caller) -> GuardianshipRead:
    """A guardianship of a page, opened; the ruling only for callers who may change it."""
    values = unsealed_of(item, "guardianships", item["child_id"])
    permission, county = Permission.EDIT_GUARDIANSHIPS, item["county_terc"]
    # By county: neither family nor team needs the court's reference.
    may_edit = reaches(caller, permission, county=county)
    ruling = values.get("ruling") if may_edit else None
    return GuardianshipRead.model_validate({**item, "ruling": ruling})


async def get_guardianship(reading: Reading, guardianship_id: UUID) -> GuardianshipRead:
    """One guardianship of a child within the caller's reach,
    opened; GuardianshipNotFound.
    """
    caller = reading.caller
    columns = [column.label(name) for name, column in _WIRE.items()]
    statement = select(*columns).select_from(_WITH_KEYS)
    statement = statement.where(
        GUARDIANSHIPS.c.id == guardianship_id,
        _reach(caller, Permission.READ_GUARDIANSHIPS),
    )
    row = await reading.one(statement, GuardianshipNotFound)
    item = dict(row._mapping)
    # `unsealed_of` expects bytes in the form that PostgreSQL writes to JSON.
    for name in ("sealed", "wrapped"):
        item[name] = None if item[name] is None else f"\\x{item[name].hex()}"
    return opened(item, caller)


def _of_id(guardianship_id: UUID, caller: Caller) -> Rows:
    reached = _reach(caller, Permission.EDIT_GUARDIANSHIPS)
    statement: Rows = select(GUARDIANSHIPS)
    return statement.where(GUARDIANSHIPS.c.id == guardianship_id, reached)


async def find_guardianship(reading: Reading, guardianship_id: UUID) -> Guardianship:
    """The row of a guardianship that the caller may change; GuardianshipNotFound."""
    statement = _of_id(guardianship_id, reading.caller)
    return await reading.instance(Guardianship, statement, GuardianshipNotFound)


async def lock_guardianship(change: Change, guardianship_id: UUID) -> Guardianship:
    """The same, locked until the transaction ends."""
    statement = _of_id(guardianship_id, change.caller).with_for_update()
    return await change.instance(Guardianship, statement, GuardianshipNotFound)


async def list_running(
    reading: Reading,
    *,
    child_id: UUID | None = None,
    guardian_id: UUID | None = None,
) -> list[Guardianship]:
    """The guardianships without `ended_on`, of a child or of a guardian, even if their
    time is over.
    """
    statement: Rows = select(GUARDIANSHIPS).where(GUARDIANSHIPS.c.ended_on.is_(None))
    if child_id is not None:
        statement = statement.where(GUARDIANSHIPS.c.child_id == child_id)
    if guardian_id is not None:
        statement = statement.where(GUARDIANSHIPS.c.guardian_id == guardian_id)
    rows = await reading.rows(statement.order_by(GUARDIANSHIPS.c.id))
    return [Guardianship(**row._mapping) for row in rows]


async def somebody_is_acted_for(
    reading: Reading, guardian_id: UUID, today: date
) -> bool:
    """Whether a person is somebody's guardian on that day, or expects a child."""
    columns = GUARDIANSHIPS.c
    # An approximation, which ignores the first day and the child's majority: the
    # relations of the account are later computed exactly.
    runs = exists().where(
        columns.guardian_id == guardian_id,
        columns.ended_on.is_(None),
        or_(columns.ends_on.is_(None), columns.ends_on >= today),
    )
    expects = exists().where(
        PEOPLE.c.mother_id == guardian_id, PEOPLE.c.kind == PersonKind.EXPECTED
    )
    return bool(await reading.scalar(select(or_(runs, expects))))


async def person_is_entitled(
    reading: Reading, child_id: UUID, person_id: UUID, day: date
) -> bool:
    """Whether a person acts for a child on a day: as its guardian, or as the mother who
    expects it.

    False for the child itself: a pupil of age is checked
    by the caller of this function.
    """
    return person_id in await _list_acting(reading, child_id, day)


async def somebody_is_acting(reading: Reading, child_id: UUID, day: date) -> bool:
    """Whether somebody acts for a child on a day: a guardian, the mother who expects
    it, or the pupil who is of age.
    """
    if await _list_acting(reading, child_id, day):
        return True
    born_on = (await get_birth_dates(reading, [child_id])).get(child_id)
    return is_of_age(born_on, day)


async def _list_acting(reading: Reading, child_id: UUID, day: date) -> list[UUID]:
    """The ids of the people who act for a child on a day.

    Not included: people with a pupil's consent to see the records, and guardians who
    may only read them.
    """
    columns = GUARDIANSHIPS.c
    # From the guardianships, not the relations: relations belong to accounts, and few
    # guardians have one.
    guards = select(GUARDIANSHIPS).where(
        columns.child_id == child_id,
        columns.kind != GuardianshipKind.ADULT_CONSENT,
        columns.scopes.overlap(sorted(ACTING)),
        or_(columns.ended_on.is_(None), columns.ended_on > day),
    )
    born_on = (await get_birth_dates(reading, [child_id])).get(child_id)
    acting = [
        row.guardian_id
        for row in await reading.rows(guards)
        if holds_on(
            day,
            time_of(GuardianshipKind(row.kind), row.starts_on, row.ends_on, born_on),
        )
    ]
    # Before the birth nobody has parental authority, and the mother acts for the child.
    expects = select(PEOPLE.c.mother_id).where(
        PEOPLE.c.id == child_id,
        PEOPLE.c.kind == PersonKind.EXPECTED,
        PEOPLE.c.mother_id.is_not(None),
    )
    return [*acting, *await reading.scalars(expects)]


async def find_acting_as(
    reading: Reading, child_id: UUID, day: date
) -> Literal["guardian", "pupil"] | None:
    """Whether the caller's account acts for a child on a day as a guardian or as the
    pupil; None where it does not act.
    """
    own = select(ACCOUNTS.c.person_id).where(
        ACCOUNTS.c.subject == reading.caller.subject, ACCOUNTS.c.ended_at.is_(None)
    )
    # A guardian as a caller has no county, but the family's records have.
    async with acting_everywhere(reading):
        people = {*await reading.scalars(own)}
        if people.intersection(await _list_acting(reading, child_id, day)):
            return "guardian"
        born = await get_birth_dates(reading, [child_id])
    is_pupil = child_id in people and is_of_age(born.get(child_id), day)
    return "pupil" if is_pupil else None


async def require_acting(
    reading: Reading, permission: Permission, child_id: UUID, county: str, day: date
) -> None:
    """DoesNotActForChild for a caller of the family
    who may only read the child's records.

    An account's relation gives the right to read; changes need the right to act.
    """
    caller = reading.caller
    if "guardian" not in caller.relations.get(permission, ()):
        return
    if reaches(caller, permission, county=county):
        return
    if await find_acting_as(reading, child_id, day) is None:
        raise DoesNotActForChild()


async def list_expected_by(reading: Reading, mother_id: UUID) -> list[Person]:
    """The records of children whom a person expects,
    those of ended pregnancies included.
    """
    statement: Rows = select(PEOPLE).where(
        PEOPLE.c.mother_id == mother_id,
        PEOPLE.c.kind == PersonKind.EXPECTED,
        PEOPLE.c.merged_into.is_(None),
    )
    rows = await reading.rows(statement.order_by(PEOPLE.c.id))
    return [Person(**row._mapping) for row in rows]


async def get_mother(reading: Reading, child_id: UUID) -> UUID | None:
    """The mother of a child who is or was expected; None where she is not known."""
    statement = select(PEOPLE.c.mother_id).where(PEOPLE.c.id == child_id)
    mother: UUID | None = await reading.scalar(statement)
    return mother


def guardians_of(guardianships: Iterable[Guardianship]) -> list[UUID]:
    """The guardians of these guardianships, each once."""
    return sorted({each.guardian_id for each in guardianships})

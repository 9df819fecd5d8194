"""Every query on people.

Locks are taken in the same order everywhere, to avoid deadlocks: people (a child before
its guardians, others by id), then a case, then parts of it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true, union
from sqlalchemy.dialects.postgresql import distinct_on

from services.casework.keys import keyring
from services.casework.people.models import Person, PersonKey, PersonName
from services.casework.people.schemas import (
    Identity,
    PersonList,
    PersonRead,
    PersonSummary,
)
from services.casework.permissions import Permission
from services.casework.problems import PersonNotFound, ProcessingRestricted
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.access import reaches, within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import Erased, WrappedKey, unseal
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

PEOPLE = rows_of(Person)
KEYS = rows_of(PersonKey)
NAMES = rows_of(PersonName)

RELATED = dict.fromkeys(("team", "guardian", "break_glass"), PEOPLE.c.id)
"""The column that each kind of relation to a person is matched with."""
_COLUMNS = tuple(column.name for column in PEOPLE.c)
_WITH_KEYS = PEOPLE.outerjoin(KEYS, KEYS.c.person_id == PEOPLE.c.id)
_RECORDS: Rows = select(*PEOPLE.c, KEYS.c.keyring_id, KEYS.c.wrapped).select_from(
    _WITH_KEYS
)
_SUMMARY = (
    "id",
    "version",
    "county_terc",
    "kind",
    "sex",
    "expected_on",
    "merged_into",
    "changed_at",
    "sealed",
)
# Without filters for names: searches for people are counted, in `person_searches`.
_LIST = Filtered(
    Listing(
        {name: PEOPLE.c[name] for name in _SUMMARY}
        | {"keyring_id": KEYS.c.keyring_id, "wrapped": KEYS.c.wrapped},
        {"created_at": PEOPLE.c.created_at},
        "-created_at",
        PEOPLE.c.id,
    ),
    _WITH_KEYS,
    {
        "county_terc": Filter(PEOPLE.c.county_terc),
        "kind": Filter(PEOPLE.c.kind),
    },
    county=PEOPLE.c.county_terc,
    objects=RELATED,
)


class KnownPerson(NamedTuple):
    """A person's row with the opened identity, and the key of the sealed fields."""

    person: Person
    key: bytes
    identity: Identity


def place_of(table: str, row_id: UUID | str) -> str:
    """The place to which a row's field is sealed, needed to open it."""
    return f"{table}|{row_id}"


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The people whom the caller's permission reaches."""
    county = PEOPLE.c.county_terc
    return within(caller, permission, county=county, objects=RELATED)


def _record_of(row: Any) -> KnownPerson:
    """A row of people with its key, opened. Raises Erased where the key is gone."""
    person = Person(**{name: row._mapping[name] for name in _COLUMNS})
    # After waiting for an erasure a transaction still sees the deleted key.
    if row.wrapped is None or person.erased_at is not None:
        raise Erased()
    key = keyring().unwrap(WrappedKey(row.keyring_id, row.wrapped), person.id)
    values = unseal(key, place_of("people", person.id), person.sealed)
    return KnownPerson(person, key, Identity.model_construct(**_dated(values)))


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the birth date as a date; they were validated before."""
    born_on = values.get("born_on")
    return values | {"born_on": date.fromisoformat(born_on) if born_on else None}


def _select_record(person_id: UUID, reached: ColumnElement[bool]) -> Rows:
    return _RECORDS.where(PEOPLE.c.id == person_id, reached)


async def get_person(
    reading: Reading, person_id: UUID, permission: Permission = Permission.READ_PEOPLE
) -> KnownPerson:
    """One person within the permission's reach; PersonNotFound or Erased."""
    statement = _select_record(person_id, reach(reading.caller, permission))
    return _record_of(await reading.one(statement, PersonNotFound))


async def lock_person(
    change: Change, person_id: UUID, permission: Permission = Permission.EDIT_PEOPLE
) -> KnownPerson:
    """One person who is to change, locked until the transaction ends.

    Raises PersonNotFound, Erased, StateConflict once merged, or ProcessingRestricted.
    """
    reached = reach(change.caller, permission)
    return require_changeable(await _lock(change, person_id, reached))


async def lock_person_by_id(change: Change, person_id: UUID) -> KnownPerson:
    """One person, locked, whatever the caller's reach; PersonNotFound or Erased."""
    # For effects of an allowed change, such as relations of guardians.
    return await _lock(change, person_id, true())


async def _lock(
    change: Change, person_id: UUID, reached: ColumnElement[bool]
) -> KnownPerson:
    # `key_share`: rows that refer to the person may be added in the meantime.
    statement = _select_record(person_id, reached)
    locking = statement.with_for_update(key_share=True, of=PEOPLE)
    return _record_of(await change.one(locking, PersonNotFound))


async def lock_people(change: Change, people: Sequence[UUID] | Select[Any]) -> None:
    """Lock people until the transaction ends, always before rows about them."""
    statement = select(PEOPLE.c.id).where(PEOPLE.c.id.in_(people)).order_by(PEOPLE.c.id)
    await change.rows(statement.with_for_update(key_share=True))


async def get_birth_dates(
    reading: Reading, people: Iterable[UUID]
) -> dict[UUID, date | None]:
    """The birth dates of several people; None for erased people."""
    rows = await reading.rows(_RECORDS.where(PEOPLE.c.id.in_([*people])))
    records = {row.id: row.wrapped and _record_of(row) for row in rows}
    return {key: record and record.identity.born_on for key, record in records.items()}


async def get_county(reading: Reading, person_id: UUID) -> str:
    """The county that answers for somebody; PersonNotFound."""
    statement = select(PEOPLE.c.county_terc).where(PEOPLE.c.id == person_id)
    [county] = await reading.one(statement, PersonNotFound)
    return str(county)


def require_changeable(record: KnownPerson) -> KnownPerson:
    """The record; StateConflict where it is merged, or ProcessingRestricted."""
    person = record.person
    if person.merged_into is not None:
        into = str(person.merged_into)
        raise StateConflict(state="merged", allowed=[], merged_into=into)
    if person.restricted_at is not None:
        raise ProcessingRestricted()
    return record


async def get_key(reading: Reading, person_id: UUID) -> bytes:
    """The key of a person's sealed fields; Erased where it is gone or out of reach."""
    columns = select(KEYS.c.keyring_id, KEYS.c.wrapped)
    statement = columns.where(KEYS.c.person_id == person_id)
    # Locked until the transaction ends: an erasure waits,
    # and then finds what was sealed.
    if isinstance(reading, Change):
        statement = statement.with_for_update(read=True, key_share=True)
    row = await reading.one(statement, Erased)
    return keyring().unwrap(WrappedKey(*row), person_id)


async def get_keys(reading: Reading, people: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of several people; erased people are left out."""
    statement = select(KEYS.c.person_id, KEYS.c.keyring_id, KEYS.c.wrapped)
    rows = await reading.rows(statement.where(KEYS.c.person_id.in_([*people])))
    return {
        row.person_id: keyring().unwrap(
            WrappedKey(row.keyring_id, row.wrapped), row.person_id
        )
        for row in rows
    }


async def list_keys_by_keyring(reading: Reading) -> list[tuple[UUID, WrappedKey]]:
    """One wrapped key for each wrapping key in use, with the person's id."""
    # One for each is enough to check whether the keyring has the wrapping key.
    first = select(KEYS).ext(distinct_on(KEYS.c.keyring_id))
    rows = await reading.rows(first.order_by(KEYS.c.keyring_id, KEYS.c.person_id))
    return [(row.person_id, WrappedKey(row.keyring_id, row.wrapped)) for row in rows]


def list_people(query: PersonList, caller: Caller) -> Listed:
    """The people whom a list shows, sealed as they are."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.READ_PEOPLE)


def opened_summary(item: dict[str, Any]) -> PersonSummary:
    """A person of a page, opened; an erased person has no name."""
    values = unsealed_of(item, "people", item["id"])
    names = {
        name: values.get(name) for name in ("given_name", "family_name", "born_on")
    }
    return PersonSummary.model_validate(item | names)


def unsealed_of(item: dict[str, Any], table: str, owner: UUID | str) -> dict[str, Any]:
    """The opened values of an item; empty once erased. Removes its sealed fields."""
    # JSON rows contain bytes as PostgreSQL writes them: \x and hexadecimal digits.
    sealed = bytes.fromhex(item.pop("sealed")[2:])
    keyring_id, wrapped = item.pop("keyring_id"), item.pop("wrapped")
    if wrapped is None:
        return {}
    key = keyring().unwrap(WrappedKey(keyring_id, bytes.fromhex(wrapped[2:])), owner)
    return unseal(key, place_of(table, item["id"]), sealed)


def to_stored(record: KnownPerson, caller: Caller) -> Stored:
    """A person as the caller may see them: the PESEL only for editors and guardians."""
    person, identity = record.person, record.identity.model_dump()
    may_edit = reaches(caller, Permission.EDIT_PEOPLE, county=person.county_terc)
    # Others do not need the number for their work (GDPR, art. 5(1)(c)).
    if not may_edit and "guardian" not in caller.roles:
        identity |= {"pesel": None, "pesel_override_reason": None}
    facts = person.model_dump(include={*PersonRead.model_fields})
    is_restricted = person.restricted_at is not None
    body = PersonRead(**facts | identity, is_restricted=is_restricted)
    return Stored(person.id, person.version, body.model_dump_json())


async def find_by_pesel(reading: Reading, county_terc: str, pesel: str) -> UUID | None:
    """The id of the person with this PESEL in a county; None without one."""
    return await find_by_digest(reading, county_terc, keyring().digest("pesel", pesel))


async def find_by_digest(reading: Reading, county: str, digest: bytes) -> UUID | None:
    """As `find_by_pesel`, by a digest; for a merged record, the one that is kept."""
    statement = (
        select(func.coalesce(PEOPLE.c.merged_into, PEOPLE.c.id))
        .where(
            PEOPLE.c.county_terc == county,
            PEOPLE.c.pesel_index == digest,
            PEOPLE.c.erased_at.is_(None),
        )
        .order_by(PEOPLE.c.merged_into.nulls_first(), PEOPLE.c.id)
        .limit(1)
    )
    holder: UUID | None = await reading.scalar(statement)
    return holder


async def list_sharing(
    reading: Reading, digests: Sequence[bytes], permission: Permission, limit: int
) -> list[KnownPerson]:
    """The people within reach who have any of the digests, of names or of a PESEL."""
    by_name = select(NAMES.c.person_id).where(NAMES.c.digest.in_(digests))
    by_number = select(PEOPLE.c.id).where(PEOPLE.c.pesel_index.in_(digests))
    part = PEOPLE.alias()
    holders = select(func.coalesce(part.c.merged_into, part.c.id)).where(
        part.c.id.in_(union(by_name, by_number))
    )
    statement = _RECORDS.where(
        PEOPLE.c.id.in_(holders),
        PEOPLE.c.merged_into.is_(None),
        PEOPLE.c.erased_at.is_(None),
        reach(reading.caller, permission),
    )
    rows = await reading.rows(statement.order_by(PEOPLE.c.id).limit(limit))
    return [_record_of(row) for row in rows]


async def get_person_by_id(reading: Reading, person_id: UUID) -> KnownPerson:
    """One person, after another check of access; PersonNotFound or Erased."""
    statement = _select_record(person_id, true())
    return _record_of(await reading.one(statement, PersonNotFound))

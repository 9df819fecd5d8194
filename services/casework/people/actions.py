"""Every change of a person."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.casework.keys import keyring
from services.casework.people import queries
from services.casework.people.models import Person, PersonKey, PersonName
from services.casework.people.queries import KnownPerson, place_of
from services.casework.people.rules import PersonKind, contradictions, pairs
from services.casework.people.schemas import Identity, PersonCreate, PersonUpdate
from services.casework.permissions import Permission
from services.casework.problems import PersonAlreadyRegistered
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.chassis.trust.vault import new_key, seal

_IDENTITY = frozenset(Identity.model_fields)
FAMILY_FOLLOWERS: list[Callable[[Change, UUID], Awaitable[None]]] = []
"""Functions that run for a person whose birth date or mother changes, and for the
former mother. Slices above add their own, because this one must not import them.
"""


def record_change(
    change: Change, action: str, person: Person, event: str, fields: Sequence[str] = ()
) -> None:
    """The audit record and the event of a person's newest version: the names of changed
    fields, never their values.
    """
    subject = Subject(f"people/{person.id}", person.version, person.county_terc)
    kind = {"kind": person.kind}
    people = [str(person.id)]
    change.record(
        action,
        subject,
        f"person.{event}",
        event_data=kind,
        fields=[*fields],
        people=people,
    )


def _identity_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts.get(name) for name in _IDENTITY}


def _columns(identity: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an identity that statistics and searches need;
    the rest stays sealed.
    """
    # Statistics need no day of birth: with sex and county it could identify a child.
    born_on, pesel = identity["born_on"], identity["pesel"]
    return {
        "birth_month": born_on.replace(day=1) if born_on else None,
        "pesel_index": keyring().digest("pesel", pesel) if pesel else None,
    }


async def _write_names(
    change: Change, person_id: UUID, county_terc: str, identity: Mapping[str, Any]
) -> None:
    """Replace the digests by which a person with this name can be found."""
    await change.execute(
        # All of them: a digest of the former name would still find the person.
        delete(PersonName).where(col(PersonName.person_id) == person_id)
    )
    if rows := _name_rows(person_id, county_terc, identity):
        await change.execute(insert(PersonName), rows)


def _name_rows(
    person_id: UUID, county_terc: str, identity: Mapping[str, Any]
) -> list[dict[str, Any]]:
    given_name, family_name = identity["given_name"], identity["family_name"]
    # An expected child may have no name yet.
    if not given_name or not family_name:
        return []
    return [
        {
            "person_id": person_id,
            "county_terc": county_terc,
            "digest": keyring().digest(kind, pair),
        }
        for kind, pair in pairs(given_name, family_name, identity["born_on"]).items()
    ]


async def require_new_number(
    change: Change, county_terc: str, pesel: str | None, own_id: UUID | None = None
) -> None:
    """PersonAlreadyRegistered, with the id of the record, where a person of this county
    other than `own_id` has the number.

    Other counties are not searched: that would reveal where a child lives.
    """
    if pesel is None:
        return
    holder = await queries.find_by_pesel(change, county_terc, pesel)
    if holder is not None and holder != own_id:
        raise PersonAlreadyRegistered(person_id=str(holder))


async def register_person(
    change: Change, new: PersonCreate, today: date
) -> KnownPerson:
    """Register a person in one of the caller's counties, with a key of their own."""
    demand(change.caller, Permission.EDIT_PEOPLE, county=new.county_terc)
    facts = new.model_dump()
    refuse(*contradictions(facts, today))
    await require_new_number(change, new.county_terc, new.pesel)
    await _require_mother(change, new.mother_id, new.county_terc)
    return await insert_person(change, facts)


async def _require_mother(
    change: Change, mother_id: UUID | None, county_terc: str
) -> None:
    """PersonNotFound or ValidationFailed unless the mother is a born, unmerged person
    of the same county.
    """
    if mother_id is None:
        return
    mother = (await queries.get_person(change, mother_id)).person
    if mother.county_terc != county_terc:
        refuse(("mother_id", "outside_county"))
    if mother.kind != PersonKind.BORN or mother.merged_into is not None:
        refuse(("mother_id", "not_allowed"))


async def insert_person(change: Change, facts: Mapping[str, Any]) -> KnownPerson:
    """Insert a person whose facts have been checked: the row, its key, and the digests
    of the name.
    """
    [record] = await insert_people(change, [facts])
    if (
        record.person.mother_id is not None
        and record.person.kind == PersonKind.EXPECTED
    ):
        await _follow(change, record.person.id)
    return record


async def insert_people(
    change: Change, people: Sequence[Mapping[str, Any]]
) -> list[KnownPerson]:
    """As `insert_person`, for several people: none of them an expected child, and all
    with the same fields.
    """
    # The ids are made first: the sealed fields are bound to them.
    ids = await change.new_ids(len(people))
    keys = {person_id: new_key() for person_id in ids}
    identities = dict(zip(ids, map(_identity_of, people), strict=True))
    rows = [
        {name: value for name, value in facts.items() if name not in _IDENTITY}
        | _sealed_row(person_id, keys[person_id], identities[person_id])
        for person_id, facts in zip(ids, people, strict=True)
    ]
    # A dict instead of a list: for a single row SQLAlchemy can reuse
    # the compiled statement.
    added = insert(Person).values(rows if len(rows) > 1 else rows[0])
    new_rows = await change.rows(added.returning(*queries.PEOPLE.c))
    people_by_id = {row.id: Person(**row._mapping) for row in new_rows}
    records = [
        KnownPerson(
            people_by_id[person_id],
            keys[person_id],
            Identity.model_construct(**identities[person_id]),
        )
        for person_id in ids
    ]
    await _add_keys_and_names(change, records)
    for record, facts in zip(records, people, strict=True):
        # Names of fields without values: an audit record outlives an erasure.
        fields = sorted(name for name in facts if facts[name] is not None)
        record_change(change, "register_person", record.person, "registered", fields)
    return records


def _sealed_row(
    person_id: UUID, key: bytes, identity: Mapping[str, Any]
) -> dict[str, Any]:
    sealed = seal(key, place_of("people", person_id), identity)
    return _columns(identity) | {"id": person_id, "sealed": sealed}


async def _add_keys_and_names(change: Change, records: Sequence[KnownPerson]) -> None:
    keys = [_key_row(record.person, record.key) for record in records]
    await change.execute(insert(PersonKey).values(keys))
    names = [
        row
        for record in records
        for row in _name_rows(
            record.person.id, record.person.county_terc, record.identity.model_dump()
        )
    ]
    if names:
        await change.execute(insert(PersonName).values(names))


def _key_row(person: Person, key: bytes) -> dict[str, Any]:
    wrapped = keyring().wrap(key, person.id)
    return {
        "person_id": person.id,
        "county_terc": person.county_terc,
        "keyring_id": wrapped.keyring_id,
        "wrapped": wrapped.blob,
    }


async def amend_person(
    change: Change, person_id: UUID, patch: PersonUpdate, version: int, today: date
) -> Stored:
    """Change the fields named in the patch."""
    record = await queries.lock_person(change, person_id)
    require_version(record.person.version, version)
    patched = patch.model_dump(exclude_unset=True)
    before = record.person.model_dump() | record.identity.model_dump()
    refuse(*contradictions(before | patched, today))
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Nothing has changed: no new version and no event.
    if not fields:
        return queries.to_stored(record, change.caller)
    county = record.person.county_terc
    if "pesel" in fields:
        await require_new_number(change, county, patched["pesel"], person_id)
    if "mother_id" in fields:
        if record.person.kind != PersonKind.EXPECTED:
            refuse(("mother_id", "not_allowed"))
        await _require_mother(change, patched["mother_id"], county)
    after = await change_person(change, record, patched)
    record_change(change, "amend_person", after.person, "changed", fields)
    return queries.to_stored(after, change.caller)


async def change_person(
    change: Change, record: KnownPerson, facts: Mapping[str, Any]
) -> KnownPerson:
    """Give a person these facts, identity fields sealed, and the next version."""
    person_id, county = record.person.id, record.person.county_terc
    identity = record.identity.model_dump() | {
        name: value for name, value in facts.items() if name in _IDENTITY
    }
    columns = {name: value for name, value in facts.items() if name not in _IDENTITY}
    sealed = seal(record.key, place_of("people", person_id), identity)
    statement = (
        update(Person)
        .where(col(Person.id) == person_id)
        .values(
            **columns,
            **_columns(identity),
            sealed=sealed,
            version=Person.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.PEOPLE.c)
    )
    person = Person(**(await change.one(statement))._mapping)
    await _write_names(change, person_id, county, identity)
    before = record.person.mother_id
    if before not in {None, person.mother_id}:
        await _follow(change, before)
    born_on, mother = record.identity.born_on, person.mother_id
    if (identity["born_on"], mother) != (born_on, before):
        await _follow(change, person_id)
    return KnownPerson(person, record.key, Identity.model_construct(**identity))


async def _follow(change: Change, person_id: UUID) -> None:
    for follow in FAMILY_FOLLOWERS:
        await follow(change, person_id)

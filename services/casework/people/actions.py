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
"""What follows for somebody whose birth date changes, or whom somebody begins or ceases to expect. Slices that import
this one add to it: imports point down.
"""


def record_change(
    change: Change, action: str, person: Person, event: str, fields: Sequence[str] = ()
) -> None:
    """The audit record and the event of a person's newest version:
    which fields changed, never to what.
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
    """The columns that statistics and finding need of an identity;
    the rest stays sealed.
    """
    # Statistics need no day of birth: with sex and county it would point to one child.
    born_on, pesel = identity["born_on"], identity["pesel"]
    return {
        "birth_month": born_on.replace(day=1) if born_on else None,
        "pesel_index": keyring().digest("pesel", pesel) if pesel else None,
    }


async def _write_names(
    change: Change, person_id: UUID, county_terc: str, identity: Mapping[str, Any]
) -> None:
    """Replace the digests by which somebody with this name may be found."""
    await change.execute(
        # All of them: a digest of the name before would still find the person.
        delete(PersonName).where(col(PersonName.person_id) == person_id)
    )
    if rows := _name_rows(person_id, county_terc, identity):
        await change.execute(insert(PersonName), rows)


def _name_rows(
    person_id: UUID, county_terc: str, identity: Mapping[str, Any]
) -> list[dict[str, Any]]:
    given, family = identity["given_name"], identity["family_name"]
    # A child that is expected may have no name yet.
    if not given or not family:
        return []
    return [
        {
            "person_id": person_id,
            "county_terc": county_terc,
            "digest": keyring().digest(kind, pair),
        }
        for kind, pair in pairs(given, family, identity["born_on"]).items()
    ]


async def require_new_number(
    change: Change, county_terc: str, pesel: str | None, known: UUID | None = None
) -> None:
    """PersonAlreadyRegistered, with the record,
    where the number is somebody's in this county.

    Who has it in another county is not said: that would tell where a child lives.
    """
    if pesel is None:
        return
    holder = await queries.find_by_pesel(change, county_terc, pesel)
    if holder is not None and holder != known:
        raise PersonAlreadyRegistered(person_id=str(holder))


async def register_person(
    change: Change, new: PersonCreate, today: date
) -> KnownPerson:
    """Register somebody in one of the caller's counties,
    and give them a key of their own.
    """
    demand(change.caller, Permission.EDIT_PEOPLE, county=new.county_terc)
    facts = new.model_dump()
    refuse(*contradictions(facts, today))
    await require_new_number(change, new.county_terc, new.pesel)
    await _require_mother(change, new.mother_id, new.county_terc)
    return await insert_person(change, facts)


async def _require_mother(
    change: Change, mother_id: UUID | None, county_terc: str
) -> None:
    """PersonNotFound, or ValidationFailed, unless this is somebody of the county who
    may expect a child.
    """
    if mother_id is None:
        return
    mother = (await queries.get_person(change, mother_id)).person
    if mother.county_terc != county_terc:
        refuse(("mother_id", "outside_county"))
    if mother.kind != PersonKind.BORN or mother.merged_into is not None:
        refuse(("mother_id", "not_allowed"))


async def insert_person(change: Change, facts: Mapping[str, Any]) -> KnownPerson:
    """Add somebody whose facts have been checked:
    the row, its key, and the digests of the name.
    """
    [known] = await insert_people(change, [facts])
    if known.person.mother_id is not None and known.person.kind == PersonKind.EXPECTED:
        await _follow(change, known.person.id)
    return known


async def insert_people(
    change: Change, people: Sequence[Mapping[str, Any]]
) -> list[KnownPerson]:
    """The same of several of whom none is expected; all have the same fields."""
    # The ids are made first: the sealed fields are bound to them.
    ids = await change.new_ids(len(people))
    keys = {person_id: new_key() for person_id in ids}
    identities = dict(zip(ids, map(_identity_of, people), strict=True))
    rows = [
        {name: value for name, value in facts.items() if name not in _IDENTITY}
        | _sealed_row(person_id, keys[person_id], identities[person_id])
        for person_id, facts in zip(ids, people, strict=True)
    ]
    # One row alone is compiled once for all who are registered.
    added = insert(Person).values(rows if len(rows) > 1 else rows[0])
    found = await change.rows(added.returning(*queries.PEOPLE.c))
    written = {row.id: Person(**row._mapping) for row in found}
    known = [
        KnownPerson(
            written[one], keys[one], Identity.model_construct(**identities[one])
        )
        for one in ids
    ]
    await _add_keys_and_names(change, known)
    for one, facts in zip(known, people, strict=True):
        # Names of fields and no values: an audit record outlives an erasure.
        fields = sorted(name for name in facts if facts[name] is not None)
        record_change(change, "register_person", one.person, "registered", fields)
    return known


def _sealed_row(
    person_id: UUID, key: bytes, identity: Mapping[str, Any]
) -> dict[str, Any]:
    sealed = seal(key, place_of("people", person_id), identity)
    return _columns(identity) | {"id": person_id, "sealed": sealed}


async def _add_keys_and_names(change: Change, known: Sequence[KnownPerson]) -> None:
    keys = [_key_row(one.person, one.key) for one in known]
    await change.execute(insert(PersonKey).values(keys))
    names = [
        row
        for one in known
        for row in _name_rows(
            one.person.id, one.person.county_terc, one.identity.model_dump()
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
    """Change what the patch names."""
    known = await queries.lock_person(change, person_id)
    require_version(known.person.version, version)
    patched = patch.model_dump(exclude_unset=True)
    before = known.person.model_dump() | known.identity.model_dump()
    refuse(*contradictions(before | patched, today))
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Nothing has changed: no new version, and no event that would say so.
    if not fields:
        return queries.shown(known, change.caller)
    county = known.person.county_terc
    if "pesel" in fields:
        await require_new_number(change, county, patched["pesel"], person_id)
    if "mother_id" in fields:
        if known.person.kind != PersonKind.EXPECTED:
            refuse(("mother_id", "not_allowed"))
        await _require_mother(change, patched["mother_id"], county)
    after = await change_person(change, known, patched)
    record_change(change, "amend_person", after.person, "changed", fields)
    return queries.shown(after, change.caller)


async def change_person(
    change: Change, known: KnownPerson, facts: Mapping[str, Any]
) -> KnownPerson:
    """Give somebody these facts, sealed where they tell who it is,
    and the next version.
    """
    person_id, county = known.person.id, known.person.county_terc
    identity = known.identity.model_dump() | {
        name: value for name, value in facts.items() if name in _IDENTITY
    }
    columns = {name: value for name, value in facts.items() if name not in _IDENTITY}
    sealed = seal(known.key, place_of("people", person_id), identity)
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
    before = known.person.mother_id
    if before not in {None, person.mother_id}:
        await _follow(change, before)
    born_on, mother = known.identity.born_on, person.mother_id
    if (identity["born_on"], mother) != (born_on, before):
        await _follow(change, person_id)
    return KnownPerson(person, known.key, Identity.model_construct(**identity))


async def _follow(change: Change, person_id: UUID) -> None:
    for follow in FAMILY_FOLLOWERS:
        await follow(change, person_id)

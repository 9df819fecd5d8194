"""What can happen to an expected child: it is born, or the pregnancy ends."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from services.casework.births.rules import birth_code, repeated_numbers, state_of
from services.casework.births.schemas import BirthCreate, BirthRead, BornChild
from services.casework.guardianships.actions import (
    insert_guardianship,
    relate_guardian,
)
from services.casework.guardianships.queries import list_running
from services.casework.guardianships.rules import GuardianshipKind, Scope
from services.casework.guardianships.schemas import GuardianshipCreate
from services.casework.household_members.actions import insert_member
from services.casework.household_members.queries import list_current
from services.casework.people.actions import (
    change_person,
    insert_person,
    record_change,
    require_new_number,
)
from services.casework.people.queries import (
    KnownPerson,
    lock_person,
    place_of,
    to_stored,
)
from services.casework.people.rules import PersonKind, contradictions
from services.casework.people.schemas import PersonRead
from services.casework.permissions import Permission
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import unseal

VERBS = {"expected": ["birth", "pregnancy-ended"]}
_FAMILY_FACTS = ("address", "telephone", "email")
"""Fields that a twin takes from the first child, unless the request names them."""


async def _lock_expected(change: Change, person_id: UUID, version: int) -> KnownPerson:
    """A child who is still expected, locked; StateConflict once it is born or the
    pregnancy has ended.
    """
    record = await lock_person(change, person_id, Permission.EDIT_PEOPLE)
    require_version(record.person.version, version)
    state = state_of(record.person.kind, record.person.pregnancy_ended_on)
    if state not in VERBS:
        raise StateConflict(state=state, allowed=[])
    return record


async def record_birth(
    change: Change, person_id: UUID, birth: BirthCreate, version: int, today: date
) -> Stored:
    """Record the birth of an expected child, or of several.

    The first keeps the record and all its history; every other child is a new person
    with the same family.
    """
    record = await _lock_expected(change, person_id, version)
    facts = [_facts(record, child) for child in birth.children]
    # Only for the first child: the sex seen before the birth was recorded
    # for one child.
    facts[0]["sex"] = facts[0]["sex"] or record.person.sex
    _require_sound(record, facts, today)
    for child_facts in facts:
        await require_new_number(
            change, record.person.county_terc, child_facts["pesel"]
        )
    # Its followers set the end of the guardians' access to the eighteenth birthday,
    # which is known now.
    first = await change_person(change, record, facts[0])
    field_names = sorted(birth.children[0].model_fields_set)
    record_change(change, "record_birth", first.person, "born", field_names)
    twins = [
        await _bear_twin(change, first, child_facts, today) for child_facts in facts[1:]
    ]
    children = [first, *twins]
    read = [
        PersonRead.model_validate_json(to_stored(child, change.caller).body)
        for child in children
    ]
    body = BirthRead(children=read).model_dump_json()
    return Stored(person_id, first.person.version, body)


def _facts(record: KnownPerson, child: BornChild) -> dict[str, Any]:
    """The facts of a child after the birth: those in the request, and the family's
    facts from before where the request names none.
    """
    family = record.identity.model_dump(include={*_FAMILY_FACTS})
    born = {"kind": PersonKind.BORN, "expected_on": None}
    return (
        child.model_dump()
        | {
            name: value
            for name, value in family.items()
            if name not in child.model_fields_set
        }
        | born
    )


def _require_sound(
    record: KnownPerson, facts: list[dict[str, Any]], today: date
) -> None:
    """ValidationFailed with all contradictions in the facts of the children."""
    expected_on, wrong = record.person.expected_on, list[tuple[str, str]]()
    for number, each in enumerate(facts):
        # A field gets one error code; the code of the birth takes precedence.
        codes = dict(contradictions(each, today))
        if expected_on and (code := birth_code(each["born_on"], expected_on, today)):
            codes["born_on"] = code
        wrong += [(f"children/{number}/{name}", code) for name, code in codes.items()]
    repeated = repeated_numbers([each["pesel"] for each in facts])
    wrong += [(f"children/{number}/pesel", "already_taken") for number in repeated]
    refuse(*wrong)


async def _bear_twin(
    change: Change, first: KnownPerson, facts: dict[str, Any], today: date
) -> KnownPerson:
    person = first.person
    of_first = {
        "county_terc": person.county_terc,
        "mother_id": person.mother_id,
        "expected_with_id": person.id,
    }
    twin = await insert_person(change, facts | of_first)
    for copy in FAMILY_COPIES:
        await copy(change, first, twin, today)
    return twin


async def copy_guardianships(
    change: Change, first: KnownPerson, twin: KnownPerson, _: date
) -> None:
    """The guardians of the first child become guardians of the twin,
    on the same legal basis.
    """
    running = await list_running(change, child_id=first.person.id)
    for guardianship in running:
        # Opened and sealed again, because each child's fields are sealed
        # with its own key.
        basis = unseal(
            first.key, place_of("guardianships", guardianship.id), guardianship.sealed
        )
        same = GuardianshipCreate(
            child_id=twin.person.id,
            guardian_id=guardianship.guardian_id,
            kind=GuardianshipKind(guardianship.kind),
            starts_on=guardianship.starts_on,
            ends_on=guardianship.ends_on,
            ruling=basis["ruling"],
        )
        await insert_guardianship(
            change, twin, same, [*map(Scope, guardianship.scopes)]
        )
    # In the order of ids, and each once, because the people are locked.
    for guardian_id in sorted({guardianship.guardian_id for guardianship in running}):
        await relate_guardian(change, guardian_id)


async def copy_memberships(
    change: Change, first: KnownPerson, twin: KnownPerson, _: date
) -> None:
    """The twin lives where the first child lives."""
    for membership in await list_current(change, first.person.id):
        household, role = membership.household_id, membership.role
        await insert_member(change, household, twin.person, role, membership.joined_on)


Copy = Callable[[Change, KnownPerson, KnownPerson, date], Awaitable[None]]
FAMILY_COPIES: list[Copy] = [copy_guardianships, copy_memberships]
"""Functions that copy to a twin what the first child has on that day.

`consents` adds its own: that slice lies above, and must not be imported here.
"""


async def record_pregnancy_end(
    change: Change, person_id: UUID, ended_on: date, version: int, today: date
) -> Stored:
    """Record that a pregnancy has ended and no child is expected any more.

    The family's records stay.
    """
    record = await _lock_expected(change, person_id, version)
    expected_on = record.person.expected_on
    if expected_on and (code := birth_code(ended_on, expected_on, today)):
        refuse(("ended_on", code))
    after = await change_person(change, record, {"pregnancy_ended_on": ended_on})
    fields = ["pregnancy_ended_on"]
    record_change(
        change, "record_pregnancy_end", after.person, "expectation-closed", fields
    )
    return to_stored(after, change.caller)

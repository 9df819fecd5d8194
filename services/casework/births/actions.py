"""What becomes of a child who is expected."""

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
    shown,
)
from services.casework.people.rules import PersonKind, contradictions
from services.casework.people.schemas import PersonRead
from services.casework.permissions import Permission
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import unseal

VERBS = {"expected": ["birth", "pregnancy-ended"]}
_FAMILY_FACTS = ("address", "telephone", "email")
"""What a twin shares with the first child, unless it is said otherwise."""


async def _lock_expected(change: Change, person_id: UUID, version: int) -> KnownPerson:
    """A child who is still expected; StateConflict once it was born, or will not be."""
    known = await lock_person(change, person_id, Permission.EDIT_PEOPLE)
    require_version(known.person.version, version)
    state = state_of(known.person.kind, known.person.pregnancy_ended_on)
    if state not in VERBS:
        raise StateConflict(state=state, allowed=[])
    return known


async def record_birth(
    change: Change, person_id: UUID, birth: BirthCreate, version: int, today: date
) -> Stored:
    """Let an expected child be born.

    Of several the first keeps the record and all its history; each other is a new
    person with the same family.
    """
    known = await _lock_expected(change, person_id, version)
    facts = [_facts(known, child) for child in birth.children]
    # Of the first alone: what was seen before the birth was said of one child.
    facts[0]["sex"] = facts[0]["sex"] or known.person.sex
    _require_sound(known, facts, today)
    for each in facts:
        await require_new_number(change, known.person.county_terc, each["pesel"])
    # Its followers let the guardians' access end on the eighteenth birthday, known by
    # now.
    first = await change_person(change, known, facts[0])
    named = sorted(birth.children[0].model_fields_set)
    record_change(change, "record_birth", first.person, "born", named)
    twins = [await _bear_twin(change, first, each, today) for each in facts[1:]]
    children = [first, *twins]
    read = [
        PersonRead.model_validate_json(shown(child, change.caller).body)
        for child in children
    ]
    body = BirthRead(children=read).model_dump_json()
    return Stored(person_id, first.person.version, body)


def _facts(known: KnownPerson, child: BornChild) -> dict[str, Any]:
    """What is known of a child once born: what was said now, and of its family what was
    known before.
    """
    family = known.identity.model_dump(include={*_FAMILY_FACTS})
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
    known: KnownPerson, facts: list[dict[str, Any]], today: date
) -> None:
    """ValidationFailed with all that does not go together in the children who were
    born.
    """
    expected_on, wrong = known.person.expected_on, list[tuple[str, str]]()
    for number, each in enumerate(facts):
        # A field has one code: that of the birth itself where both have one.
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
    """Whoever acts for the first child acts for the twin too, on the same ground."""
    running = await list_running(change, child_id=first.person.id)
    for one in running:
        # Opened and sealed anew: each child's fields open by its own key alone.
        resting_on = unseal(first.key, place_of("guardianships", one.id), one.sealed)
        same = GuardianshipCreate(
            child_id=twin.person.id,
            guardian_id=one.guardian_id,
            kind=GuardianshipKind(one.kind),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            ruling=resting_on["ruling"],
        )
        await insert_guardianship(change, twin, same, [*map(Scope, one.scopes)])
    # In the order of ids, and each once: relating somebody locks them.
    for guardian_id in sorted({one.guardian_id for one in running}):
        await relate_guardian(change, guardian_id)


async def copy_memberships(
    change: Change, first: KnownPerson, twin: KnownPerson, _: date
) -> None:
    """The twin lives where the first child lives."""
    for one in await list_current(change, first.person.id):
        household, role = one.household_id, one.role
        await insert_member(change, household, twin.person, role, one.joined_on)


Copy = Callable[[Change, KnownPerson, KnownPerson, date], Awaitable[None]]
FAMILY_COPIES: list[Copy] = [copy_guardianships, copy_memberships]
"""What a twin has from the first child on the day of the record.

Consents add theirs: imports point down.
"""


async def record_pregnancy_end(
    change: Change, person_id: UUID, ended_on: date, version: int, today: date
) -> Stored:
    """Record that a pregnancy has ended and no child is expected any more.

    What the family has stays theirs.
    """
    known = await _lock_expected(change, person_id, version)
    expected_on = known.person.expected_on
    if expected_on and (code := birth_code(ended_on, expected_on, today)):
        refuse(("ended_on", code))
    after = await change_person(change, known, {"pregnancy_ended_on": ended_on})
    fields = ["pregnancy_ended_on"]
    record_change(
        change, "record_pregnancy_end", after.person, "expectation-closed", fields
    )
    return shown(after, change.caller)

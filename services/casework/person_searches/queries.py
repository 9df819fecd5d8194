"""Every question about who somebody is."""

from uuid import UUID

from sqlalchemy import func, select, text

from services.casework.keys import keyring
from services.casework.people.queries import PEOPLE, KnownPerson, list_sharing, reach
from services.casework.people.rules import pairs
from services.casework.people.schemas import PersonSummary
from services.casework.permissions import Permission
from services.casework.person_searches.schemas import PersonSearch
from services.casework.problems import PersonNotFound
from services.chassis.data.tables import AUDIT_RECORDS
from services.chassis.data.work import Reading

SEARCH, RESOLVE = "search_people", "resolve_subject"
# Whoever finds more namesakes adds a birth date, and does not read on.
MOST_FOUND = 20


async def count_misses(reading: Reading) -> int:
    """How often the caller looked for somebody within the last hour
    who was not found.
    """
    records = AUDIT_RECORDS.c
    statement = select(func.count()).where(
        # By account, over both kinds of questions: changing between them wins no tries.
        records.actor == reading.caller.subject,
        records.recorded_at > func.now() - text("interval '1 hour'"),
        records.action.in_((SEARCH, RESOLVE)),
        records.outcome == "missed",
    )
    misses: int = await reading.scalar(statement)
    return misses


def _digests(search: PersonSearch) -> list[bytes]:
    """What the people looked for share: a number alone is enough, and decides."""
    if search.pesel is not None:
        return [keyring().digest("pesel", search.pesel)]
    given, family = search.given_name or "", search.family_name or ""
    known = {"given": given, "family": family, "born": search.born_on}
    return [
        keyring().digest(kind, pair)
        for kind, pair in pairs(given, family, search.born_on).items()
        # A kind is named by its two parts: a pair with an unknown part
        # would find nobody.
        if all(known[part] for part in kind.split("-"))
    ]


async def find_people(reading: Reading, search: PersonSearch) -> list[PersonSummary]:
    """The people within the caller's reach whom the search fits, at most 20."""
    permission = Permission.SEARCH_PEOPLE
    found = await list_sharing(reading, _digests(search), permission, MOST_FOUND)
    return [summary_of(known) for known in found]


def summary_of(known: KnownPerson) -> PersonSummary:
    """Somebody as a list shows them."""
    names = {"given_name", "family_name", "born_on"}
    identity = known.identity.model_dump(include=names)
    facts = known.person.model_dump(include={*PersonSummary.model_fields} - names)
    return PersonSummary(**facts, **identity)


async def get_subject_reference(reading: Reading, person_id: UUID) -> UUID:
    """The reference of a person within reach; PersonNotFound."""
    statement = select(PEOPLE.c.subject_ref).where(
        PEOPLE.c.id == person_id, reach(reading.caller, Permission.RESOLVE_SUBJECTS)
    )
    [reference] = await reading.one(statement, PersonNotFound)
    found: UUID = reference
    return found


async def find_subject(reading: Reading, subject_ref: UUID) -> UUID | None:
    """Whose reference it is, within reach;
    of a record that became part of another, that other.
    """
    statement = select(func.coalesce(PEOPLE.c.merged_into, PEOPLE.c.id)).where(
        PEOPLE.c.subject_ref == subject_ref,
        reach(reading.caller, Permission.RESOLVE_SUBJECTS),
    )
    found: UUID | None = await reading.scalar(statement)
    return found

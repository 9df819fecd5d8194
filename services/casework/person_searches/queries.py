"""Queries that search for people."""

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
# With more namesakes, the caller should add a birth date.
MOST_FOUND = 20


async def count_misses(reading: Reading) -> int:
    """The number of the caller's searches without a match within the last hour."""
    records = AUDIT_RECORDS.c
    statement = select(func.count()).where(
        # By account, over both kinds of searches, so that changing between them gives
        # no extra tries.
        records.actor == reading.caller.subject,
        records.recorded_at > func.now() - text("interval '1 hour'"),
        records.action.in_((SEARCH, RESOLVE)),
        records.outcome == "missed",
    )
    misses: int = await reading.scalar(statement)
    return misses


def _digests(search: PersonSearch) -> list[bytes]:
    """The digests that the search is for; a number alone is enough
    and takes precedence.
    """
    if search.pesel is not None:
        return [keyring().digest("pesel", search.pesel)]
    given_name, family_name = search.given_name or "", search.family_name or ""
    search_terms = {"given": given_name, "family": family_name, "born": search.born_on}
    return [
        keyring().digest(kind, pair)
        for kind, pair in pairs(given_name, family_name, search.born_on).items()
        # A kind is named after its two parts; pairs with a missing part are left out.
        if all(search_terms[part] for part in kind.split("-"))
    ]


async def find_people(reading: Reading, search: PersonSearch) -> list[PersonSummary]:
    """The people within the caller's reach who match the search, at most 20."""
    permission = Permission.SEARCH_PEOPLE
    records = await list_sharing(reading, _digests(search), permission, MOST_FOUND)
    return [summary_of(record) for record in records]


def summary_of(record: KnownPerson) -> PersonSummary:
    """A person as a list shows them."""
    names = {"given_name", "family_name", "born_on"}
    identity = record.identity.model_dump(include=names)
    facts = record.person.model_dump(include={*PersonSummary.model_fields} - names)
    return PersonSummary(**facts, **identity)


async def get_subject_reference(reading: Reading, person_id: UUID) -> UUID:
    """The reference of a person within reach; PersonNotFound."""
    statement = select(PEOPLE.c.subject_ref).where(
        PEOPLE.c.id == person_id, reach(reading.caller, Permission.RESOLVE_SUBJECTS)
    )
    [value] = await reading.one(statement, PersonNotFound)
    reference: UUID = value
    return reference


async def find_subject(reading: Reading, subject_ref: UUID) -> UUID | None:
    """The id of the person with a reference, within reach; for a merged record, the
    record that it was merged into.
    """
    statement = select(func.coalesce(PEOPLE.c.merged_into, PEOPLE.c.id)).where(
        PEOPLE.c.subject_ref == subject_ref,
        reach(reading.caller, Permission.RESOLVE_SUBJECTS),
    )
    person_id: UUID | None = await reading.scalar(statement)
    return person_id

"""Searches for people. They are changes, because every hit and every miss writes an
audit record.
"""

from uuid import UUID

from services.casework.people.schemas import PersonSummary
from services.casework.person_searches import queries
from services.casework.person_searches.rules import SECONDS_TO_WAIT, may_search
from services.casework.person_searches.schemas import PersonSearch
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.data.work import AuditedReading, Change
from services.chassis.ground.problems import RateLimited


async def _require_quota(change: Change) -> None:
    if not may_search(await queries.count_misses(change)):
        raise RateLimited(retry_after=SECONDS_TO_WAIT)


async def search_people(change: Change, search: PersonSearch) -> list[PersonSummary]:
    """The people within the caller's reach who match the search.

    A person of another county counts as a miss, like a person who does not exist.
    RateLimited after too many misses within an hour.
    """
    await _require_quota(change)
    # After the quota check, so that a refused search cannot reveal anything.
    matches = await queries.find_people(change, search)
    people = [person.id for person in matches]
    outcome = "done" if matches else "missed"
    # The purpose is recorded, but not the search: it may name a person who has no
    # record here.
    subject = Subject(f"people:search/{search.purpose}")
    record_read(
        change, queries.SEARCH, subject, people, Category.IDENTITY, outcome=outcome
    )
    return matches


async def read_subject_reference(change: AuditedReading, person_id: UUID) -> UUID:
    """The reference under which screening stores a person's results. The access is
    written to the audit log.
    """
    reference = await queries.get_subject_reference(change, person_id)
    subject = Subject(f"people/{person_id}/subject-reference")
    record_read(
        change, "read_subject_reference", subject, [person_id], Category.IDENTITY
    )
    return reference


async def resolve_subject(change: Change, subject_ref: UUID) -> UUID | None:
    """The id of the person with a reference, within the caller's reach; None counts as
    a miss of a search.
    """
    await _require_quota(change)
    person_id = await queries.find_subject(change, subject_ref)
    outcome = "missed" if person_id is None else "done"
    people = [] if person_id is None else [person_id]
    record_read(
        change,
        queries.RESOLVE,
        Subject("people:resolve-subject"),
        people,
        Category.IDENTITY,
        outcome=outcome,
    )
    return person_id

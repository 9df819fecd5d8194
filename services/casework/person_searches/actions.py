"""Looking for people: every hit and every miss leaves a record, so this is a change."""

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
    """The people within the caller's reach whom the search fits.

    Somebody of another county is a miss like somebody who does not exist. After too
    many misses within an hour RateLimited.
    """
    await _require_quota(change)
    # After the quota: a refused search has not looked, and cannot give anything away.
    found = await queries.find_people(change, search)
    people = [person.id for person in found]
    outcome = "done" if found else "missed"
    # The purpose is recorded, what was looked for is not: it may name
    # somebody unknown here.
    subject = Subject(f"people:search/{search.purpose}")
    record_read(
        change, queries.SEARCH, subject, people, Category.IDENTITY, outcome=outcome
    )
    return found


async def read_subject_reference(change: AuditedReading, person_id: UUID) -> UUID:
    """The reference under which screening keeps a person's results;
    who joined the two is noted.
    """
    reference = await queries.get_subject_reference(change, person_id)
    subject = Subject(f"people/{person_id}/subject-reference")
    record_read(
        change, "read_subject_reference", subject, [person_id], Category.IDENTITY
    )
    return reference


async def resolve_subject(change: Change, subject_ref: UUID) -> UUID | None:
    """Whose reference it is, within the caller's reach;
    None is counted as a miss of a search.
    """
    await _require_quota(change)
    found = await queries.find_subject(change, subject_ref)
    outcome = "missed" if found is None else "done"
    people = [] if found is None else [found]
    record_read(
        change,
        queries.RESOLVE,
        Subject("people:resolve-subject"),
        people,
        Category.IDENTITY,
        outcome=outcome,
    )
    return found

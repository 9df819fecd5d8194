"""/people:search, /people:resolve-subject and /people/{person_id}/subject-reference."""

from services.casework.demands import CanResolveSubjects, CanSearchPeople
from services.casework.person_searches import actions
from services.casework.person_searches.schemas import (
    PersonMatches,
    PersonSearch,
    SubjectPerson,
    SubjectReference,
    SubjectResolve,
)
from services.casework.problems import PersonNotFound
from services.chassis.ground.problems import RateLimited
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited, Change

router = slice_router(prefix="/people", tags=["people"])


# POST, because a name or a number must not be in a URL, and so in logs.
@router.post(":search", responses=answers(PersonMatches, RateLimited))
async def search_people(
    caller: CanSearchPeople, change: Change, search: PersonSearch
) -> Answer:
    """Search for a person by number, or by two of given name, family name and birth
    date. The third may differ.

    Only people within the caller's reach are found: an empty answer does not show
    whether another county has a record. Every search is written to the audit log. After
    30 searches without a match within an hour the next one is refused for some time.
    """
    matches = await actions.search_people(change, search)
    return Answer(PersonMatches(items=matches).model_dump_json())


@router.post(
    ":resolve-subject",
    responses=answers(SubjectPerson, RateLimited),
)
async def resolve_subject(
    caller: CanResolveSubjects, change: Change, resolve: SubjectResolve
) -> Answer:
    """The person to whom a reference of screening belongs. Only callers with this
    permission can connect the two; the access is written to the audit log.
    """
    person_id = await actions.resolve_subject(change, resolve.subject_ref)
    # No match is an answer with null and not a refusal, because a refusal would roll
    # back the record of the miss.
    return Answer(SubjectPerson(person_id=person_id).model_dump_json())


@router.get(
    "/{person_id}/subject-reference",
    responses=answers(SubjectReference, PersonNotFound),
)
async def get_subject_reference(
    caller: CanResolveSubjects, reading: Audited, person_id: Id
) -> Answer:
    """The child's random reference, to be given to the screener. Only casework stores
    which child a reference belongs to.
    """
    reference = await actions.read_subject_reference(reading, person_id)
    return Answer(SubjectReference(subject_ref=reference).model_dump_json())

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


# A question by POST: a name or a number must not stand in an address, nor in any log.
@router.post(":search", responses=answers(PersonMatches, RateLimited))
async def search_people(
    caller: CanSearchPeople, change: Change, search: PersonSearch
) -> Answer:
    """Look for somebody by number, or by two of given name, family name and birth date.
    A small difference in the
    third does no harm.

    Only people within the caller's reach are found: an empty answer never says whether
    somebody is known elsewhere.
    Every search is noted; after 30 within an hour that found nobody the next is refused
    for a while.
    """
    found = await actions.search_people(change, search)
    return Answer(PersonMatches(items=found).model_dump_json())


@router.post(
    ":resolve-subject",
    responses=answers(SubjectPerson, RateLimited),
)
async def resolve_subject(
    caller: CanResolveSubjects, change: Change, resolve: SubjectResolve
) -> Answer:
    """Whose results a reference of screening leads to. Nobody else can join the two;
    who did is noted.
    """
    found = await actions.resolve_subject(change, resolve.subject_ref)
    # Nobody is answered and not refused: a refusal would take the record of the miss back.
    return Answer(SubjectPerson(person_id=found).model_dump_json())


@router.get(
    "/{person_id}/subject-reference",
    responses=answers(SubjectReference, PersonNotFound),
)
async def get_subject_reference(
    caller: CanResolveSubjects, reading: Audited, person_id: Id
) -> Answer:
    """The random reference to give to whoever screens the child: no list of pseudonyms
    is kept anywhere else.
    """
    reference = await actions.read_subject_reference(reading, person_id)
    return Answer(SubjectReference(subject_ref=reference).model_dump_json())

"""/good-practices."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import (
    CanDecideGoodPractices,
    CanReadGoodPractices,
    CanWriteGoodPractices,
)
from services.training.good_practices import actions, queries
from services.training.good_practices.rules import TEMPLATE
from services.training.good_practices.schemas import (
    PracticeDescribe,
    PracticeEntry,
    PracticeIdentify,
    PracticeList,
    PracticeRead,
    PracticeReview,
    PracticeTemplate,
    TemplateFieldRead,
)
from services.training.problems import (
    DescribedByAuthority,
    GoodPracticeIncomplete,
    GoodPracticeNotFound,
    SubmitterDecides,
)

router = slice_router(prefix="/good-practices", tags=["good-practices"])
_CHANGE = (
    GoodPracticeNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "",
    responses=answers(
        Page[PracticeEntry], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_good_practices(
    caller: CanReadGoodPractices,
    reading: Reading,
    request: Request,
    query: Annotated[PracticeList, Query()],
) -> Response:
    """Published practices, and drafts within the caller's reach."""
    # The query leaves out rows beyond reach, so that pages keep their length.
    listed = queries.list_practices(query, caller)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(PracticeRead, OutsideScope, UnknownReference, status=201),
)
async def identify_good_practice(
    caller: CanDecideGoodPractices, change: Change, new: PracticeIdentify
) -> Answer:
    """Identify a practice of an authority, or of a county of the support model."""
    practice = await actions.identify_practice(change, new)
    return created_answer(practice, f"/v1/training/good-practices/{practice.key}")


# Before `/{practice_id}`, whose pattern matches this path as well.
@router.get("/template", responses=answers(PracticeTemplate))
async def get_good_practice_template(caller: CanReadGoodPractices) -> Answer:
    """The fields in which a practice is described, in both languages."""
    items = [TemplateFieldRead(**each._asdict()) for each in TEMPLATE]
    # From the code and not from a table: the template changes with a release only.
    body = PracticeTemplate(items=items).model_dump_json()
    return Answer(body, headers={"cache-control": "no-cache"})


@router.get("/{practice_id}", responses=answers(PracticeRead, GoodPracticeNotFound))
async def get_good_practice(
    caller: CanReadGoodPractices, reading: Reading, terms: Terms, practice_id: Id
) -> Answer:
    """One practice that is published, or a draft within the caller's reach."""
    return stored_answer(await queries.get_practice(reading, practice_id), terms)


@router.post(
    "/{practice_id}/describe",
    responses=answers(
        PracticeRead, *_CHANGE, DescribedByAuthority, GoodPracticeIncomplete
    ),
)
async def describe_good_practice(
    # The action checks membership in the task team, which a role does not show.
    caller: CanWriteGoodPractices,
    change: Change,
    practice_id: Id,
    description: PracticeDescribe,
    if_match: IfMatch = None,
) -> Answer:
    """Describe a practice in the fields of the template.

    An authority's practice is described by a member of its task team.
    """
    version, now = expected_version(if_match, practice_id), clock.now()
    return stored_answer(
        await actions.describe_practice(change, practice_id, description, version, now)
    )


@router.post(
    "/{practice_id}/review",
    responses=answers(PracticeRead, *_CHANGE, SubmitterDecides),
)
async def review_good_practice(
    caller: CanDecideGoodPractices,
    change: Change,
    practice_id: Id,
    review: PracticeReview,
    if_match: IfMatch = None,
) -> Answer:
    """Approve a description, or return it with a note; not by its author."""
    version, now = expected_version(if_match, practice_id), clock.now()
    return stored_answer(
        await actions.review_practice(change, practice_id, review, version, now)
    )


@router.post("/{practice_id}/publish", responses=answers(PracticeRead, *_CHANGE))
async def publish_good_practice(
    # The reviewer may publish: author and reviewer are two people already.
    caller: CanDecideGoodPractices,
    change: Change,
    practice_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Publish a reviewed practice. Every signed-in caller may read it from now on."""
    version, today = expected_version(if_match, practice_id), clock.today()
    return stored_answer(
        await actions.publish_practice(change, practice_id, version, today)
    )

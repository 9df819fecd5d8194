"""/groups/{id}/validators."""

from typing import Annotated

from fastapi import Query, Response

from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page, page_of
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditGroups
from services.training.group_validators import actions, queries
from services.training.group_validators.schemas import (
    GroupValidatorName,
    GroupValidatorRead,
)
from services.training.problems import (
    GroupNotFound,
    GroupValidatorNamed,
    GroupValidatorNotFound,
    ValidatorNotIndependent,
)

router = slice_router(prefix="", tags=["validations"])
# Of a group, so that nobody is a validator everywhere.
_ALL = "/groups/{group_id}/validators"
_ONE = _ALL + "/{validator_id}"


@router.get(_ALL, responses=answers(Page[GroupValidatorRead]))
async def list_group_validators(
    caller: CanEditGroups,
    reading: Reading,
    terms: Terms,
    group_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """Who validates the outcomes of a group."""
    # No look is noted: staff in their work, and nobody who is trained.
    listed = queries.list_validators(reading, group_id)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.post(
    _ALL,
    status_code=201,
    responses=answers(
        GroupValidatorRead,
        GroupNotFound,
        GroupValidatorNamed,
        ValidatorNotIndependent,
        StateConflict,
        status=201,
    ),
)
async def name_group_validator(
    caller: CanEditGroups, change: Change, group_id: Id, new: GroupValidatorName
) -> Answer:
    """Let an account validate the outcomes of a group.

    Never a trainer of it, nor somebody who is trained in it.
    """
    # The account need not be known here: whoever signs in with it later may validate.
    named = await actions.name_validator(change, group_id, new)
    return created_answer(
        named, f"/v1/training/groups/{group_id}/validators/{named.key}"
    )


@router.get(_ONE, responses=answers(GroupValidatorRead, GroupValidatorNotFound))
async def get_group_validator(
    caller: CanEditGroups,
    reading: Reading,
    terms: Terms,
    group_id: Id,
    validator_id: Id,
) -> Answer:
    """One validator of a group."""
    found = await queries.get_validator(reading, group_id, validator_id)
    return stored_answer(found, terms)


@router.delete(
    _ONE,
    status_code=204,
    response_class=Response,
    responses=problems(
        GroupValidatorNotFound, StateConflict, PreconditionRequired, VersionMismatch
    ),
)
async def dismiss_group_validator(
    caller: CanEditGroups,
    change: Change,
    group_id: Id,
    validator_id: Id,
    if_match: IfMatch = None,
) -> Response:
    """Let somebody validate the group no more. What they have validated stays."""
    # The row goes and has no next version; If-Match says which one was meant.
    version = expected_version(if_match, validator_id)
    await actions.dismiss_validator(change, group_id, validator_id, version)
    return Response(status_code=204)

"""/legal-acts."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
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
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditLegalActs, CanReadLegalActs
from services.registry.legal_acts import actions, queries
from services.registry.legal_acts.schemas import (
    LegalActCreate,
    LegalActList,
    LegalActRead,
    LegalActUpdate,
)
from services.registry.problems import LegalActAlreadyKnown, LegalActNotFound

router = slice_router(prefix="/legal-acts", tags=["legal-acts"])


@router.get("", responses=answers(Page[LegalActRead]))
async def list_legal_acts(
    caller: CanReadLegalActs,
    reading: Reading,
    terms: Terms,
    query: Annotated[LegalActList, Query()],
) -> Answer:
    """Acts and provisions that functions, programmes and deadlines refer to."""
    return page_answer(await queries.list_legal_acts(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(LegalActRead, OutsideScope, LegalActAlreadyKnown, status=201),
)
async def add_legal_act(
    caller: CanEditLegalActs, change: Change, new: LegalActCreate
) -> Answer:
    """Add an act, or one provision of it, to the catalogue.

    Acts belong to no county: a caller who adds one must reach every county.
    """
    act = await actions.add_legal_act(change, new)
    return created_answer(act, f"/v1/registry/legal-acts/{act.key}")


@router.get("/{act_id}", responses=answers(LegalActRead, LegalActNotFound))
async def get_legal_act(
    caller: CanReadLegalActs, reading: Reading, terms: Terms, act_id: Id
) -> Answer:
    """One act or provision, with the time of its validity."""
    return stored_answer(await queries.get_legal_act(reading, act_id), terms)


# There is no DELETE: references to an act must stay valid.
@router.patch(
    "/{act_id}",
    responses=answers(
        LegalActRead,
        LegalActNotFound,
        LegalActAlreadyKnown,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_legal_act(
    caller: CanEditLegalActs,
    change: Change,
    act_id: Id,
    patch: LegalActUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change titles or validity by a merge patch. References to the act stay."""
    version = expected_version(if_match, act_id)
    return stored_answer(await actions.amend_legal_act(change, act_id, patch, version))

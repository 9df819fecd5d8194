"""/agreements/{agreement_id}/versions."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from services.chassis.ground.problems import OutsideScope, StateConflict
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
from services.chassis.web.listing import ListQuery, Page, QueryCount
from services.chassis.web.units import Change, Reading
from services.registry.agreement_versions import actions, queries
from services.registry.agreement_versions.schemas import (
    AgreementVersionCreate,
    AgreementVersionRead,
)
from services.registry.demands import CanEditAgreements, CanReadAgreements
from services.registry.problems import AgreementNotFound, AgreementVersionNotFound

router = slice_router(prefix="/agreements/{agreement_id}/versions", tags=["agreements"])
# Bounded: a number that the column cannot hold would fail in the database.
Number = Annotated[QueryCount, Field(ge=1, le=2_147_483_647)]


@router.get(
    "",
    responses=answers(Page[AgreementVersionRead], AgreementNotFound),
)
async def list_agreement_versions(
    caller: CanReadAgreements,
    reading: Reading,
    terms: Terms,
    agreement_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The texts of an agreement, the newest first."""
    texts = await queries.list_texts(reading, terms, agreement_id, query)
    return page_answer(texts, terms)


@router.get(
    "/{number}",
    responses=answers(
        AgreementVersionRead, AgreementNotFound, AgreementVersionNotFound
    ),
)
async def get_agreement_version(
    caller: CanReadAgreements,
    reading: Reading,
    terms: Terms,
    agreement_id: Id,
    number: Number,
) -> Answer:
    """One text of an agreement, by its number."""
    text = await queries.get_text(reading, agreement_id, number)
    return stored_answer(text, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        AgreementVersionRead, AgreementNotFound, OutsideScope, StateConflict, status=201
    ),
)
async def add_agreement_version(
    caller: CanEditAgreements,
    change: Change,
    agreement_id: Id,
    new: AgreementVersionCreate,
) -> Answer:
    """Record a text, an annex or a new wording, under the next number. No recorded text ever changes."""
    text, number = await actions.add_agreement_version(change, agreement_id, new)
    path = f"/v1/registry/agreements/{agreement_id}/versions/{number}"
    return created_answer(text, path)

"""/disclosures."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanReadDisclosures
from services.casework.disclosures import queries
from services.casework.disclosures.schemas import DisclosureList, DisclosureRead
from services.casework.reads import Category, Look, read_page
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited

_LOOK = Look("list_disclosures", "disclosures", Category.CONSENTS)
router = slice_router(prefix="/disclosures", tags=["disclosures"])


# Read only: disclosures are made and ended with a referral and its basis.
@router.get("", responses=answers(Page[DisclosureRead]))
async def list_disclosures(
    caller: CanReadDisclosures,
    reading: Audited,
    terms: Terms,
    query: Annotated[DisclosureList, Query()],
) -> Answer:
    """Disclosures, the newest first: which categories of a child's data, to which
    institution, and on which basis. A guardian sees those of their own child.
    """
    listed = queries.list_disclosures(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)

"""Lists as answers, where a slice still makes them below its endpoints."""

from collections.abc import Mapping
from typing import Any

from services.chassis.answers import Answer, AnswerTerms, page_answer
from services.chassis.listing import Listed, ListQuery, page_of
from services.chassis.pages import Listing
from services.chassis.work import Reading, Rows


async def page(
    reading: Reading,
    terms: AnswerTerms,
    query: ListQuery,
    listing: Listing,
    where: Rows,
    values: Mapping[str, Any] | None = None,
) -> Answer:
    """One page of `where` as an answer."""
    return page_answer(
        await page_of(reading, terms, query, Listed(listing, where, values)), terms
    )

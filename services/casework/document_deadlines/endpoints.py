"""/documents/deadlines."""

from typing import Annotated

from fastapi import Query
from pydantic_core import to_json

from services.casework.demands import CanReadDocuments
from services.casework.document_deadlines import queries
from services.casework.document_deadlines.schemas import DeadlineList, DocumentDeadline
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import ItemPage, Page
from services.chassis.web.units import Audited

router = slice_router(prefix="/documents/deadlines", tags=["documents"])


@router.get("", responses=answers(Page[DocumentDeadline]))
async def list_document_deadlines(
    caller: CanReadDocuments,
    reading: Audited,
    terms: Terms,
    query: Annotated[DeadlineList, Query()],
) -> Answer:
    """Deadlines that follow from documents within the caller's reach, overdue or due by
    `due_to`, the earliest first.

    Each is computed by the law in force on the day from which it runs,
    as in a single document.
    """
    # All at once: the deadlines are computed in Python,
    # so the database cannot select a page.
    deadlines = await queries.list_deadlines(reading, query, query.on or clock.today())
    # A cursor is valid only for the same query; the page size may change.
    query_text = query.model_dump_json(exclude={"limit", "cursor"}, exclude_none=True)
    binding = f"{terms.path} {query_text}".encode()
    items, cursor = queries.page_of_deadlines(
        deadlines, query, binding, terms.cursor_key
    )
    people = {item.person_id for item in items}
    subject = Subject("documents/deadlines")
    record_read(reading, "list_document_deadlines", subject, people, Category.DOCUMENTS)
    total = None if terms.counting is None else len(deadlines)
    page = ItemPage(to_json(items)[1:-1], cursor, total)
    return page_answer(page, terms)

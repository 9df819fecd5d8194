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
    """What is overdue, or due by `due_to`, by documents within the caller's reach, the
    earliest first.

    Counted by the law in force on the day from which each runs, as under a document itself.
    """
    # All at once: only the rules know what is due, so the database cannot cut a page.
    found = await queries.list_deadlines(reading, query, query.on or clock.today())
    # A cursor goes with one question; its pages may change their size.
    asked = query.model_dump_json(exclude={"limit", "cursor"}, exclude_none=True)
    binding = f"{terms.path} {asked}".encode()
    items, cursor = queries.page_of_deadlines(found, query, binding, terms.cursor_key)
    people = {item.person_id for item in items}
    subject = Subject("documents/deadlines")
    record_read(reading, "list_document_deadlines", subject, people, Category.DOCUMENTS)
    total = None if terms.counting is None else len(found)
    page = ItemPage(to_json(items)[1:-1], cursor, total)
    return page_answer(page, terms)

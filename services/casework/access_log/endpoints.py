"""/access-log."""

from typing import Annotated

from fastapi import Query

from services.casework.access_log import queries
from services.casework.access_log.schemas import AccessLogEntry, AccessLogList
from services.casework.demands import CanReadAccessLog
from services.casework.people.queries import get_person
from services.casework.permissions import Permission
from services.casework.problems import PersonNotFound
from services.casework.reads import record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.access import reaches
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited

router = slice_router(prefix="/access-log", tags=["privacy"])


@router.get("", responses=answers(Page[AccessLogEntry], PersonNotFound, Erased))
async def read_access_log(
    caller: CanReadAccessLog,
    reading: Audited,
    terms: Terms,
    query: Annotated[AccessLogList, Query()],
) -> Answer:
    """Who read or changed a person's data, and when, the newest first: from which
    institution, in which role, which kind of data. This access is written to the audit
    log, too.

    A guardian sees the log of their own child. Entries that could put the child in
    danger may be withheld for a time.
    """
    permission = Permission.READ_ACCESS_LOG
    record = await get_person(reading, query.person_id, permission)
    county = record.person.county_terc
    # A caller who reaches the log only by a relation is family, and sees less of it.
    for_family = not reaches(caller, permission, county=county)
    records = await queries.list_records_of(reading, query.person_id)
    listed = queries.list_entries(records, clock.now(), for_family=for_family)
    # `fields` names fields of an entry, and an entry is made of other columns.
    full_query = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, full_query, listed)
    entries = queries.as_entries(page, for_family=for_family)
    subject = Subject("access-log", county=county)
    record_read(reading, "read_access_log", subject, [query.person_id], None)
    return page_answer(queries.with_entries(page, entries, query.fields), terms)

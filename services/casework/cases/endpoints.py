"""/cases."""

from typing import Annotated

from fastapi import Query

from services.casework.cases import actions, queries
from services.casework.cases.schemas import (
    CaseCreate,
    CaseList,
    CaseRead,
    CaseSummary,
    CaseUpdate,
)
from services.casework.demands import CanMoveCases, CanOpenCases, CanReadCases
from services.casework.problems import (
    CaseAlreadyOpen,
    CaseNotFound,
    NoLeadCentre,
    PersonNotFound,
    ProcessingRestricted,
    RegistrySilent,
)
from services.casework.reads import Category, Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# Nothing sealed: no list shows why a family came.
_LOOK = Look("list_cases", "cases", Category.CASE)
router = slice_router(prefix="/cases", tags=["cases"])


@router.get("", responses=answers(Page[CaseSummary]))
async def list_cases(
    caller: CanReadCases,
    reading: Audited,
    terms: Terms,
    query: Annotated[CaseList, Query()],
) -> Answer:
    """Cases within the caller's reach, the last changed first: of the caller's
    counties, of teams in which the caller is a member, and of children for whom the
    caller acts.
    """
    listed = queries.list_cases(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        CaseRead,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        # Of two opened at once, the unique index refuses one.
        CaseAlreadyOpen,
        UnknownReference,
        NoLeadCentre,
        RegistrySilent,
        status=201,
    ),
)
async def open_case(caller: CanOpenCases, change: Change, new: CaseCreate) -> Answer:
    """Open a case of a child, born or expected. It is a draft until there is a legal
    basis for the work.

    A child has one open case at a time. A closed case is reopened, or a new one is
    opened. A case of the track `wokro` can be opened only if the registry has a lead
    coordination centre for the county on that day.
    """
    case = await actions.open_case(change, new, clock.now(), clock.today())
    return created_answer(case, f"/v1/casework/cases/{case.key}")


# 410 once the child is erased: the case stays in the statistics, but its sealed reason
# is gone.
@router.get("/{case_id}", responses=answers(CaseRead, CaseNotFound, Erased))
async def get_case(
    caller: CanReadCases, reading: Audited, terms: Terms, case_id: Id
) -> Answer:
    """One case, and what may be done next."""
    case = await queries.get_case(reading, case_id)
    subject = Subject(f"cases/{case_id}", county=case.county_terc)
    record_read(reading, "get_case", subject, [case.person_id], Category.CASE)
    return stored_answer(await queries.get_shown(reading, case), terms)


@router.patch(
    "/{case_id}",
    responses=answers(
        CaseRead,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    # Without the state, which only the verbs change.
    patch: CaseUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change the coordinator of an open case, its next review, and where early support
    is organised.
    """
    version = expected_version(if_match, case_id)
    return stored_answer(await actions.amend_case(change, case_id, patch, version))

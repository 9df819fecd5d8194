"""/register-reports, their imports, and the comparison of both registers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.chassis.background.job_queries import JobRead
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    AmbiguousReference,
    NotAcceptable,
    NotFound,
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import (
    files,
    list_answer,
)
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, DryRun, receive, upload
from services.chassis.web.answers import (
    Answer,
    AnswerTerms,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ItemPage, Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import (
    CanEditRegisterReports,
    CanImportRegisterReports,
    CanReadRegisterReports,
    CanReadRegisterStatistics,
)
from services.registry.problems import (
    RegisterReportAlreadyRecorded,
    RegisterReportNotFound,
)
from services.registry.register_reports import actions, queries
from services.registry.register_reports.rules.facts import EntityKind
from services.registry.register_reports.schemas import (
    CoverageList,
    CoverageState,
    ReconciliationList,
    ReconciliationRead,
    RegisterCoverageRead,
    StatisticalReportCreate,
    StatisticalReportList,
    StatisticalReportRead,
    StatisticalReportUpdate,
)

FILE_EXAMPLE = "kind;year;register;entity_key;entity_name;county_terc\nkis;2013;cas;24/KIS/17;Klub;2469\n"
router: APIRouter = slice_router(tags=["register-reports"])


@router.get(
    "/register-reports",
    responses=answers(
        Page[StatisticalReportRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_statistical_reports(
    caller: CanReadRegisterReports,
    reading: Reading,
    request: Request,
    query: Annotated[StatisticalReportList, Query()],
) -> Response:
    """The entries of the registers about social employment entities in the caller's
    reach, by year, with reports.
    """
    listed = queries.list_statistical_reports(reading, query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "/register-reports",
    status_code=201,
    responses=answers(
        StatisticalReportRead,
        OutsideScope,
        UnknownReference,
        AmbiguousReference,
        RegisterReportAlreadyRecorded,
        status=201,
    ),
)
async def create_statistical_report(
    caller: CanEditRegisterReports, change: Change, new: StatisticalReportCreate
) -> Answer:
    """Record the entry of one register about one entity in one year, with the day of
    its report if there is one.
    """
    report = await actions.create_statistical_report(change, new, clock.today())
    return created_answer(report, f"/v1/registry/register-reports/{report.key}")


@router.get(
    "/register-reports/{report_id}",
    responses=answers(StatisticalReportRead, RegisterReportNotFound),
)
async def get_statistical_report(
    caller: CanReadRegisterReports, reading: Reading, report_id: Id
) -> Answer:
    """The entry of one register about one entity in one year, and in which of the two
    registers the entity is.
    """
    # No 304: the entity's row in the other register may change without a new version.
    return stored_answer(await queries.get_statistical_report(reading, report_id))


@router.patch(
    "/register-reports/{report_id}",
    responses=answers(
        StatisticalReportRead,
        RegisterReportNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
        UnknownReference,
        AmbiguousReference,
    ),
)
async def amend_statistical_report(
    caller: CanEditRegisterReports,
    change: Change,
    report_id: Id,
    patch: StatisticalReportUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a record by a merge patch: the day of a report, a name, a county."""
    version = expected_version(if_match, report_id)
    report = await actions.amend_statistical_report(
        change, report_id, patch, version, clock.today()
    )
    return stored_answer(report)


@router.post(
    "/register-report-imports",
    status_code=202,
    responses=answers(JobRead, *UPLOAD_REFUSALS, status=202),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_statistical_reports(
    caller: CanImportRegisterReports,
    change: Change,
    request: Request,
    dry_run: DryRun = False,
) -> Answer:
    """Send a CSV, XLSX or NDJSON file of entities by year and register; a background
    job imports it.

    Columns by name: `kind` (cis, kis), `year`, `register` (cas, voivode), `entity_key`,
    `entity_name`, `county_terc`; `registered`, `report_submitted_on` and
    `institution_id` if known. Polish headings are read too: Rodzaj, Rok, Rejestr,
    Numer, Nazwa, Powiat, Zarejestrowany, Data sprawozdania, Instytucja.

    Good rows are imported, bad ones reported by line under the job's `/problems`; an
    empty cell leaves the stored value, and a second run of the same file changes
    nothing. Rows of counties out of the caller's reach are refused.
    """
    return await receive(request, change, caller, actions.REPORTS_FILE, dry_run=dry_run)


def _with_head(head: str, page: ItemPage, terms: AnswerTerms) -> Answer:
    """The answer of a page, whose JSON object begins with the members in `head`."""
    answer = page_answer(page, terms)
    names = ("link", "preference-applied")
    headers = {name: answer.headers[name] for name in names if name in answer.headers}
    # Joined as bytes: the page is JSON already; `head` replaces its first brace.
    return Answer(head.encode() + bytes(answer.body)[1:], headers=headers)


@router.get(
    "/register-reconciliations/{kind}", responses=answers(ReconciliationRead, NotFound)
)
async def get_reconciliation(
    caller: CanReadRegisterReports,
    reading: Reading,
    terms: Terms,
    kind: EntityKind,
    query: Annotated[ReconciliationList, Query()],
) -> Answer:
    """The two registers compared for a year: how many entities are in both or in one
    only, and which, page by page.

    Only entities in the caller's reach are counted and listed.
    """
    counts, entities = await queries.get_reconciliation(reading, terms, kind, query)
    head = f'{{"kind":"{kind.value}","year":{query.year},"counts":{counts},'
    return _with_head(head, entities, terms)


@router.get("/register-coverages", responses=answers(Page[RegisterCoverageRead]))
async def list_coverages(
    caller: CanReadRegisterStatistics,
    reading: Reading,
    terms: Terms,
    query: Annotated[CoverageList, Query()],
) -> Answer:
    """Statements of which register's list was obtained for which year, the newest
    first, with the replaced ones.
    """
    return page_answer(await queries.list_coverages(reading, terms, query), terms)


@router.post(
    "/register-coverages",
    status_code=201,
    responses=answers(RegisterCoverageRead, OutsideScope, status=201),
)
async def state_coverage(
    caller: CanEditRegisterReports, change: Change, new: CoverageState
) -> Answer:
    """State whether a register's list for a year was obtained, and why not. The latest
    statement is valid.

    A statement is about the whole country: the caller has to reach every county.
    """
    return Answer(await actions.state_coverage(change, new), 201)

"""Jobs over HTTP: their state, cancelling them, and the problems of their rows."""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from sqlalchemy import (
    delete,
    func,
    select,
    update,
)
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.background.job_queries import JobRead, job_of, listing
from services.chassis.background.job_watching import add_watching
from services.chassis.background.jobs import Job
from services.chassis.data import work
from services.chassis.data.effects import Subject
from services.chassis.data.tables import JOB_FILES, JOB_PROBLEMS, JOBS
from services.chassis.data.work import Rows
from services.chassis.ground.problems import (
    ForRequesterOnly,
    Language,
    NotFound,
    StateConflict,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import SliceRouter, router
from services.chassis.trust.callers import Caller, has_scopes
from services.chassis.trust.identity import AnyCaller
from services.chassis.web.answers import Answer, Terms, etag, page_answer, tagged
from services.chassis.web.listing import Listed, ListQuery, Page, page_of
from services.chassis.web.units import Change, Reading
from services.chassis.wording.refusals import word

NDJSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}
}


async def accepted(change: work.Change, request: Request, job_id: UUID) -> Answer:
    """202 with the job and where to follow it."""
    row = await job_of(change, request, select(JOBS), job_id)
    answer = tagged(row.body, etag(job_id, row.version), status=202)
    answer.headers["location"] = (
        f"/v1/{request.app.state.database.schema}/jobs/{job_id}"
    )
    return answer


async def _cancel(change: work.Change, visible_jobs: Rows, job_id: UUID) -> None:
    """Cancel a job that has not ended; its transaction then leaves nothing."""
    ends = {
        "state": "cancelled",
        "version": JOBS.c.version + 1,
        "finished_at": func.clock_timestamp(),
    }
    open_ = visible_jobs.with_only_columns(JOBS.c.id).where(
        JOBS.c.id == job_id, JOBS.c.state.in_(["queued", "running"])
    )
    # Read before the change: an ended job and a missing one are different refusals.
    state = await change.scalar(
        visible_jobs.with_only_columns(JOBS.c.state).where(JOBS.c.id == job_id)
    )
    if state is None:
        raise NotFound()
    # The state is compared again: the job may have ended in between.
    if not await change.execute(update(JOBS).where(JOBS.c.id.in_(open_)).values(ends)):
        raise StateConflict(state=state, allowed=[])
    # With the job goes its uploaded file, which may be personal.
    await change.execute(delete(JOB_FILES).where(JOB_FILES.c.job_id == job_id))
    change.record("cancel_job", Subject(f"jobs/{job_id}"))


def _seen_by(caller: Caller, operate: StrEnum, jobs: Sequence[Job]) -> Rows:
    """The jobs that a caller may follow."""
    if caller.reach(operate) is not None:
        return select(JOBS)
    own: Rows = select(JOBS).where(JOBS.c.requested_by == caller.subject)
    # An application follows jobs that it might have asked for itself
    # (docs/decisions/0013-scopes-narrow-roles.md).
    askable = [
        job.kind
        for job in jobs
        if job.permission and caller.reach(job.permission) is not None
    ]
    return own.where(JOBS.c.kind.in_(askable)) if has_scopes(caller) else own


def job_routes(service: str, operate: StrEnum, jobs: Sequence[Job]) -> SliceRouter:
    """`/jobs` of a service: everybody's own, and all for the permission `operate`."""
    routes = router(prefix="/jobs", tags=["jobs"])

    def seen_by(caller: Caller) -> Rows:
        return _seen_by(caller, operate, jobs)

    @routes.get("", name=f"list_{service}_jobs", responses=answers(Page[JobRead]))
    async def list_jobs(
        request: Request,
        caller: AnyCaller,
        reading: Reading,
        terms: Terms,
        query: Annotated[ListQuery, Query()],
    ) -> Response:
        """The caller's background jobs, newest first; all of the service's for its operators."""
        listed = Listed(listing(request), seen_by(caller))
        return page_answer(await page_of(reading, terms, query, listed), terms)

    @routes.get(
        "/{job_id}", name=f"get_{service}_job", responses=answers(JobRead, NotFound)
    )
    async def get_job(
        request: Request, caller: AnyCaller, reading: Reading, terms: Terms, job_id: Id
    ) -> Response:
        """A job: its state, its progress, and its result or why it failed."""
        row = await job_of(reading, request, seen_by(caller), job_id)
        return tagged(row.body, etag(job_id, row.version), terms)

    _add_cancelling(service, routes, seen_by)
    _add_row_problems(service, routes, seen_by)
    add_watching(service, routes, seen_by)
    return routes


async def _row_problems(reading: work.Reading, job_id: UUID, language: Language) -> str:
    """The problems of single rows, a JSON object a line."""
    of_job = select(JOB_PROBLEMS).where(JOB_PROBLEMS.c.job_id == job_id)
    lines = []
    for row in await reading.rows(of_job.order_by(JOB_PROBLEMS.c.number)):
        fields = {
            "line": row.line,
            "column": row.column_number,
            "pointer": row.pointer,
            "code": row.code,
            "severity": "warning" if row.is_warning else "error",
        }
        # Kept as codes: the sentences are those of the reader's language.
        detail = word(str(row.code), language)
        lines.append(json.dumps(fields | {"detail": detail}, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _add_cancelling(
    service: str, routes: SliceRouter, seen_by: Callable[[Caller], Rows]
) -> None:
    @routes.post(
        "/{job_id}/cancel",
        name=f"cancel_{service}_job",
        responses=answers(JobRead, NotFound, StateConflict),
    )
    async def cancel_job(
        request: Request, caller: AnyCaller, change: Change, job_id: Id
    ) -> Response:
        """Cancel a job that has not ended: its effects are undone. Progress is no conflict, so no If-Match."""
        await _cancel(change, seen_by(caller), job_id)
        row = await job_of(change, request, seen_by(caller), job_id)
        return tagged(row.body, etag(job_id, row.version))


def _add_row_problems(
    service: str, routes: SliceRouter, seen_by: Callable[[Caller], Rows]
) -> None:
    @routes.get(
        "/{job_id}/problems",
        name=f"list_{service}_row_problems",
        responses=NDJSON | problems(NotFound, ForRequesterOnly),
    )
    async def list_row_problems(
        request: Request, caller: AnyCaller, reading: Reading, job_id: Id
    ) -> Response:
        """The problems of a file, a JSON object a line: `line` and `column`, pointer, code. Never the value.

        Lines are numbered as a spreadsheet numbers its rows, columns from 1 (A);
        `column` is null for a problem of no column. A row with an `error` was not
        imported; a `warning` names a part that was not read: an unknown column, another
        sheet, a cell that was left out of its row. Only for the caller who asked for
        the job.
        """
        job = await job_of(reading, request, seen_by(caller), job_id)
        # 403, not 404: an operator sees the job, but rows are its sender's business.
        if job.requested_by != caller.subject:
            raise ForRequesterOnly()
        language = preferred_language(request.headers.get("accept-language", ""))
        lines = await _row_problems(reading, job_id, language)
        return Response(lines, media_type="application/x-ndjson")

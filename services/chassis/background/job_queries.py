"""Jobs as the API shows them, in the caller's language."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import (
    ColumnElement,
    case,
    func,
    literal_column,
)
from starlette.requests import Request

from services.chassis.data import work
from services.chassis.data.tables import JOBS
from services.chassis.data.wire import json_object
from services.chassis.data.work import Record, Rows
from services.chassis.ground.problems import NotFound
from services.chassis.ground.refusals import preferred_language
from services.chassis.web.pages import Listing

_NAME = ("type", "title", "status", "code")


class JobProgress(BaseModel):
    """How far a job has come; null for whoever did not ask for it."""

    done: int | None = Field(description="what is done, as `total` counts it")
    total: int | None = Field(
        description="rows or things in all; null while it is not known"
    )


class JobProblem(BaseModel):
    """Why a job failed; an operator sees only which problem it was."""

    # Beside these, the facts of its kind.
    model_config = ConfigDict(extra="allow")

    type: str = Field(description="/problems/<slug>, a page that exists")
    title: str = Field(description="in the caller's language")
    status: int = Field(description="of HTTP")
    code: str = Field(description="stable, English")
    detail: str | None = Field(default=None, description="why, in words")


class JobRead(BaseModel):
    """A job and how it stands."""

    id: UUID
    kind: str
    state: str
    progress: JobProgress
    # The API document lists the results of the service's jobs here.
    result: dict[str, Any] | None
    problem: JobProblem | None
    attempts: int
    version: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def listing(request: Request) -> Listing:
    """The fields of a job: the result for its requester, the state for operators."""
    language = preferred_language(request.headers.get("accept-language", ""))
    own = JOBS.c.requested_by == request.scope["splot.caller"].subject
    plain = (
        "id",
        "kind",
        "state",
        "attempts",
        "version",
        "created_at",
        "started_at",
        "finished_at",
    )
    # Numbers too are NULL for others: they reveal how many people are in a file.
    done, total = case((own, JOBS.c.progress_done)), case((own, JOBS.c.progress_total))
    wire: dict[str, ColumnElement[Any]] = {name: JOBS.c[name] for name in plain}
    wire |= {
        "progress": func.json_build_object("done", done, "total", total),
        "result": case((own, JOBS.c.result)),
    }
    wire |= {
        "problem": case(
            (own, JOBS.c.problem[language]), else_=_name_of(JOBS.c.problem[language])
        )
    }
    return Listing(wire, {"created_at": JOBS.c.created_at}, "-created_at", JOBS.c.id)


def _name_of(problem: ColumnElement[Any]) -> ColumnElement[Any]:
    """Which problem it is, without the facts of this job."""
    pairs = [
        part for name in _NAME for part in (literal_column(f"'{name}'"), problem[name])
    ]
    return case((problem.is_not(None), func.jsonb_build_object(*pairs)))


_HEAD = JOBS.c.version, JOBS.c.state, JOBS.c.requested_by


async def job_of(
    reading: work.Reading, request: Request, visible_jobs: Rows, job_id: UUID
) -> Record:
    """One of the visible jobs, as JSON with version and state, or NotFound."""
    # Among the visible jobs only: nobody learns whether another job exists.
    statement = visible_jobs.with_only_columns(
        json_object(listing(request).wire).label("body"), *_HEAD
    )
    return await reading.one(statement.where(JOBS.c.id == job_id), NotFound)

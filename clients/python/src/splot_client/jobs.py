"""Long work: what a 202 led to, as it proceeds."""

import json
from collections.abc import AsyncIterator
from typing import TypeVar

import httpx

from splot_client.answers import Answer
from splot_client.client import Splot
from splot_client.generated.models import (
    CaseworkJobRead,
    JobRead,
    ScreeningJobRead,
    TrainingJobRead,
)
from splot_client.problems import ProblemError, Unreachable

Job = TypeVar("Job", JobRead, ScreeningJobRead, CaseworkJobRead, TrainingJobRead)
"""Each service's own: what their jobs come to differs."""
ENDED = {"succeeded", "failed", "cancelled"}


async def watch(splot: Splot, started: Answer[Job]) -> AsyncIterator[Job]:
    """The job each time that it has changed, until it has ended. A stream that breaks is taken up where it broke."""
    address, seen = f"{started.location}/events", ""
    while True:
        header = {"last-event-id": seen} if seen else {}
        async with splot.calls.stream(address, "text/event-stream", header) as stream:
            if stream.status_code == 204:
                return
            try:
                async for line in stream.aiter_lines():
                    name, _, value = line.partition(": ")
                    if name == "id":
                        seen = value
                    elif name == "data":
                        job: Job = json.loads(value)
                        yield job
                        if job["state"] in ENDED:
                            return
            except httpx.TransportError:
                continue


async def finished(splot: Splot, started: Answer[Job]) -> Job:
    """The job once it has succeeded; what it failed of is raised as a ProblemError."""
    job = started.data
    async for changed in watch(splot, started):
        job = changed
    if job["state"] == "succeeded":
        return job
    if job["problem"]:
        raise ProblemError(job["problem"])
    raise Unreachable(f"the job ended as {job['state']}")

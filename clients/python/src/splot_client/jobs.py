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
                async for event, data in _events(stream):
                    job: Job = json.loads(data)
                    seen = event
                    yield job
                    if job["state"] in ENDED:
                        return
            except httpx.TransportError:
                continue


async def _events(stream: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    """Id and data of the events of a stream (HTML standard, 9.2), as far as the platform uses them.

    Only whole ones: what was cut off is sent once more.
    """
    rest = ""
    # Not by lines: httpx ends one at characters that JSON may have in its texts.
    async for text in stream.aiter_text():
        *blocks, rest = (rest + text).split("\n\n")
        for block in blocks:
            fields = dict(
                line.split(": ", 1) for line in block.split("\n") if ": " in line
            )
            if "data" in fields:
                yield fields.get("id", ""), fields["data"]


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

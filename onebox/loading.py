"""`load`: sends a register file through the public import API and follows the job to its end."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from onebox.access import TokenRequest, mint_for
from onebox.asking import Signed, token_from
from onebox.failures import Failure
from onebox.instance import Instance, running_url
from onebox.kinds import Kind

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".txt": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDED = {"succeeded", "failed", "cancelled"}
COUNTS = ("created", "changed", "unchanged", "rejected")
POLL_SECONDS = 0.25
PATIENCE_SECONDS = 60  # with a platform that is being restarted: its job goes on after that, so we keep waiting
CHUNK = 256 * 1024
MOST_PROBLEMS_SHOWN = 20


class LoadFailed(Failure):
    """The file was refused, or its import failed; the text says why."""


@dataclass(frozen=True)
class Load:
    """A file, its kind, the counties that the sender may reach, and the platform; a `url` of None
    is the instance's own platform.
    """

    file: Path
    kind: Kind
    counties: tuple[str, ...] | None = None
    mapping: Path | None = None
    dry_run: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    url: str | None = None


def load_file(
    instance: Instance, load: Load, console: Console, *, transport: httpx.BaseTransport | None = None
) -> dict[str, int]:
    """Sends the file, shows the progress and prints the result; returns the counts of rows.
    Raises LoadFailed.
    """
    auth, url = _auth_for(instance, load, transport), load.url or running_url(instance)
    with httpx.Client(base_url=url, auth=auth, transport=transport, timeout=60, trust_env=False) as api:
        with _progress(console) as progress:
            address = _send(api, load, progress)
            job = _follow(api, address, progress)
        problems = _problems(api, address)
    _print_result(job, problems, console)
    if job["state"] != "succeeded":
        raise LoadFailed(f"The import {job['state']}: {_reason(job.get('problem') or {})}")
    return {name: int(job["result"].get(name, 0)) for name in COUNTS}


def _auth_for(instance: Instance, load: Load, transport: httpx.BaseTransport | None) -> Signed:
    service, url = load.kind.service, load.url
    request = TokenRequest(scopes=(f"{service}:read", f"{service}:write"), counties=load.counties)
    if url is not None:
        return Signed(lambda: token_from(url, request, transport))
    writer = replace(request, subject=f"demo-{service}-writer")
    return Signed(lambda: mint_for(instance, writer))


def _send(api: httpx.Client, load: Load, progress: Progress) -> str:
    query = dict(load.settings) | ({"format": load.kind.wire_name} if load.kind.wire_name else {})
    if load.dry_run:
        query["dry_run"] = "true"
    if load.mapping is not None:
        query["mapping"] = json.dumps(json.loads(load.mapping.read_text()), separators=(",", ":"))
    headers = {
        "Content-Type": MEDIA_TYPES.get(load.file.suffix.lower(), "text/csv"),
        # httpx does not know the length of a generator. With the length, a file that is
        # too large is refused before it is sent.
        "Content-Length": str(load.file.stat().st_size),
        "Idempotency-Key": str(uuid.uuid4()),
    }
    try:
        answer = api.post(load.kind.address, params=query, headers=headers, content=_content(load.file, progress))
    except httpx.TransportError as error:
        raise LoadFailed(f"The file could not be sent: {type(error).__name__}") from error
    if answer.status_code != httpx.codes.ACCEPTED:
        raise LoadFailed(f"The file was not taken ({answer.status_code}): {_reason(_json(answer))}")
    return answer.headers["Location"]


def _content(file: Path, progress: Progress) -> Iterator[bytes]:
    task = progress.add_task("Sending", total=file.stat().st_size)
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk
            progress.advance(task, len(chunk))


def _follow(api: httpx.Client, job: str, progress: Progress) -> dict[str, Any]:
    task = progress.add_task("Importing", total=None)
    silent_since = time.monotonic()
    while True:
        answer = _get(api, job)
        if answer is not None:
            silent_since = time.monotonic()
            progress.update(task, completed=answer["progress"]["done"], total=answer["progress"]["total"])
            if answer["state"] in ENDED:
                return answer
        elif time.monotonic() - silent_since > PATIENCE_SECONDS:
            raise LoadFailed(f"The platform does not answer any more; the job goes on when it is back: {job}")
        time.sleep(POLL_SECONDS)


def _get(api: httpx.Client, path: str) -> dict[str, Any] | None:
    try:
        answer = api.get(path)
    except httpx.TransportError:
        return None
    # The gateway answers with such an error while a service is being restarted: try again.
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return None
    if answer.status_code != httpx.codes.OK:
        raise LoadFailed(f"The job cannot be followed ({answer.status_code}): {_reason(_json(answer))}")
    return _json(answer)


def _problems(api: httpx.Client, job: str) -> list[dict[str, Any]]:
    answer = api.get(f"{job}/problems")
    return [json.loads(line) for line in answer.text.splitlines() if line.strip()] if answer.is_success else []


def _print_result(job: dict[str, Any], problems: list[dict[str, Any]], console: Console) -> None:
    for problem in problems[:MOST_PROBLEMS_SHOWN]:
        place = f"line {problem.get('line', '?')} {problem.get('pointer') or problem.get('column') or ''}".rstrip()
        _print(console, f"{place}: {problem.get('code', '')} {problem.get('detail') or ''}".rstrip())
    if len(problems) > MOST_PROBLEMS_SHOWN:
        _print(console, f"… and {len(problems) - MOST_PROBLEMS_SHOWN} more")
    if job.get("result"):
        _print(console, ", ".join(f"{name} {job['result'].get(name, 0)}" for name in COUNTS))


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _reason(problem: dict[str, Any]) -> str:
    texts = [str(problem[name]) for name in ("title", "detail", "code") if problem.get(name)]
    return " · ".join(texts) or "no reason given"


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)

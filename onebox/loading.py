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

from onebox.access import Wanted, mint_for
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
PATIENCE_SECONDS = 60  # with a platform that is being restarted: the job goes on, so does who waits for it
CHUNK = 256 * 1024
MOST_PROBLEMS_SHOWN = 20


class LoadFailed(Failure):
    """The file was refused, or its import failed; the text says why."""


@dataclass(frozen=True)
class Load:
    """A file, what it is, how far whoever sends it may reach, and to which platform:
    None is the instance's own.
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
    """Sends the file, shows the progress, prints what came of it; the counts. Raises LoadFailed."""
    signed, url = _signed_for(instance, load, transport), load.url or running_url(instance)
    with httpx.Client(base_url=url, auth=signed, transport=transport, timeout=60, trust_env=False) as api:
        with _progress(console) as progress:
            address = _send(api, load, progress)
            job = _follow(api, address, progress)
        problems = _problems(api, address)
    _tell(job, problems, console)
    if job["state"] != "succeeded":
        raise LoadFailed(f"The import {job['state']}: {_reason(job.get('problem') or {})}")
    return {name: int(job["result"].get(name, 0)) for name in COUNTS}


def _signed_for(instance: Instance, load: Load, transport: httpx.BaseTransport | None) -> Signed:
    service, url = load.kind.service, load.url
    wanted = Wanted(scopes=(f"{service}:read", f"{service}:write"), counties=load.counties)
    if url is not None:
        return Signed(lambda: token_from(url, wanted, transport))
    own = replace(wanted, subject=f"demo-{service}-writer")
    return Signed(lambda: mint_for(instance, own))


def _send(api: httpx.Client, load: Load, progress: Progress) -> str:
    query = dict(load.settings) | ({"format": load.kind.wire_name} if load.kind.wire_name else {})
    if load.dry_run:
        query["dry_run"] = "true"
    if load.mapping is not None:
        query["mapping"] = json.dumps(json.loads(load.mapping.read_text()), separators=(",", ":"))
    headers = {
        "Content-Type": MEDIA_TYPES.get(load.file.suffix.lower(), "text/csv"),
        # Of a generator httpx does not know the length. With it, a file that is too
        # large is refused before it is sent.
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
        found = _ask(api, job)
        if found is not None:
            silent_since = time.monotonic()
            progress.update(task, completed=found["progress"]["done"], total=found["progress"]["total"])
            if found["state"] in ENDED:
                return found
        elif time.monotonic() - silent_since > PATIENCE_SECONDS:
            raise LoadFailed(f"The platform does not answer any more; the job goes on when it is back: {job}")
        time.sleep(POLL_SECONDS)


def _ask(api: httpx.Client, path: str) -> dict[str, Any] | None:
    try:
        answer = api.get(path)
    except httpx.TransportError:
        return None
    # The gateway answers so while a service is being restarted: no reason to give up.
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return None
    if answer.status_code != httpx.codes.OK:
        raise LoadFailed(f"The job cannot be followed ({answer.status_code}): {_reason(_json(answer))}")
    return _json(answer)


def _problems(api: httpx.Client, job: str) -> list[dict[str, Any]]:
    answer = api.get(f"{job}/problems")
    return [json.loads(line) for line in answer.text.splitlines() if line.strip()] if answer.is_success else []


def _tell(job: dict[str, Any], problems: list[dict[str, Any]], console: Console) -> None:
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
    said = [str(problem[name]) for name in ("title", "detail", "code") if problem.get(name)]
    return " · ".join(said) or "no reason given"


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)

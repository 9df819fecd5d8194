"""Refusals of the platform (RFC 9457) as exceptions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx


class ProblemError(Exception):
    """A refusal: `code` is stable, `title` and `detail` are for people and say what to do.

    `missing` names what is lacking, `allowed` what can be done now, `errors` what is wrong
    with the request and where; `relation` and `permission` what the caller lacks;
    `problem` is all that was said. `retry_after` are the
    seconds after which the same may be asked again.
    """

    def __init__(
        self, problem: Mapping[str, Any], retry_after: float | None = None
    ) -> None:
        self.problem = problem
        self.status = int(problem["status"])
        self.code = str(problem["code"])
        self.title = str(problem["title"])
        self.detail: str | None = problem.get("detail")
        self.missing = _words(problem.get("missing"))
        self.allowed = _words(problem.get("allowed"))
        self.errors: Sequence[Mapping[str, str]] = problem.get("errors", ())
        self.relation: str | None = problem.get("relation")
        self.permission: str | None = problem.get("permission")
        self.trace_id: str | None = problem.get("trace_id")
        self.retry_after = retry_after
        said = (f"{self.title}.", self.detail, _places(self.errors))
        super().__init__(" ".join(filter(None, said)))


class ChangedMeanwhile(ProblemError):
    """412: it was changed since it was read; `current` is what it is now, once `change` has read it again."""

    current: Any = None


class Unreachable(Exception):
    """No answer came, as often as it was tried."""


def problem_of(response: httpx.Response) -> ProblemError:
    """The exception that an answer, which has been read, tells."""
    kind = ChangedMeanwhile if response.status_code == 412 else ProblemError
    return kind(problem_in(response), seconds_to_wait(response))


def problem_in(response: httpx.Response) -> Mapping[str, Any]:
    """What an answer says as a problem; of one that is none, its status in words."""
    status = response.status_code
    plain = {
        "title": response.reason_phrase,
        "status": status,
        "code": f"http_{status}",
    }
    if "json" not in response.headers.get("content-type", ""):
        return plain
    told = response.json()
    return plain | told if isinstance(told, dict) else plain


def seconds_to_wait(response: httpx.Response) -> float | None:
    """Retry-After in seconds, which may be told as an instant (RFC 9110, 10.2.3)."""
    told = response.headers.get("retry-after", "")
    if told.isdecimal():
        return float(told)
    try:
        instant = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (instant - datetime.now(UTC)).total_seconds())


def _places(errors: Sequence[Mapping[str, str]]) -> str:
    """Where something is wrong, and what: `(/role unsuited_role)`."""
    kinds = ("pointer", "parameter", "header")
    places = (
        next((each[kind] for kind in kinds if kind in each), "") for each in errors
    )
    pairs = zip(places, errors, strict=True)
    said = ", ".join(f"{place} {each['code']}" for place, each in pairs)
    return f"({said})" if said else ""


def _words(told: Any) -> Sequence[str]:
    if isinstance(told, str):
        return (told,)
    return tuple(map(str, told)) if isinstance(told, list | tuple) else ()

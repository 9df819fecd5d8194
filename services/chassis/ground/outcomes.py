"""A refusal on the wire: a problem, or under a FHIR facade an OperationOutcome (R4)."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.chassis.ground.problems import FieldError, Language, Problem
from services.chassis.ground.refusals import (
    detail_of,
    preferred_language,
    problem_bytes,
    problem_headers,
)
from services.chassis.wording.refusals import word

FHIR = "application/fhir+json"
_FACADE = re.compile(r"/v1/[a-z]+/fhir(?:/.*)?", re.DOTALL)
# Codes of http://hl7.org/fhir/issue-type; a status not listed is `invalid` below 500.
_TYPES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    414: "too-long",
    415: "not-supported",
    423: "suppressed",
    428: "required",
    429: "throttled",
    503: "transient",
    504: "timeout",
}
_TYPES_OF_FIELDS = {
    "missing": "required",
    "unknown": "structure",
    "repeated": "structure",
    "wrong_type": "structure",
    "not_listed": "code-invalid",
    "not_found": "not-found",
}


def is_of_facade(path: str) -> bool:
    """Whether an address belongs to a facade for clients of FHIR.

    >>> [is_of_facade(f"/v1/shop/{each}") for each in ("fhir", "fhir/x", "fhirs")]
    [True, True, False]
    """
    return _FACADE.fullmatch(path) is not None


class Refusal(NamedTuple):
    """An answer with a problem: its headers in ASGI's form, and its body."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


def refusal_of(
    problem: Problem, *, accept_language: str, trace_id: str, path: str
) -> Refusal:
    """The refusal as answered at this address, in the caller's language."""
    language = preferred_language(accept_language)
    headers = problem_headers(problem, language)
    if not is_of_facade(path):
        body = problem_bytes(
            problem, language=language, trace_id=trace_id, instance=path
        )
        return Refusal(headers, body)
    others = [each for each in headers if each[0] != b"content-type"]
    body = outcome_bytes(problem, language=language, trace_id=trace_id)
    return Refusal([(b"content-type", FHIR.encode()), *others], body)


def outcome_bytes(problem: Problem, *, language: Language, trace_id: str) -> bytes:
    """The OperationOutcome of a problem: an issue for each field error.

    `details` has the problem's slug and words, `diagnostics` its facts as JSON.
    """
    detail = detail_of(problem, language)
    facts = {"trace_id": trace_id, **problem.members}
    common = {
        "details": {
            "coding": [{"system": "urn:splot:problem", "code": problem.slug()}],
            "text": _sentence(
                problem.title(language), None if problem.errors else detail
            ),
        },
        "diagnostics": json.dumps(facts, ensure_ascii=False, default=str),
    }
    # Thousands of faults in a body must not make an answer larger than it.
    issues = [
        _issue(problem, common, language, error) for error in problem.errors[:100]
    ]
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": issues or [_issue(problem, common, language, None)],
    }
    return json.dumps(outcome, ensure_ascii=False, separators=(",", ":")).encode()


def _sentence(title: str, detail: str | None) -> str:
    return title if detail is None else f"{title}. {detail}"


def _issue(
    problem: Problem,
    common: dict[str, Any],
    language: Language,
    error: FieldError | None,
) -> dict[str, Any]:
    default = "invalid" if problem.status < 500 else "exception"
    kind = _TYPES.get(problem.status, default)
    issue = {"severity": "error", "code": kind, **common}
    if error is None:
        return issue
    issue["code"] = _TYPES_OF_FIELDS.get(error.code, kind)
    coding = {"system": "urn:splot:error", "code": error.code}
    issue["details"] = {
        "coding": [*common["details"]["coding"], coding],
        "text": f"{common['details']['text']}: {word(error.code, language)}",
    }
    place = "".join(_steps(error))
    return issue | ({"expression": [place]} if place else {})


def _steps(error: FieldError) -> Iterator[str]:
    """The place of an error: a FHIRPath in the resource, or `http.` and a name.

    (R4 names headers and parameters of the request like this,
    OperationOutcome.issue.location.)
    """
    if error.place != "pointer":
        yield f"http.{error.name}"
        return
    for number, step in enumerate(filter(None, error.name.split("/"))):
        if step.isdigit():
            yield f"[{step}]"
        else:
            yield f".{step}" if number else step

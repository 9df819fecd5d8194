"""What a refusal looks like."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from services.chassis.wording.refusals import MISSING

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def unnamed(problem: Mapping[str, Any]) -> list[str]:
    """Codes of `missing` that have no words; ids and pointers need none."""
    codes = [code for code in problem.get("missing") or () if code[:1] != "/" and not _ID.fullmatch(code)]
    return [code for code in codes if code not in _words()]


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    """The words of all services: a test of a platform elsewhere has loaded none of them."""
    for path in (Path(__file__).parents[2] / "services").glob("*/problems.py"):
        import_module(f"services.{path.parent.name}.problems")
    return MISSING


def assert_problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The answer is this problem, complete; its body, for a closer look."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["status"] == status
    assert {"title", "code", "trace_id", "instance"} <= body.keys()
    # Whatever is missing is named in words, too.
    assert not unnamed(body)
    return body


def assert_outcome(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The answer of a facade in FHIR is this problem, as an OperationOutcome.

    Its facts, with `errors` as a problem has them.
    """
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert slug_of(outcome) == slug, outcome
    issues = outcome["issue"]
    assert all(issue["severity"] == "error" and issue["code"] and issue["details"]["text"] for issue in issues)
    facts: dict[str, Any] = json.loads(issues[0]["diagnostics"])
    errors = [_error_of(issue) for issue in issues if len(issue["details"]["coding"]) > 1]
    return facts | {"errors": errors}


def slug_of(refusal: Mapping[str, Any]) -> str:
    """Which problem a refusal is, whatever it is told in."""
    if refusal.get("resourceType") == "OperationOutcome":
        return str(refusal["issue"][0]["details"]["coding"][0]["code"])
    return str(refusal["type"]).removeprefix("/problems/")


def _error_of(issue: Mapping[str, Any]) -> dict[str, str]:
    code = issue["details"]["coding"][1]["code"]
    [place] = issue.get("expression", [""])
    if place.startswith("http."):
        return {"parameter": place.removeprefix("http."), "code": code}
    steps = re.findall(r"\[\d+\]|[^.\[]+", place)
    return {"pointer": "".join("/" + step.strip("[]") for step in steps), "code": code}

"""The form of a refusal: its JSON and its headers."""

import json
import re
from typing import Any

from services.chassis.ground.problems import Language, Problem
from services.chassis.wording.refusals import ADVICE, MISSING, word


def detail_of(problem: Problem, language: Language) -> str | None:
    """What is wrong, what to do, and what is missing; None without any of them."""
    place = 1 if language == "pl" else 0
    sentences = []
    if problem.errors:
        words = [word(error.code, language) for error in problem.errors[:5]]
        subject = ("A field", "Pole")[place]
        sentences.append(f"{subject} {'; '.join(dict.fromkeys(words))}.")
    if problem.slug() in ADVICE:
        sentences.append(ADVICE[problem.slug()][place])
    missing = problem.members.get("missing", [])
    names = [MISSING[code][place] for code in missing if code in MISSING]
    if names:
        sentences.append(("Missing: ", "Brakuje: ")[place] + ", ".join(names) + ".")
    return " ".join(sentences) or None


def problem_bytes(
    problem: Problem, *, language: Language, trace_id: str, instance: str
) -> bytes:
    """The JSON of a problem. `instance` is the requested path, without its query."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.slug()}",
        "title": problem.title(language),
        "status": problem.status,
        "code": problem.slug().replace("-", "_"),
        "instance": instance,
        "trace_id": trace_id,
    }
    if problem.errors:
        body["errors"] = [
            {
                error.place: error.name,
                "code": error.code,
                "detail": word(error.code, language),
            }
            # Thousands of faults in a body must not make an answer larger than it.
            for error in problem.errors[:100]
        ]
    if (detail := detail_of(problem, language)) is not None:
        body["detail"] = detail
    return json.dumps(
        body | problem.members, ensure_ascii=False, separators=(",", ":")
    ).encode()


def problem_headers(problem: Problem, language: Language) -> list[tuple[bytes, bytes]]:
    """The headers that go with a problem, ready for ASGI."""
    headers = {
        "content-type": "application/problem+json",
        "content-language": language,
        # A refusal is valid for one caller at one moment.
        "cache-control": "no-store",
        **problem.headers,
    }
    if problem.status in {429, 503} or problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after or 1)
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def preferred_language(accept_language: str) -> Language:
    """Polish unless the caller prefers English. An unreadable header counts as absent.

    >>> [preferred_language(each) for each in ("en-GB,en;q=0.9,pl;q=0.2", "de", "")]
    ['en', 'pl', 'pl']
    """
    weights = {"pl": 0.0, "en": 0.0}
    # Longer than any browser sends: the caller decides how often the pattern is tried.
    for part in accept_language[:200].lower().split(","):
        match = re.fullmatch(
            r"\s*(pl|en)(?:-[a-z0-9]+)*\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?\s*",
            part,
            re.ASCII,
        )
        if match:
            weights[match[1]] = max(weights[match[1]], float(match[2] or 1))
    return "en" if weights["en"] > weights["pl"] else "pl"

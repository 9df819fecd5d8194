"""The answers of an operation that succeeds: described in words, with their headers."""

import re
from typing import Any

from services.chassis.describing.headers import header
from services.chassis.describing.words import plural, thing_of

Json = dict[str, Any]

UNNAMED = {"", "OK", "Successful Response"}
# In this order: the first media type that an answer has describes the file.
_FILES = {
    "application/pdf": "The document as PDF.",
    "text/calendar": "The calendar (RFC 5545).",
    "image/svg+xml": "The picture.",
    "text/event-stream": "Events as they happen (server-sent events).",
    "application/x-ndjson": "One JSON object a line.",
    "application/vc+jwt": "The credential, or the list, as a signed JWT.",
    "text/csv": "The file.",
}
# By status: the headers that may go with it.
_WITH = {
    "200": {"ETag", "Link", "Preference-Applied", "Content-Disposition"},
    "201": {"ETag", "Location"},
    "202": {"ETag", "Location"},
    "304": {"ETag"},
}
_LONGEST_SUMMARY = 80


def name_successes(operation: Json, schemas: Json) -> None:
    """Describe every success that has no description."""
    for status, answer in operation["responses"].items():
        if status < "400" and answer.get("description", "") in UNNAMED:
            answer["description"] = _description_of(status, answer, schemas)


def add_headers(operation: Json, sent_headers: set[str], *, takes_key: bool) -> None:
    """Document which headers go with which success."""
    for status, answer in operation["responses"].items():
        names = sent_headers & _WITH.get(status, set())
        if takes_key and status.startswith("2"):
            names = names | {"Idempotency-Replayed"}
        if names:
            answer["headers"] = {name: header(name) for name in sorted(names)}


def summary_of(description: str) -> str:
    """The first clause of an endpoint's description.

    >>> summary_of("One site, as it is. Its steps stand beside it.")
    'One site, as it is'
    """
    words = " ".join(description.partition("\n\n")[0].split())
    clause = re.split(r"(?<=[^.][^.A-Z])[.:;](?=\s|$)", words)[0].rstrip(".:;")
    while len(clause) > _LONGEST_SUMMARY and ", " in clause:
        clause = clause.rpartition(", ")[0]
    return clause


def _description_of(status: str, answer: Json, schemas: Json) -> str:
    content = answer.get("content", {})
    if status == "204":
        return "Done; there is nothing to tell."
    [schema, *_] = [
        content[kind]["schema"].get("$ref", "").rpartition("/")[2]
        for kind in ("application/json", "application/fhir+json")
        if kind in content
    ] or [""]
    if schema.startswith("PageOf"):
        page = f"A page of {plural(thing_of(schema))}"
        return f"{page}, or all of them as a file." if len(content) > 1 else f"{page}."
    description = _first_sentence(schemas.get(schema, {}).get("description", ""))
    if status == "201":
        return f"Created. {description}".strip()
    if status == "202":
        return "Accepted: the job that does it, to be followed at `Location`."
    files = [words for kind, words in _FILES.items() if kind in content]
    return description or (files or ["The answer as JSON."])[0]


def _first_sentence(description: str) -> str:
    """The first sentence of a description."""
    words = " ".join(description.partition("\n\n")[0].split())
    return re.split(r"(?<=[^.][^.A-Z]\.)\s", words)[0]

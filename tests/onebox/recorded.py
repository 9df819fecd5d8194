"""What the demo answers: compared with what the document says of it, and kept as its examples."""

import json
import os
from pathlib import Path
from typing import Any

import httpx

from services.chassis.ground.outcomes import FHIR
from tests.onebox.operations import DOCUMENT, Json, Operation, operations, resolved

ROOT = Path(__file__).parents[2]
RECORDING = bool(os.environ.get("RECORD_EXAMPLES"))
"""Set to write `services/*/examples.json` anew from what the demo answers."""
LONGEST = 2
"""Members of a list in an example: what is repeated says nothing new."""
SOMETIMES = {"Link", "Preference-Applied", "Content-Disposition", "Idempotency-Replayed"}
"""Headers that depend on the request or on what there is; the others go with every such answer."""
TOLD = {name.lower() for name in DOCUMENT["components"]["headers"]}


def headers_amiss(operation: Operation, answer: httpx.Response) -> str:
    """Which of the headers are sent without being declared, or declared without being sent; empty if none is."""
    declared = {name.lower() for name in operation.told["responses"][str(answer.status_code)].get("headers", {})}
    sent = {name for name in answer.headers if name in TOLD}
    always = declared - {name.lower() for name in SOMETIMES}
    amiss = [f"{name} is not declared" for name in sorted(sent - declared)]
    return ", ".join(amiss + [f"{name} is not sent" for name in sorted(always - sent)])


def schema_of(operation: Operation, status: int) -> Json | None:
    """Of the JSON that is answered; None where it is none."""
    content = operation.told["responses"][str(status)].get("content", {})
    found = [content[kind]["schema"] for kind in ("application/json", FHIR) if kind in content]
    return found[0] if found else None


def example_name(operation: Operation, status: int) -> str:
    """Under which name the example of an answer is kept: that of its schema, else of the operation."""
    schema = schema_of(operation, status) or {}
    return str(schema.get("$ref", operation.name)).rpartition("/")[2]


def shortened(value: Any) -> Any:
    """An answer with its lists cut short."""
    if isinstance(value, list):
        return [shortened(each) for each in value[:LONGEST]]
    return {name: shortened(each) for name, each in value.items()} if isinstance(value, dict) else value


OF_THEMSELVES = {"DefinitionSchema"}
"""Answers that are schemas: what they hold would be read as part of the document."""
FORMATS = {
    "date": "2026-09-01",
    "date-time": "2026-09-01T08:30:00Z",
    "uuid": "01980000-0000-7000-8000-0000000000a1",
}
TEXTS = {"county_terc": "2469", "code": "DEMO", "number": "1/2026"}


def made(schema: Json, name: str = "") -> Any:
    """Something that the schema allows, with every member that has to be there."""
    schema = resolved(schema)
    for told in ("example", "const", "default"):
        if told in schema:
            return schema[told]
    for several in ("examples", "enum"):
        if schema.get(several):
            return schema[several][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return made(schema[several][0], name)
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {})
            return {each: made(members[each], each) for each in schema.get("required", members)}
        case "array":
            return [made(schema.get("items", {}), name)] * schema.get("minItems", 1)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "string":
            return TEXTS.get(name, FORMATS.get(schema.get("format", ""), "tekst"))
    return None


class Recorder:
    """Keeps the first answer of every kind that a service gives."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._path = ROOT / "services" / service / "examples.json"
        self._kept: Json = {}

    def keep(self, operation: Operation, answer: httpx.Response) -> None:
        """Keep this answer as an example, unless there is one that tells more."""
        if schema_of(operation, answer.status_code) is None or "json" not in answer.headers.get("content-type", ""):
            return
        if answer.headers["content-type"].startswith("application/x-ndjson"):
            return
        name, told = example_name(operation, answer.status_code), shortened(answer.json())
        if name in OF_THEMSELVES:
            return
        if len(json.dumps(told)) > len(json.dumps(self._kept.get(name, ""))):
            self._kept[name] = told

    def write(self) -> None:
        """Write what was kept, in the order of names; of what the demo has none of, what the schema allows."""
        for operation in operations().values():
            for status in operation.successes if operation.service == self.service else ():
                schema = schema_of(operation, int(status))
                name = example_name(operation, int(status))
                if schema is not None and name not in self._kept and name not in OF_THEMSELVES:
                    self._kept[name] = made(schema)
        text = json.dumps(dict(sorted(self._kept.items())), ensure_ascii=False, indent=1)
        self._path.write_text(text + "\n", encoding="utf-8")

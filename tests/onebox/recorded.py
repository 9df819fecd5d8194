"""What the demo answers: compared with what the document says of it, and kept as its examples."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from services.chassis.ground.outcomes import FHIR
from tests.onebox.operations import Json, Operation, operations, resolved
from tests.support.document import DOCUMENT
from tests.support.shapes import Shapes
from tools.api_document import event_document

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


def closed(node: Any) -> Any:
    """The schema with nothing beside what it names."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {name: closed(part) for name, part in node.items()}
    if node.get("type") == "object" and "properties" in node:
        return {"additionalProperties": False} | told
    return told


CLOSED = Shapes({"schemas": closed(DOCUMENT["components"]["schemas"])})


def shape_amiss(operation: Operation, answer: httpx.Response) -> str:
    """What the JSON of an answer has otherwise than its schema says; empty if nothing."""
    schema = schema_of(operation, answer.status_code)
    kind = answer.headers.get("content-type", "")
    if schema is None or "json" not in kind or "x-ndjson" in kind:
        return ""
    return "; ".join(str(wrong)[:500] for wrong in CLOSED.of(closed(schema)).iter_errors(answer.json()))


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
    told = [schema[each] for each in ("example", "const", "default") if each in schema]
    told += [schema[each][0] for each in ("examples", "enum") if schema.get(each)]
    inner = [schema[each][0] for each in ("anyOf", "oneOf", "allOf") if each in schema]
    if told or inner:
        return told[0] if told else made(inner[0], name)
    kind = schema.get("type", "")
    return MAKERS[kind](schema, name) if kind in MAKERS else None


MAKERS: dict[str, Callable[[Json, str], Any]] = {
    "object": lambda schema, _: {each: made(schema["properties"][each], each) for each in schema.get("required", [])},
    "array": lambda schema, name: [made(schema.get("items", {}), name)] * schema.get("minItems", 1),
    "integer": lambda schema, _: schema.get("minimum", 1),
    "number": lambda schema, _: schema.get("minimum", 1),
    "boolean": lambda _schema, _name: False,
    "string": lambda schema, name: TEXTS.get(name, FORMATS.get(schema.get("format", ""), "tekst")),
}


DELIVERED = {"WebhookRead", "PageOfWebhookRead", "DeliveryRead", "PageOfDeliveryRead"}
"""Answers about webhooks that were delivered, which the demo has none of: test_webhook_examples records them."""


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
        before = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        self._kept |= {name: before[name] for name in DELIVERED & before.keys()}
        for operation in operations().values():
            for status in operation.successes if operation.service == self.service else ():
                schema = schema_of(operation, int(status))
                name = example_name(operation, int(status))
                if schema is not None and name not in self._kept and name not in OF_THEMSELVES:
                    self._kept[name] = made(schema)
        text = json.dumps(dict(sorted(self._kept.items())), ensure_ascii=False, indent=1)
        self._path.write_text(text + "\n", encoding="utf-8")


class EventsTold:
    """Compares every event that is told with what the catalogue says of its type."""

    def __init__(self) -> None:
        messages = event_document()["components"]["messages"]
        self._known = {kind: message["payload"]["allOf"][1]["properties"]["data"] for kind, message in messages.items()}
        self._shapes = Shapes({})
        self._amiss: Json = {}

    def told_as(self, plain: Callable[..., None]) -> Callable[..., None]:
        """The same telling, looked at."""

        def tell(reading: Any, event: str, subject: Any, /, **data: Any) -> None:
            plain(reading, event, subject, **data)
            told = reading.effects.events[-1]
            # As they are written: ids as texts.
            self._look(told["type"], json.loads(json.dumps(told["data"], default=str)))

        return tell

    def _look(self, kind: str, data: Json) -> None:
        known = self._known.get(kind)
        if known is None:
            self._amiss[kind] = "not in the catalogue"
        elif unknown := data.keys() - known["properties"].keys():
            self._amiss[kind] = f"does not tell of {sorted(unknown)}"
        elif not self._shapes.of(known).is_valid(data):
            self._amiss[kind] = data

    def amiss(self) -> Json:
        """By type, what the catalogue says otherwise."""
        return self._amiss

"""Answers of the demo as examples, beside the schemas of the answers.

`examples.json` beside the `main.py` of a service was recorded by the test that sends every
example to the demo; an answer is kept under the name of its schema, or of its operation.
"""

import json
from pathlib import Path
from typing import Any

from services.chassis.ground.outcomes import FHIR

Json = dict[str, Any]
_SUMMARY = "An answer of the demo."
_JSON = {"application/json", FHIR}


def read_examples(file: Path) -> Json:
    """The recorded answers of a service; none where it has none."""
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def show_examples(document: Json, examples: Json, service: str) -> None:
    """Refer from every JSON answer to its example in `components`."""
    shared = document["components"].setdefault("examples", {})
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    _show(answer, operation["operationId"], examples, service, shared)


def _show(
    answer: Json, operation: str, examples: Json, service: str, shared: Json
) -> None:
    content = answer.get("content", {})
    schemas = [media.get("schema", {}).get("$ref", "") for media in content.values()]
    # One resource in two media types is one example.
    name = next((each.rpartition("/")[2] for each in schemas if each), operation)
    # Of two schemas with one name the merged document prefixes the later one.
    example = examples.get(name, examples.get(f"{service.capitalize()}{name}"))
    for kind in _JSON & content.keys() if example is not None else ():
        shared[name] = {"summary": _SUMMARY, "value": example}
        content[kind]["examples"] = {"demo": {"$ref": f"#/components/examples/{name}"}}

"""Answers as the demo gives them, beside the schemas of what is answered.

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


def show_examples(document: Json, known: Json, service: str) -> None:
    """Refer from every JSON answer to its example; `components` hold those."""
    shown = document["components"].setdefault("examples", {})
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    _show(answer, operation["operationId"], known, service, shown)


def _show(answer: Json, operation: str, known: Json, service: str, shown: Json) -> None:
    content = answer.get("content", {})
    schemas = [media.get("schema", {}).get("$ref", "") for media in content.values()]
    # One resource in two media types is one example.
    name = next((each.rpartition("/")[2] for each in schemas if each), operation)
    # Of two schemas with one name the merged document prefixes the later one.
    recorded = known.get(name, known.get(f"{service.capitalize()}{name}"))
    for kind in _JSON & content.keys() if recorded is not None else ():
        shown[name] = {"summary": _SUMMARY, "value": recorded}
        content[kind]["examples"] = {"demo": {"$ref": f"#/components/examples/{name}"}}

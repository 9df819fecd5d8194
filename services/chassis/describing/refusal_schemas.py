"""The schemas of refusals, for the API document."""

from typing import Any

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). What else stands in it are the facts of its"
    " kind, which its page names.",
    "additionalProperties": True,
    "required": ["type", "title", "status", "code", "trace_id"],
    "properties": {
        "type": {
            "type": "string",
            "description": "/problems/<slug>, a page that exists",
        },
        "title": {"type": "string", "description": "in the caller's language"},
        "detail": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "stable, English"},
        "trace_id": {"type": "string"},
        "state": {
            "type": ["string", "null"],
            "description": "where the thing stands, which forbids what was asked",
        },
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "what can be done or named instead",
        },
        "missing": {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": ["string", "number", "object"]}},
            ],
            "description": "what is lacking",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "header": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

_DETAILS: dict[str, Any] = {
    "type": "object",
    "required": ["coding"],
    "description": "what is wrong",
    "properties": {
        "coding": {
            "type": "array",
            "description": "the slug of the problem, and the code of what is wrong",
            "items": {
                "type": "object",
                "required": ["code"],
                "properties": {
                    "system": {"type": "string", "description": "whose code it is"},
                    "code": {"type": "string", "description": "stable, English"},
                },
            },
        },
        "text": {"type": "string", "description": "in the caller's language"},
    },
}

OUTCOME_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["severity", "code", "details"],
                "properties": {
                    "severity": {"type": "string"},
                    "code": {"type": "string", "description": "FHIR's issue-type"},
                    "details": _DETAILS,
                    "diagnostics": {
                        "type": "string",
                        "description": "the problem's facts as JSON, with `trace_id`",
                    },
                    "expression": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "where in the resource; `http.` and a name of"
                        " a parameter or header",
                    },
                },
            },
        },
    },
}

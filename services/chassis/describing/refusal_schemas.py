"""What a refusal looks like, for the API document."""

from typing import Any

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
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
                    "details": {
                        "type": "object",
                        "description": "`coding`: the slug of the problem, and the code"
                        " of what is wrong; `text`: in the caller's language",
                    },
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

"""The API document of the views, in the form of a service's."""

from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from gateway.problems import BordersNotLoaded, MapNotDrawn
from gateway.views.answering import Key, View
from gateway.views.table import VIEWS
from services.chassis.describing.examples import read_examples, show_examples
from services.chassis.describing.names import plain_names
from services.chassis.describing.successes import summary_of
from services.chassis.ground.problems import (
    AuditUnavailable,
    DatabaseUnavailable,
    Forbidden,
    NotAcceptable,
    NotFound,
    Problem,
    ValidationFailed,
)
from services.chassis.ground.responses import problems

Json = dict[str, Any]
TAG = "views"
REFERENCE = "#/components/schemas/{model}"
WORDS = Path(__file__).with_name("words.txt")
EXAMPLES = Path(__file__).with_name("examples.json")
DESCRIPTION = (
    "One call for a screen. All parts are asked for at once and within one deadline, by"
    " the caller's own token: a part that it does not open is left out, and one that"
    " could not be had is named in `partial`. Where the thing itself cannot be had, its"
    " problem is the answer."
)


def views_document() -> Json:
    """Paths and schemas of all views."""
    models = [(view.body, "serialization") for view in VIEWS]
    _, schemas = models_json_schema(
        models,  # type: ignore[arg-type] # a list of other pairs than it declares
        ref_template=REFERENCE,
    )
    components = schemas["$defs"]
    for view in VIEWS:
        components |= _query_schema(view).get("$defs", {})
    _describe(components)
    document = {
        "openapi": "3.1.0",
        "info": {},
        "paths": {_path(view): {"get": _operation(view)} for view in VIEWS},
        "components": {"schemas": components},
        "tags": [{"name": TAG, "description": DESCRIPTION}],
    }
    show_examples(document, read_examples(EXAMPLES), TAG)
    return plain_names(document)


def _describe(schemas: Json) -> None:
    """Give every property without a description its words, by its name."""
    lines = [line.partition(": ") for line in WORDS.read_text("utf-8").splitlines()]
    words = {name: meaning for name, _, meaning in lines if meaning}
    for name, schema in schemas.items():
        for member, property_ in schema.get("properties", {}).items():
            meaning = words.get(f"{name}.{member}") or words.get(member)
            if meaning and "description" not in property_:
                property_["description"] = meaning


def _path(view: View) -> str:
    return f"/v1/views/{view.noun}" + (f"/{{{view.key.name}}}" if view.key else "")


def _operation(view: View) -> Json:
    description = cleandoc(view.read.__doc__ or "")
    if view.shown_by:
        parts = (f"`{part}` by `{right}`" for part, right in view.shown_by.items())
        description += f"\n\nWhat shows each part: {', '.join(parts)}."
    headers = {
        "ETag": _header("of this body: send it as `If-None-Match` to get 304"),
        "Server-Timing": _header("milliseconds that each part took"),
    }
    schema = {"$ref": f"#/components/schemas/{view.body.__name__}"}
    pictures = {kind: {"schema": {"type": "string"}} for kind in view.media_types}
    success = {
        "description": (view.body.__doc__ or "").strip(),
        "headers": headers,
        "content": {"application/json": {"schema": schema}, **pictures},
    }
    name = getattr(view.read, "__name__", view.noun)
    return {
        "tags": [TAG],
        "summary": summary_of(description),
        "description": description,
        "operationId": name,
        "parameters": [*_parameters(view)],
        "responses": {
            "200": success,
            "304": {
                "description": "The caller has this body already.",
                "headers": {"ETag": headers["ETag"]},
            },
            **{
                str(status): refusal
                for status, refusal in problems(*_problems(view)).items()
            },
        },
    }


def _problems(view: View) -> tuple[type[Problem], ...]:
    of_maps = (BordersNotLoaded, NotAcceptable, MapNotDrawn) if view.media_types else ()
    # The view also answers with problems of its subject's own service.
    of_services = (Forbidden, DatabaseUnavailable, AuditUnavailable)
    return (NotFound, ValidationFailed, *of_services, *of_maps, *view.refuses)


def _header(description: str) -> Json:
    return {"description": description, "schema": {"type": "string"}}


def _parameters(view: View) -> list[Json]:
    schema = _query_schema(view)
    in_query = [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "description": property_.get("description", ""),
            "schema": property_,
        }
        for name, property_ in schema.get("properties", {}).items()
    ]
    return [*([_in_path(view.key)] if view.key else []), *in_query]


def _query_schema(view: View) -> Json:
    return view.query.model_json_schema(ref_template=REFERENCE)


def _in_path(key: Key) -> Json:
    return {
        "name": key.name,
        "in": "path",
        "required": True,
        "description": key.description,
        "schema": {"type": "string", "pattern": f"^{key.pattern}$"},
        "example": key.example,
    }

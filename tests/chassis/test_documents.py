"""The API document of a service: valid, complete, and true of its examples."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from services.chassis.describing.refusal_schemas import PROBLEM_SCHEMA
from services.registry.main import app
from tests.support.shapes import Shapes

DOCUMENT: dict[str, Any] = app.openapi()
SHAPES = Shapes(DOCUMENT["components"])
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def schemas(node: Any) -> Iterator[dict[str, Any]]:
    """Every JSON schema in a part of the document."""
    if isinstance(node, dict):
        if isinstance(node.get("schema"), dict):
            yield node["schema"]
        for child in node.values():
            yield from schemas(child)
    elif isinstance(node, list):
        for child in node:
            yield from schemas(child)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


every_operation = pytest.mark.parametrize(
    "operation", [pytest.param(operation, id=name) for name, operation in operations()]
)


def test_the_document_is_openapi_3_1_and_its_schemas_are_json_schemas() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    found = [*schemas(DOCUMENT["paths"]), *DOCUMENT["components"]["schemas"].values()]
    assert len(found) > 50
    for schema in found:
        jsonschema_rs.meta.validate(schema)


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert found
    for reference in found:
        node = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(names) > 20
    assert len(set(names)) == len(names)


def test_every_pattern_means_the_same_to_every_client() -> None:
    r"""`\z` and `\A` are Rust's and Python's; in ECMA 262, whose patterns OpenAPI has, they are letters."""
    wrong = [
        schema["pattern"] for schema in _nodes(DOCUMENT) if "\\z" in schema["pattern"] or "\\A" in schema["pattern"]
    ]
    assert wrong == []


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node
        for child in node.values():
            yield from _nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from _nodes(child)


@every_operation
def test_every_refusal_is_documented_as_a_problem(operation: dict[str, Any]) -> None:
    refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
    assert {"401", "403", "422", "500", "503"} <= refusals.keys()
    for told in refusals.values():
        answer = DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]] | told
        assert answer["content"].keys() == {"application/problem+json"}
        assert answer["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert "/problems/" in answer["description"]


@every_operation
def test_every_answer_says_what_it_holds(operation: dict[str, Any]) -> None:
    answers = [
        answer for status, answer in operation["responses"].items() if status.startswith("2") and status != "204"
    ]
    assert answers
    for answer in answers:
        assert answer["content"]
        assert all(media.get("schema") for media in answer["content"].values())


def bodies() -> list[Any]:
    found = []
    for name, operation in operations():
        for media_type, media in operation.get("requestBody", {}).get("content", {}).items():
            if "json" in media_type and "ndjson" not in media_type:
                found.append(pytest.param(media, id=f"{name} {media_type}"))
    return found


@pytest.mark.parametrize("media", bodies())
def test_every_body_has_an_example_that_it_would_take(media: dict[str, Any]) -> None:
    schema = media["schema"]
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    examples = [*schema.get("examples", []), *[named["value"] for named in media.get("examples", {}).values()]]
    assert examples
    for example in examples:
        SHAPES.of(media["schema"]).validate(example)


@pytest.mark.parametrize("media", bodies())
def test_no_body_takes_fields_that_are_not_documented(media: dict[str, Any]) -> None:
    assert not SHAPES.of(media["schema"]).is_valid({"a field that nobody knows": 1})


@every_operation
def test_a_change_that_needs_if_match_says_so(operation: dict[str, Any]) -> None:
    documented = "428" in operation["responses"]
    assert documented == any(parameter["name"] == "if-match" for parameter in operation.get("parameters", []))


def test_the_problem_schema_takes_a_problem_and_not_a_bare_object() -> None:
    good = {"type": "/problems/x", "title": "x", "status": 422, "code": "x", "trace_id": "0"}
    jsonschema_rs.Draft202012Validator(PROBLEM_SCHEMA).validate(good | {"permission": "a:b:c"})
    assert not jsonschema_rs.Draft202012Validator(PROBLEM_SCHEMA).is_valid({})

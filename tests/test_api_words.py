"""The API document teaches: nothing in it is without words, headers, examples; and it says each thing once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from services.chassis.describing.words import read_words
from tests.support.document import DOCUMENT, OPERATIONS, Operation
from tests.support.services import SERVICES
from tests.support.shapes import Shapes
from tools.api_document import event_document

ROOT = Path(__file__).parents[1]
COMPONENTS = DOCUMENT["components"]


def shared(told: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to; what stands beside the reference goes before."""
    if "$ref" not in told:
        return told
    _, _, kind, name = told["$ref"].split("/")
    found: dict[str, Any] = COMPONENTS[kind][name]
    return shared(found) | {key: value for key, value in told.items() if key != "$ref"}


def properties(schema: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a schema and of whatever stands in it."""
    if isinstance(schema, list):
        for each in schema:
            yield from properties(each, at)
    elif isinstance(schema, dict):
        for name, told in schema.get("properties", {}).items():
            yield f"{at}.{name}", told
            yield from properties(told, f"{at}.{name}")
        for key in ("items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems"):
            yield from properties(schema.get(key), at)


def successes() -> Iterator[tuple[str, Operation, dict[str, Any]]]:
    for operation in OPERATIONS:
        for status, told in operation.told["responses"].items():
            if status < "400":
                yield status, operation, told


def of(operation: Operation) -> str:
    return str(operation.told["operationId"])


def test_every_property_is_described() -> None:
    found = [each for name, schema in COMPONENTS["schemas"].items() for each in properties(schema, name)]
    assert len(found) > 4000
    assert [at for at, told in found if not told.get("description")] == []


def test_every_parameter_is_described() -> None:
    bare = [
        (of(operation), each["name"])
        for operation in OPERATIONS
        for each in operation.told.get("parameters", [])
        if not each.get("description")
    ]
    assert bare == []


def test_where_an_id_is_found_is_said_of_each_in_an_address() -> None:
    """No example can have the ids of a platform: they are looked up, where the document says."""
    told = {
        (operation.path, each["name"]): each["description"]
        for operation in OPERATIONS
        for each in operation.told.get("parameters", [])
        if each["in"] == "path" and each["name"].endswith("_id")
    }
    assert len(told) > 300
    assert [place for place, words in told.items() if ";" not in words] == []
    lists = {address for words in told.values() for address in re.findall(r"`GET (/v1/[^`]+)`", words)}
    paths = {operation.path for operation in OPERATIONS if operation.method == "get"}
    assert sorted(lists - paths) == []


def test_where_an_id_is_found_is_said_of_those_in_bodies_too() -> None:
    """What the documentation page fills them in from; of its own parts a body says where they are."""
    told = {
        at: each["description"]
        for name in COMPONENTS["schemas"]
        for at, each in properties(COMPONENTS["schemas"][name], name)
    }
    lists = {address for words in told.values() for address in re.findall(r"`GET (/v1/[^`]+)`", words)}
    assert sorted(lists - {operation.path for operation in OPERATIONS if operation.method == "get"}) == []
    referring = {
        "ScreeningCreate.institution_id",
        "CaseCreate.person_id",
        "GuardianshipCreate.child_id",
        "TraineeCreate.site_id",
    }
    assert {at for at in referring if "`GET /v1/" not in told[at]} == set()


def test_every_operation_and_every_success_is_named_in_words() -> None:
    for operation in OPERATIONS:
        words = of(operation).replace("_", " ")
        assert operation.told["summary"].lower() != words, "that is the name of a function"
        assert len(operation.told["summary"]) <= 100
    unnamed = [
        of(operation) for _, operation, told in successes() if told["description"] in {"", "OK", "Successful Response"}
    ]
    assert unnamed == []


def test_tags_are_described_and_stand_in_the_order_of_work() -> None:
    described = {tag["name"]: tag.get("description") for tag in DOCUMENT["tags"]}
    assert all(described.values())
    used = {tag for operation in OPERATIONS for tag in operation.told["tags"]}
    assert used == described.keys()
    groups = {group["name"]: group["tags"] for group in DOCUMENT["x-tagGroups"]}
    assert sorted(tag for tags in groups.values() for tag in tags) == sorted(used)
    # Somebody begins with the territory, then institutions, what they offer, and who works together.
    ordered = [tag.partition(".")[2] for tag in groups["registry"]]
    steps = ["territories", "institutions", "support-services", "agreements", "networks", "events"]
    assert [tag for tag in ordered if tag in steps] == steps


def test_no_schema_is_named_after_a_module_or_a_framework() -> None:
    assert [name for name in COMPONENTS["schemas"] if not re.fullmatch("[A-Z][A-Za-z0-9]+", name)] == []
    titles = [
        at for name, schema in COMPONENTS["schemas"].items() for at, told in properties(schema, name) if "title" in told
    ]
    assert titles == []


def test_a_refusal_is_shared_and_never_repeated() -> None:
    repeated = [
        (of(operation), status)
        for operation in OPERATIONS
        for status, told in operation.told["responses"].items()
        if status >= "400" and "$ref" not in told and set(told["content"]) <= {"application/problem+json"}
    ]
    assert repeated == []


def test_headers_are_declared_where_they_go() -> None:
    """That they are sent is seen where the examples are, at the demo."""
    for operation in OPERATIONS:
        for status, answer in operation.told["responses"].items():
            told = shared(answer)
            headers = {name: shared(header) for name, header in told.get("headers", {}).items()}
            assert all(header["description"] for header in headers.values())
            assert ("Retry-After" in headers) == (status in {"429", "503"})
            keyed = operation.takes("idempotency-key") and status.startswith("2")
            assert ("Idempotency-Replayed" in headers) == keyed, of(operation)
            if status in {"202", "304"}:
                assert "ETag" in headers, of(operation)
            if "Location" in headers:
                assert status in {"201", "202"}
            # A bundle of FHIR has its links in itself.
            if operation.takes("cursor") and status == "200" and "/fhir/" not in operation.path:
                assert "Link" in headers, of(operation)


JSON = ("application/json", "application/fhir+json")
WITHOUT = {"get_definition_schema": "what it answers is a JSON Schema, whose references are its own"}


def test_every_request_and_every_answer_in_json_has_an_example_that_fits() -> None:
    shapes = Shapes(COMPONENTS)
    for operation in OPERATIONS:
        for kind, media in operation.told.get("requestBody", {}).get("content", {}).items():
            if kind in JSON:
                assert {"example", "examples"} & (media.keys() | shared(media["schema"]).keys()), of(operation)
    for _, operation, told in successes():
        for kind in JSON:
            media = told.get("content", {}).get(kind)
            if media is None or of(operation) in WITHOUT:
                continue
            assert media.get("examples"), of(operation)
            for example in media["examples"].values():
                assert shapes.of(media["schema"]).is_valid(shared(example)["value"]), of(operation)


@pytest.mark.parametrize("service", SERVICES)
def test_words_are_of_something_and_the_same_word_means_the_same(service: str) -> None:
    own = read_words(ROOT / "services" / service / "words.txt")
    for other in SERVICES:
        words = read_words(ROOT / "services" / other / "words.txt")
        alike = {name for name in own.keys() & words.keys() if name[0] not in "[!" and "." not in name}
        assert [name for name in alike if own[name] != words[name]] == []
    said = json_text(service)
    schemas = {name.partition(".")[0] for name in own if "." in name and name[0].isupper()}
    assert [name for name in schemas if name not in said] == []


def json_text(service: str) -> str:
    return (ROOT / f"docs/api/{service}.json").read_text(encoding="utf-8")


def test_the_catalogue_of_events_tells_the_feeds_as_they_are() -> None:
    told = event_document()
    assert told["asyncapi"].startswith("3.")
    assert {channel["address"] for channel in told["channels"].values()} == {f"/v1/{name}/events" for name in SERVICES}
    messages = told["components"]["messages"]
    assert len(messages) > 300
    for channel in told["channels"].values():
        assert channel["messages"]
        assert [each["$ref"].rpartition("/")[2] for each in channel["messages"].values()] == list(channel["messages"])
    for name, message in messages.items():
        assert message["summary"].endswith(".")
        jsonschema_rs.meta.validate(message["payload"])
        assert "`" in message["description"], f"{name} is shown to nobody"

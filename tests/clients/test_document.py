"""What the document for generators says, and what it leaves out."""

from typing import Any

import pytest

from tools.clients.document import codes, prepared
from tools.clients.python_operations import modules

Json = dict[str, Any]
ANSWER = {"schema": {"$ref": "#/components/schemas/services__registry__lanterns__Lantern"}}
REFUSED = {"description": "`/problems/lantern-out` It is out."}


@pytest.fixture
def document() -> Json:
    """A lantern that can be read as JSON or as a picture, and put out."""
    read = {
        "operationId": "get_lantern",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "lit", "in": "query", "schema": {"anyOf": [{"type": "boolean"}, {"type": "null"}]}},
            {"name": "format", "in": "query", "schema": {"enum": ["svg"], "type": "string"}},
        ],
        "responses": {"200": {"content": {"application/json": ANSWER, "image/svg+xml": {"schema": {}}}}},
    }
    put_out = {
        "operationId": "put_out",
        "parameters": [{"name": "if-match", "in": "header", "required": False, "schema": {"type": "string"}}],
        "responses": {"204": {}, "409": {"$ref": "#/components/responses/Refused409"}, "428": {}},
    }
    lamps = {"type": "object", "patternProperties": {"^[a-z]$": {"type": "integer"}}, "title": "Lamps"}
    lantern = {"type": "object", "properties": {"title": {"type": "string"}, "lamps": lamps}}
    schemas = {"services__registry__lanterns__Lantern": lantern, "Problem": {"type": "object"}}
    return {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/v1/registry/lanterns/{id}": {"get": read, "delete": put_out}},
        "components": {"schemas": schemas, "responses": {"Refused409": REFUSED}},
    }


def test_refusals_become_one_type_and_their_codes_are_kept(document: Json) -> None:
    made = prepared(document)["paths"]["/v1/registry/lanterns/{id}"]
    assert [*made["delete"]["responses"]] == ["204", "default"]
    assert codes(document) == ["lantern_out"]


def test_what_is_absent_is_not_null_and_what_is_refused_without_is_needed(document: Json) -> None:
    made = prepared(document)["paths"]["/v1/registry/lanterns/{id}"]
    assert made["get"]["parameters"][1]["schema"] == {"type": "boolean"}
    assert made["delete"]["parameters"][0]["required"] is True


def test_a_schema_is_named_in_one_word_and_a_property_may_be_called_title(document: Json) -> None:
    lantern = prepared(document)["components"]["schemas"]["Lantern"]
    assert lantern["properties"]["title"] == {"type": "string"}
    assert lantern["properties"]["lamps"] == {"type": "object", "additionalProperties": {"type": "integer"}}


def test_json_and_file_of_one_address_are_two_methods(document: Json) -> None:
    text = modules(prepared(document))["registry"]
    assert "def get_lantern(self, id: str, *, lit: bool | None = None) -> Answer[models.Lantern]:" in text
    picture = "def get_lantern_file(self, id: str, *, lit: bool | None = None, format: Literal['svg'] | None = None, "
    assert f"{picture}accept: Literal['image/svg+xml'] | None = None) -> File:" in text
    assert "def put_out(self, *, if_match: str) -> Answer[None]:" in text

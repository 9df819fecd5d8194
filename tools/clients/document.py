"""The API document as generators of clients read it best: the same contract, without what would only repeat itself.

Nothing is added that the document does not say. What an operation refuses is one type; what is a file is bytes;
a parameter that is not given is left out, so none is null; a shape that stands inside an operation gets a name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

VERBS = ("get", "post", "put", "patch", "delete")
REFERENCE = "#/components/schemas/"
JSON = "application/json"
SLUG = re.compile(r"`/problems/([a-z0-9-]+)`")
# Read by people and validators; generators would make comments, names or defaults of them.
UNREAD = {"title", "examples", "example", "default", "discriminator"}


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation with its path and its verb."""
    for path, item in document["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield path, verb, item[verb]


def codes(document: Json) -> list[str]:
    """The code of every refusal that the document names."""
    answers = [*document["components"].get("responses", {}).values()]
    for _, _, operation in operations(document):
        answers += operation["responses"].values()
    texts = (answer.get("description", "") for answer in answers)
    return sorted({slug.replace("-", "_") for text in texts for slug in SLUG.findall(text)})


def prepared(document: Json) -> Json:
    """The document that clients are generated from."""
    names = _names(list(document["components"]["schemas"]))
    schemas = {names[name]: _schema(each, names) for name, each in document["components"]["schemas"].items()}
    paths: Json = {}
    for path, verb, operation in operations(document):
        paths.setdefault(path, {})[verb] = _operation(operation, document, names, schemas)
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _names(given: list[str]) -> dict[str, str]:
    """A name in one word for each schema: without the module where it is written, as far as that stays unique."""
    short = {name: _word(name.rpartition("__")[2]) for name in given}
    often = Counter(short.values())
    parts = {name: name.replace("services__", "").split("__") for name in given}
    return {name: word if often[word] == 1 else _word("_".join(parts[name])) for name, word in short.items()}


def _word(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def _schema(node: Any, names: dict[str, str]) -> Any:
    """A schema with references by the new names, and only what a type is made of."""
    if isinstance(node, list):
        return [_schema(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": REFERENCE + names[node["$ref"].removeprefix(REFERENCE)]}
    kept = {key: each for key, each in node.items() if key not in UNREAD}
    if "properties" in kept:
        # A property may have any of these names itself.
        kept["properties"] = {name: _schema(each, names) for name, each in kept["properties"].items()}
    rest = {key: _schema(each, names) for key, each in kept.items() if key != "properties"}
    return _mapped(rest | ({"properties": kept["properties"]} if "properties" in kept else {}))


def _mapped(schema: Json) -> Json:
    """Keys by a pattern are a map: neither generator reads patterns of keys."""
    patterns = schema.pop("patternProperties", None)
    if patterns:
        values = list(patterns.values())
        schema["additionalProperties"] = values[0] if len(values) == 1 else {"anyOf": values}
    return schema


def _operation(operation: Json, document: Json, names: dict[str, str], schemas: Json) -> Json:
    answers = {status: _resolved(answer, document) for status, answer in operation["responses"].items()}
    title = _word(operation["operationId"])
    made: Json = {key: operation[key] for key in ("operationId", "summary", "description", "tags") if key in operation}
    parameters = [_parameter(each, names, "428" in answers) for each in operation.get("parameters", [])]
    made["parameters"] = [each for each in parameters if each["name"] != "last-event-id"]
    if "requestBody" in operation:
        body = operation["requestBody"]
        content = _content(body["content"], names, schemas, f"{title}Body")
        made["requestBody"] = {"required": body.get("required", False), "content": content}
    made["responses"] = {
        status: _answer(answer, names, schemas, f"{title}Answer")
        for status, answer in answers.items()
        if status.startswith("2")
    }
    problem = {"application/problem+json": {"schema": {"$ref": f"{REFERENCE}Problem"}}}
    made["responses"]["default"] = {"description": "refused", "content": problem}
    return made


def _resolved(answer: Json, document: Json) -> Json:
    if "$ref" not in answer:
        return answer
    found: Json = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


def _parameter(parameter: Json, names: dict[str, str], needs_match: bool) -> Json:
    """A parameter that is absent is not sent, so none is null; If-Match is needed where its absence is refused."""
    schema = _schema(parameter["schema"], names)
    choices = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if choices:
        schema = choices[0] if len(choices) == 1 else {"anyOf": choices}
    matching = parameter["name"].lower() == "if-match"
    required = parameter.get("required", False) or (matching and needs_match)
    # The client sends a key of its own with every POST.
    required = required and parameter["name"].lower() != "idempotency-key"
    kept = {"name": parameter["name"], "in": parameter["in"], "required": required, "schema": schema}
    return kept | ({"description": parameter["description"]} if parameter.get("description") else {})


def _answer(answer: Json, names: dict[str, str], schemas: Json, title: str) -> Json:
    made: Json = {"description": answer.get("description", "")}
    if "content" in answer:
        made["content"] = _content(answer["content"], names, schemas, title)
    return made


def _content(content: Json, names: dict[str, str], schemas: Json, title: str) -> Json:
    """JSON under one name, with its shape; everything else is a file."""
    made: Json = {}
    for kind, media in content.items():
        if kind == "application/fhir+json":
            # The same resource under the name that FHIR has for it.
            made.setdefault(JSON, {"schema": _named(media, names, schemas, title)})
        elif kind == JSON:
            made[JSON] = {"schema": _named(media, names, schemas, title)}
        elif kind == "application/x-www-form-urlencoded":
            made[kind] = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
        else:
            made[kind] = {"schema": {"type": "string", "format": "binary"}}
    return made


def _named(media: Json, names: dict[str, str], schemas: Json, title: str) -> Json:
    schema: Json = _schema(media.get("schema", {}), names)
    if schema.get("type") != "object" or not schema.get("properties"):
        return schema
    schemas[title] = schema
    return {"$ref": REFERENCE + title}

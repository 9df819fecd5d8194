"""The API document prepared for generators of clients: the same contract without repetitions.

No fact is added to the contract. All errors of an operation are one type; a file is bytes; an absent parameter is left
out, so no parameter is null; a schema inside an operation gets a name.
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
# For people and validators only: generators would make comments, names or defaults of them.
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
    schemas = {names[name]: _schema(schema, names) for name, schema in document["components"]["schemas"].items()}
    paths: Json = {}
    for path, verb, operation in operations(document):
        paths.setdefault(path, {})[verb] = _operation(operation, document, names, schemas)
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _names(schema_names: list[str]) -> dict[str, str]:
    """A name in one word for each schema: without the module of its class, where that stays unique."""
    short = {name: _word(name.rpartition("__")[2]) for name in schema_names}
    counts = Counter(short.values())
    parts = {name: name.replace("services__", "").split("__") for name in schema_names}
    return {name: word if counts[word] == 1 else _word("_".join(parts[name])) for name, word in short.items()}


def _word(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def _schema(node: Any, names: dict[str, str]) -> Any:
    """A schema with references by the new names, and only the members that make a type."""
    if isinstance(node, list):
        return [_schema(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": REFERENCE + names[node["$ref"].removeprefix(REFERENCE)]}
    members = {key: member for key, member in node.items() if key not in UNREAD}
    if "properties" in members:
        # Apart from the other members: a property may itself have one of the names in UNREAD.
        members["properties"] = {name: _schema(value, names) for name, value in members["properties"].items()}
    rest = {key: _schema(member, names) for key, member in members.items() if key != "properties"}
    return _with_map(rest | ({"properties": members["properties"]} if "properties" in members else {}))


def _with_map(schema: Json) -> Json:
    """The schema with `patternProperties` as a map: neither generator reads patterns of keys."""
    patterns = schema.pop("patternProperties", None)
    if patterns:
        values = list(patterns.values())
        schema["additionalProperties"] = values[0] if len(values) == 1 else {"anyOf": values}
    return schema


def _operation(operation: Json, document: Json, names: dict[str, str], schemas: Json) -> Json:
    answers = {status: _resolved(answer, document) for status, answer in operation["responses"].items()}
    title = _word(operation["operationId"])
    result: Json = {
        key: operation[key] for key in ("operationId", "summary", "description", "tags") if key in operation
    }
    parameters = [_parameter(parameter, names, "428" in answers) for parameter in operation.get("parameters", [])]
    result["parameters"] = [parameter for parameter in parameters if parameter["name"] != "last-event-id"]
    if "requestBody" in operation:
        body = operation["requestBody"]
        content = _content(body["content"], names, schemas, f"{title}Body")
        result["requestBody"] = {"required": body.get("required", False), "content": content}
    result["responses"] = {
        status: _answer(answer, names, schemas, f"{title}Answer")
        for status, answer in answers.items()
        if status.startswith("2")
    }
    problem = {"application/problem+json": {"schema": {"$ref": f"{REFERENCE}Problem"}}}
    result["responses"]["default"] = {"description": "refused", "content": problem}
    return result


def _resolved(answer: Json, document: Json) -> Json:
    if "$ref" not in answer:
        return answer
    target: Json = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return target


def _parameter(parameter: Json, names: dict[str, str], needs_match: bool) -> Json:
    """A parameter without null, since an absent one is not sent; If-Match is required where its absence is refused."""
    schema = _schema(parameter["schema"], names)
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if choices:
        schema = choices[0] if len(choices) == 1 else {"anyOf": choices}
    is_if_match = parameter["name"].lower() == "if-match"
    required = parameter.get("required", False) or (is_if_match and needs_match)
    # The client sends a key of its own with every POST.
    required = required and parameter["name"].lower() != "idempotency-key"
    result = {"name": parameter["name"], "in": parameter["in"], "required": required, "schema": schema}
    return result | ({"description": parameter["description"]} if parameter.get("description") else {})


def _answer(answer: Json, names: dict[str, str], schemas: Json, title: str) -> Json:
    result: Json = {"description": answer.get("description", "")}
    if "content" in answer:
        result["content"] = _content(answer["content"], names, schemas, title)
    return result


def _content(content: Json, names: dict[str, str], schemas: Json, title: str) -> Json:
    """The content with JSON under one media type, and everything else but a form as a file."""
    result: Json = {}
    for kind, media in content.items():
        if kind == "application/fhir+json":
            # The same resource under FHIR's own media type.
            result.setdefault(JSON, {"schema": _with_name(media, names, schemas, title)})
        elif kind == JSON:
            result[JSON] = {"schema": _with_name(media, names, schemas, title)}
        elif kind == "application/x-www-form-urlencoded":
            result[kind] = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
        else:
            result[kind] = {"schema": {"type": "string", "format": "binary"}}
    return result


def _with_name(media: Json, names: dict[str, str], schemas: Json, title: str) -> Json:
    schema: Json = _schema(media.get("schema", {}), names)
    if schema.get("type") != "object" or not schema.get("properties"):
        return schema
    schemas[title] = schema
    return {"$ref": REFERENCE + title}

"""The operations of a service as methods of a Python class, with the types of parameters and answers."""

import keyword
import re
from collections import defaultdict
from collections.abc import Iterator
from textwrap import dedent, indent
from typing import Any

from tools.clients.document import JSON, REFERENCE, Json, operations

HEAD = '''"""Generated from the API document by `make clients`; not to be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from splot_client.answers import Answer, File, Page
from splot_client.calls import Calls
from splot_client.generated import models


class {name}:
    """The operations of {service}."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
'''
PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "Mapping[str, Any]",
}
# Query parameters that ask for a file instead of JSON.
OF_FILES = {"format", "dialect"}
FORM = "application/x-www-form-urlencoded"


def modules(document: Json) -> dict[str, str]:
    """The text of a module for each service."""
    methods: dict[str, list[str]] = defaultdict(list)
    for path, verb, operation in operations(document):
        methods[path.split("/")[2]] += _methods(path, verb, operation, document)
    return {
        service: HEAD.format(name=service.title(), service=service) + "\n" + "\n".join(texts)
        for service, texts in sorted(methods.items())
    }


def facade(services: list[str], with_feed: list[str]) -> str:
    """The module of `Services`, with an attribute for each service, and the names of services with an event feed."""
    imports = "".join(f"from splot_client.generated.{name} import {name.title()}\n" for name in services)
    assignments = "".join(f"        self.{name} = {name.title()}(calls)\n" for name in services)
    return (
        '"""Generated from the API document by `make clients`; not to be edited."""\n\n'
        "from typing import Literal, TypeAlias\n\n"
        "from splot_client.calls import Calls\n"
        f"{imports}\nServiceWithEvents: TypeAlias = {_literal(with_feed)}\n\n\nclass Services:\n"
        '    """Every service of the platform."""\n\n'
        "    def __init__(self, calls: Calls) -> None:\n"
        f"{assignments}"
    )


def _methods(path: str, verb: str, operation: Json, document: Json) -> Iterator[str]:
    """One method for JSON, and one for the files of the same path."""
    content = _content(operation)
    files = sorted(kind for kind in content if kind != JSON)
    if JSON in content or not files:
        answer = _json_type(content, document)
        yield _method(path, verb, operation, answer, files, as_file=False)
    if files:
        yield _method(path, verb, operation, "File", files, as_file=True)


def _content(operation: Json) -> Json:
    content: Json = {}
    for status, answer in operation["responses"].items():
        if status != "default":
            content |= answer.get("content", {})
    return content


def _json_type(content: Json, document: Json) -> str:
    """`Answer[…]`; a list is a page of its items."""
    if JSON not in content:
        return "Answer[None]"
    schema = content[JSON]["schema"]
    name = schema.get("$ref", "").removeprefix(REFERENCE)
    properties = document["components"]["schemas"].get(name, {}).get("properties", {})
    if {"items", "next_cursor"} <= properties.keys() and name != "EventFeed":
        return f"Answer[Page[{_type(properties['items']['items'])}]]"
    return f"Answer[{_type(schema)}]"


def _method(path: str, verb: str, operation: Json, answer: str, files: list[str], *, as_file: bool) -> str:
    name = operation["operationId"] + ("_file" if as_file and JSON in _content(operation) else "")
    sorts = {kind: _parameters(operation, kind) for kind in ("path", "query", "header")}
    if files and not as_file:
        sorts["query"] = [parameter for parameter in sorts["query"] if parameter["name"] not in OF_FILES]
    body, body_kind = _body(operation)
    positional = [f"{_name(parameter)}: {_type(parameter['schema'])}" for parameter in sorts["path"]]
    positional += [f"body: {body}"] if body else []
    keywords = [_argument(parameter) for parameter in (*sorts["query"], *sorts["header"])]
    if body_kind and body_kind not in {JSON, FORM}:
        keywords.append(f"content_type: {body_kind}")
    if as_file:
        keywords.append(f"accept: {_literal(files)} | None = None")
    # Required arguments come before optional ones.
    keywords.sort(key=lambda text: text.endswith(" = None"))
    arguments = ", ".join(["self", *positional, *(["*", *keywords] if keywords else [])])
    text = f"async def {name}({arguments}) -> {answer}:\n"
    text += indent(_docstring(operation), "    ")
    call = _call(path, verb, sorts, body_kind, as_file=as_file)
    text += f"    return await self._calls.{'file' if as_file else 'json'}({call})\n"
    return indent(text, "    ")


def _call(path: str, verb: str, sorts: dict[str, list[Json]], body_kind: str | None, *, as_file: bool) -> str:
    parts = [repr(verb.upper()), f"f{path!r}" if sorts["path"] else repr(path)]
    for parameter in sorts["path"]:
        placeholder = "{" + parameter["name"] + "}"
        parts[1] = parts[1].replace(placeholder, "{self._calls.quoted(" + _name(parameter) + ")}")
    for kind in ("query", "header"):
        if sorts[kind]:
            pairs = ", ".join(f"{parameter['name']!r}: {_name(parameter)}" for parameter in sorts[kind])
            parts.append(f"{kind}={{{pairs}}}")
    if body_kind:
        parts.append("body=body")
    if body_kind == FORM:
        parts.append(f"content_type={FORM!r}")
    elif body_kind not in {None, JSON}:
        parts.append("content_type=content_type")
    parts += ["accept=accept"] if as_file else []
    return ", ".join(parts)


def _parameters(operation: Json, kind: str) -> list[Json]:
    return [parameter for parameter in operation["parameters"] if parameter["in"] == kind]


def _argument(parameter: Json) -> str:
    text = f"{_name(parameter)}: {_type(parameter['schema'])}"
    return text if parameter["required"] else f"{text} | None = None"


def _name(parameter: Json) -> str:
    name = re.sub(r"\W", "_", parameter["name"]).lower()
    return f"{name}_" if keyword.iskeyword(name) or name == "self" else name


def _body(operation: Json) -> tuple[str | None, str | None]:
    """The type of a body and its kind: JSON, a form, or the literal kinds of files."""
    if "requestBody" not in operation:
        return None, None
    content = operation["requestBody"]["content"]
    if JSON in content:
        kind, body = JSON, _type(content[JSON]["schema"])
    elif FORM in content:
        kind, body = FORM, "Mapping[str, str]"
    else:
        kind, body = _literal(sorted(content)), "bytes"
    return (body if operation["requestBody"]["required"] else f"{body} | None = None"), kind


def _literal(values: list[Any]) -> str:
    return f"Literal[{', '.join(map(repr, values))}]"


def _type(schema: Json) -> str:
    """A schema of a parameter, a body or an answer as an annotation."""
    if "$ref" in schema:
        return f"models.{schema['$ref'].removeprefix(REFERENCE)}"
    if "enum" in schema:
        return _literal(schema["enum"])
    if "const" in schema:
        return _literal([schema["const"]])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    if schema.get("type") == "array":
        return f"Sequence[{_type(schema.get('items', {}))}]"
    return PLAIN.get(schema.get("type", ""), "Any")


def _docstring(operation: Json) -> str:
    text = dedent(operation.get("description") or operation.get("summary") or "").strip().replace("\\", "\\\\")
    return f'"""{text}"""\n'.replace('""""', '" """') if "\n" not in text else f'"""{text}\n"""\n'

"""Names of schemas that every language can write; titles that repeat a name removed."""

import re
from typing import Any

Json = dict[str, Any]
# As pydantic names a model of another: `Page_Site_`.
_OF_ANOTHER = re.compile(r"^([A-Za-z]+)_(\w+)_$")
# Below these stands a value and no schema: a `title` in it is data.
VALUES = frozenset({"const", "default", "enum", "example", "examples"})


def plain_names(document: Json) -> Json:
    """The document with its schemas named by words alone, without titles."""
    schemas = document.get("components", {}).get("schemas", {})
    names = _names(schemas)
    plain: Json = _plainly(document, _references(names))
    if schemas:
        plain["components"]["schemas"] = {
            names[name]: schema
            for name, schema in plain["components"]["schemas"].items()
        }
    # The document's own title, in `info`, stays.
    return plain | {"info": document["info"]}


def _names(schemas: Json) -> dict[str, str]:
    """Plain names. A model with equal schemas for input and output has one name."""
    alike = {name.removesuffix("-Input") for name in schemas if name.endswith("-Input")}
    while True:
        names = {
            name: _plain(name.removesuffix("-Input") if name[:-6] in alike else name)
            for name in schemas
        }
        references = _references(names)
        differing = {
            name
            for name in alike
            if _plainly(schemas[f"{name}-Input"], references)
            != _plainly(schemas[f"{name}-Output"], references)
        }
        if not differing:
            return names
        alike -= differing


def _references(names: dict[str, str]) -> dict[str, str]:
    place = "#/components/schemas/"
    return {place + name: place + plain for name, plain in names.items()}


def _plain(name: str) -> str:
    # A model that is written differently from how it is read has two schemas.
    name = name.removesuffix("-Output").replace("-Input", "Input")
    return _OF_ANOTHER.sub(r"\1Of\2", name)


def _plainly(node: Any, new_references: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_plainly(each, new_references) for each in node]
    if isinstance(node, str):
        return new_references.get(node, node)
    if not isinstance(node, dict):
        return node
    return {
        name: part if name in VALUES else _plainly(part, new_references)
        for name, part in node.items()
        # The framework's titles repeat the names, capitalized.
        if not (name == "title" and isinstance(part, str))
    }

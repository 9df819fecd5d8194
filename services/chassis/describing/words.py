"""What properties and parameters mean, by their names: the same word, the same meaning.

The words of every service are in `words.txt` here, those of one service beside its
`main.py`. A line is `name: meaning`. `Schema.name:` is for one schema alone, `?name:`
for a parameter that narrows a list, `[name]:` for a tag, `>address:` says where to get
the ids that go behind an address without a list, `@name:` which list has the ids that a
property of that name refers to; tags stand in the order of work. `{thing}` and
`{things}` are what the schema is about. A description in the code
(`Field(description=…)`) takes precedence.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Words = Mapping[str, str]

OWN = Path(__file__).with_name("words.txt")
# The last words of a schema's name, after the thing that it is about.
_ENDS = re.compile(
    r"(?<=[a-z])(Read|Create|Created|Update|Summary|Entry|Detail|Detailed|Recorded|Wire|Input|Whole|Issued|List"
    r"|Close|End|Annul|Return|Open|Review|Join|Leave|Add|Propose|Release|Withdraw|Resize"
    r"|Move|Cancel|Hold|Record|Correct|Revoke|Choose|Give|Take|Reschedule|Register)$"
)


def read_words(*files: Path) -> dict[str, str]:
    """The words of these files; a later file replaces those of an earlier one."""
    words: dict[str, str] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            name, separator, meaning = line.partition(": ")
            if separator and not line.startswith("#"):
                words[name] = meaning
    return words


def words_of(file: Path) -> list[Path]:
    """The file of a service's words, if it has one."""
    return [file] if file.exists() else []


def describe(document: Json, words: Words) -> None:
    """Give every property and every parameter without a description its words."""
    for name, schema in document["components"]["schemas"].items():
        for at, property_ in _properties(schema):
            _describe_property(property_, name, at, words)
    lists = {address for address, path in document["paths"].items() if "get" in path}
    for address, path in document["paths"].items():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if not parameter.get("description"):
                    parameter["description"] = _of_parameter(
                        parameter, address, words, lists
                    )


def _describe_property(property_: Json, name: str, at: str, words: Words) -> None:
    meaning = words.get(f"{name}.{at}") or words.get(at)
    if meaning and not property_.get("description"):
        property_["description"] = _about(meaning, thing_of(name))
    if listing := words.get(f"@{name}.{at}") or words.get(f"@{at}"):
        property_["description"] += f"; {_where_listed(listing)}"


def tags_of(document: Json, words: Words) -> list[Json]:
    """The tags in the order of their words, each with its description."""
    tags_used = {
        tag
        for path in document["paths"].values()
        for operation in path.values()
        for tag in operation.get("tags", [])
    }
    descriptions = {
        name[1:-1]: description
        for name, description in words.items()
        if name.startswith("[")
    }
    described_tags = [
        {"name": tag, "description": descriptions[tag]}
        for tag in descriptions
        if tag in tags_used
    ]
    return described_tags + [
        {"name": tag} for tag in sorted(tags_used - descriptions.keys())
    ]


def thing_of(schema: str) -> str:
    """The thing that a schema is about, in words.

    >>> thing_of("SupportServiceRead"), thing_of("PageOfSiteRead"), thing_of("CaseClose")
    ('support service', 'site', 'case')
    """
    name = _ENDS.sub("", schema.removeprefix("PageOf"))
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", name)).lower()


def plural(thing: str) -> str:
    """The plural of a thing.

    >>> plural("body"), plural("site"), plural("status"), plural("day")
    ('bodies', 'sites', 'statuses', 'days')
    """
    if re.search(r"[^aeiou]y$", thing):
        return thing[:-1] + "ies"
    return thing + ("es" if re.search(r"(s|x|ch|sh)$", thing) else "s")


def singular(things: str) -> str:
    """The singular of a thing, as addresses name several of it.

    >>> singular("bodies"), singular("processes")
    ('body', 'process')
    >>> singular("support-services"), singular("analysis")
    ('support service', 'analysis')
    """
    words = things.replace("-", " ").partition(":")[0]
    if words.endswith("ies"):
        return words[:-3] + "y"
    if re.search(r"(ss|x|ch|sh)es$", words):
        return words[:-2]
    return words[:-1] if re.search(r"[^si]s$", words) else words


def _where_listed(listing: str) -> str:
    return f"`GET {listing}` tells of those there are"


def _about(meaning: str, thing: str) -> str:
    return meaning.replace("{things}", plural(thing)).replace("{thing}", thing)


def _of_parameter(parameter: Json, address: str, words: Words, lists: set[str]) -> str:
    name = str(parameter["name"])
    if parameter["in"] != "path":
        return words.get(f"?{name}", "")
    above = address.partition(f"{{{name}}}")[0].rstrip("/")
    before = [part for part in above.split("/") if "{" not in part]
    thing = singular(next(part for part in reversed(before) if part))
    if name.endswith("_id"):
        thing = name.removesuffix("_id").replace("_", " ")
        # No document can know the ids of a platform.
        where = _where_listed(above) if above in lists else words.get(f">{above}", "")
        return f"identifier of the {thing}" + (f"; {where}" if where else "")
    return _about(words.get(f"/{name}") or words.get(name, ""), thing)


def _properties(schema: Json) -> Iterator[tuple[str, Json]]:
    """Every property of a schema, and of the objects in it that have no name."""
    for at, property_ in schema.get("properties", {}).items():
        yield at, property_
        yield from _properties(property_)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            yield from _properties(schema[inner])
    for several in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for each in schema.get(several, []):
            yield from _properties(each)

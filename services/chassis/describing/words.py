"""What properties and parameters mean, by their names: the same word, the same meaning.

`words.txt` here has the words of every service, one beside `main.py` those of its own.
A line is `name: meaning`. `Schema.name:` is of one schema alone, `?name:` of a parameter
that narrows a list, `[name]:` of a tag, `>address:` where the ids are told that go behind
an address without a list, `@name:` which list has the ids that a property of that name
refers to; tags stand in the order of work. `{thing}` and `{things}` are what the schema
is about. Where the code itself says more
(`Field(description=…)`), that is shown.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Words = Mapping[str, str]

OWN = Path(__file__).with_name("words.txt")
# What a name of a schema has at its end beside what it is about.
_ENDS = re.compile(
    r"(?<=[a-z])(Read|Create|Created|Update|Summary|Entry|Detail|Detailed|Recorded|Wire|Input|Whole|Issued|List"
    r"|Close|End|Annul|Return|Open|Review|Join|Leave|Add|Propose|Release|Withdraw|Resize"
    r"|Move|Cancel|Hold|Record|Correct|Revoke|Choose|Give|Take|Reschedule|Register)$"
)


def read_words(*files: Path) -> dict[str, str]:
    """The words of these files; a later file says it anew."""
    words: dict[str, str] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            name, said, meaning = line.partition(": ")
            if said and not line.startswith("#"):
                words[name] = meaning
    return words


def words_of(file: Path) -> list[Path]:
    """The words of a service, where it has some."""
    return [file] if file.exists() else []


def describe(document: Json, words: Words) -> None:
    """Give every property and every parameter without a description its words."""
    for name, schema in document["components"]["schemas"].items():
        for at, told in _properties(schema):
            _describe_property(told, name, at, words)
    listed = {address for address, path in document["paths"].items() if "get" in path}
    for address, path in document["paths"].items():
        for operation in path.values():
            for told in operation.get("parameters", []):
                if not told.get("description"):
                    told["description"] = _of_parameter(told, address, words, listed)


def _describe_property(told: Json, name: str, at: str, words: Words) -> None:
    meaning = words.get(f"{name}.{at}") or words.get(at)
    if meaning and not told.get("description"):
        told["description"] = _about(meaning, thing_of(name))
    if listing := words.get(f"@{name}.{at}") or words.get(f"@{at}"):
        told["description"] += f"; {_told_by(listing)}"


def tags_of(document: Json, words: Words) -> list[Json]:
    """The tags in the order of their words, each with what it is about."""
    used = {
        tag
        for path in document["paths"].values()
        for operation in path.values()
        for tag in operation.get("tags", [])
    }
    descriptions = {
        name[1:-1]: said for name, said in words.items() if name.startswith("[")
    }
    known = [
        {"name": tag, "description": descriptions[tag]}
        for tag in descriptions
        if tag in used
    ]
    return known + [{"name": tag} for tag in sorted(used - descriptions.keys())]


def thing_of(schema: str) -> str:
    """What a schema is about, in words.

    >>> thing_of("SupportServiceRead"), thing_of("PageOfSiteRead"), thing_of("CaseClose")
    ('support service', 'site', 'case')
    """
    name = _ENDS.sub("", schema.removeprefix("PageOf"))
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", name)).lower()


def many(thing: str) -> str:
    """Several of them.

    >>> many("body"), many("site"), many("status"), many("day")
    ('bodies', 'sites', 'statuses', 'days')
    """
    if re.search(r"[^aeiou]y$", thing):
        return thing[:-1] + "ies"
    return thing + ("es" if re.search(r"(s|x|ch|sh)$", thing) else "s")


def one(things: str) -> str:
    """One of several, as addresses name them.

    >>> one("bodies"), one("processes"), one("support-services"), one("analysis")
    ('body', 'process', 'support service', 'analysis')
    """
    words = things.replace("-", " ").partition(":")[0]
    if words.endswith("ies"):
        return words[:-3] + "y"
    if re.search(r"(ss|x|ch|sh)es$", words):
        return words[:-2]
    return words[:-1] if re.search(r"[^si]s$", words) else words


def _told_by(listing: str) -> str:
    return f"`GET {listing}` tells of those there are"


def _about(meaning: str, thing: str) -> str:
    return meaning.replace("{things}", many(thing)).replace("{thing}", thing)


def _of_parameter(told: Json, address: str, words: Words, listed: set[str]) -> str:
    name = str(told["name"])
    if told["in"] != "path":
        return words.get(f"?{name}", "")
    above = address.partition(f"{{{name}}}")[0].rstrip("/")
    before = [part for part in above.split("/") if "{" not in part]
    thing = one(next(part for part in reversed(before) if part))
    if name.endswith("_id"):
        thing = name.removesuffix("_id").replace("_", " ")
        # No document can know the ids of a platform.
        where = _told_by(above) if above in listed else words.get(f">{above}", "")
        return f"identifier of the {thing}" + (f"; {where}" if where else "")
    return _about(words.get(f"/{name}") or words.get(name, ""), thing)


def _properties(schema: Json) -> Iterator[tuple[str, Json]]:
    """Every property of a schema, and of the objects in it that have no name."""
    for at, told in schema.get("properties", {}).items():
        yield at, told
        yield from _properties(told)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            yield from _properties(schema[inner])
    for several in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for each in schema.get(several, []):
            yield from _properties(each)

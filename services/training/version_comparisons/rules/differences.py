"""What differs between two versions of a programme, part by part. Pure."""

from collections.abc import Container, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel

from services.training.programme_versions.rules.content import (
    ModuleContent,
    OutcomeContent,
    TopicContent,
    VersionContent,
)

Value = str | int | None
Key = tuple["Part", str]
SETTINGS = ("group_capacity", "attendance_percent")
_NO_FIELDS = {"code", "id", "number", "topics", "outcomes"}
"""What it is known by, where it stands, and its parts."""


class Part(StrEnum):
    """What of a version differs."""

    SETTING = "setting"
    MODULE = "module"
    TOPIC = "topic"
    OUTCOME = "outcome"


class DifferenceKind(StrEnum):
    """How it differs; `moved` is to another module, or to another place in its own."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Item(NamedTuple):
    """A module, topic or outcome: its fields, its module, its number there.

    A module has no module: its `module` is empty.
    """

    values: Mapping[str, Value]
    module: str
    module_number: int
    number: int


class Difference(NamedTuple):
    """One difference; of what changed, `fields` names the fields."""

    kind: DifferenceKind
    part: Part
    code: str
    before: Item | None
    after: Item | None
    fields: tuple[str, ...] = ()


def items_of(modules: Sequence[ModuleContent]) -> dict[Key, Item]:
    """Everything in the modules, in order, by what it is and its code."""
    found: dict[Key, Item] = {}
    for number, module in enumerate(modules, 1):
        found[Part.MODULE, module.code] = Item(_values_of(module), "", number, number)
        parts: dict[Part, Sequence[TopicContent | OutcomeContent]] = {
            Part.TOPIC: module.topics,
            Part.OUTCOME: module.outcomes,
        }
        for part, contents in parts.items():
            for place, each in enumerate(contents, 1):
                item = Item(_values_of(each), module.code, number, place)
                found[part, each.code] = item
    return found


def _values_of(content: BaseModel) -> dict[str, Value]:
    names = type(content).model_fields
    return {name: getattr(content, name) for name in names if name not in _NO_FIELDS}


def differences(before: VersionContent, after: VersionContent) -> list[Difference]:
    """Every difference: settings, what the newer version holds, what is gone."""
    old, new = items_of(before.modules), items_of(after.modules)
    # By code: a corrected title is a change, and no other module.
    gone = [
        Difference(DifferenceKind.REMOVED, *key, item, None)
        for key, item in old.items()
        if key not in new
    ]
    # Moved and changed are two things to know, so that one item may differ twice.
    staying = _staying(old, new)
    found = list(_of_settings(before, after))
    for key, item in new.items():
        known = old.get(key)
        if known is None:
            found.append(Difference(DifferenceKind.ADDED, *key, None, item))
            continue
        if key not in staying:
            found.append(Difference(DifferenceKind.MOVED, *key, known, item))
        fields = _changed(known.values, item.values)
        if fields:
            changed = DifferenceKind.CHANGED
            found.append(Difference(changed, *key, known, item, fields))
    # Last: the others are read along the newer version.
    return found + gone


def _of_settings(before: VersionContent, after: VersionContent) -> Iterator[Difference]:
    for name in SETTINGS:
        # As items without a place: then a setting is told as everything else is.
        old, new = [
            Item({name: getattr(each, name)}, "", 0, 0) for each in (before, after)
        ]
        if old != new:
            changed, part = DifferenceKind.CHANGED, Part.SETTING
            yield Difference(changed, part, name, old, new, (name,))


def _changed(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[str, ...]:
    return tuple(name for name in after if before[name] != after[name])


def _staying(old: Mapping[Key, Item], new: Mapping[Key, Item]) -> set[Key]:
    """What has not moved: it keeps its module, and its order among what does.

    What is put in front of it or taken away there gives it another number, and does
    not move it.
    """
    kept = {key for key in old.keys() & new if old[key].module == new[key].module}
    staying: set[Key] = set()
    for place in {(part, old[part, code].module) for part, code in kept}:
        before, after = [_in_place(items, place, kept) for items in (old, new)]
        # Without its heuristic, which takes what stands often for noise.
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for start, _, size in matcher.get_matching_blocks():
            staying.update(before[start : start + size])
    return staying


def _in_place(
    items: Mapping[Key, Item], place: tuple[Part, str], kept: Container[Key]
) -> list[Key]:
    """What is kept of one list, in order: all modules, or the topics of one module."""
    return [
        key
        for key, item in items.items()
        if (key[0], item.module) == place and key in kept
    ]

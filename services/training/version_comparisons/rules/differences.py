"""The differences between two versions of a programme, part by part. Pure."""

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
"""Fields that identify a part, its place and its own parts."""


class Part(StrEnum):
    """The part of a version that differs."""

    SETTING = "setting"
    MODULE = "module"
    TOPIC = "topic"
    OUTCOME = "outcome"


class DifferenceKind(StrEnum):
    """The kind of a difference; `moved`: to another module or place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Item(NamedTuple):
    """A module, topic or outcome: its fields, its module, and its number there.

    For a module, `module` is empty.
    """

    values: Mapping[str, Value]
    module: str
    module_number: int
    number: int


class Difference(NamedTuple):
    """One difference; for `changed`, `fields` has the names of the fields."""

    kind: DifferenceKind
    part: Part
    code: str
    before: Item | None
    after: Item | None
    fields: tuple[str, ...] = ()


def items_of(modules: Sequence[ModuleContent]) -> dict[Key, Item]:
    """All modules, topics and outcomes, in order, by part and code."""
    items: dict[Key, Item] = {}
    for number, module in enumerate(modules, 1):
        items[Part.MODULE, module.code] = Item(_values_of(module), "", number, number)
        parts: dict[Part, Sequence[TopicContent | OutcomeContent]] = {
            Part.TOPIC: module.topics,
            Part.OUTCOME: module.outcomes,
        }
        for part, contents in parts.items():
            for place, each in enumerate(contents, 1):
                item = Item(_values_of(each), module.code, number, place)
                items[part, each.code] = item
    return items


def _values_of(content: BaseModel) -> dict[str, Value]:
    names = type(content).model_fields
    return {name: getattr(content, name) for name in names if name not in _NO_FIELDS}


def differences(before: VersionContent, after: VersionContent) -> list[Difference]:
    """All differences: settings, then parts of the newer version, then removed ones."""
    old, new = items_of(before.modules), items_of(after.modules)
    # By code: a corrected title is a change of the same module.
    removed = [
        Difference(DifferenceKind.REMOVED, *key, item, None)
        for key, item in old.items()
        if key not in new
    ]
    # An item may be both moved and changed.
    unmoved = _unmoved(old, new)
    all_differences = list(_of_settings(before, after))
    for key, item in new.items():
        old_item = old.get(key)
        if old_item is None:
            all_differences.append(Difference(DifferenceKind.ADDED, *key, None, item))
            continue
        if key not in unmoved:
            all_differences.append(
                Difference(DifferenceKind.MOVED, *key, old_item, item)
            )
        fields = _changed_fields(old_item.values, item.values)
        if fields:
            changed = DifferenceKind.CHANGED
            all_differences.append(Difference(changed, *key, old_item, item, fields))
    # Removed parts come last: the others are in the order of the newer version.
    return all_differences + removed


def _of_settings(before: VersionContent, after: VersionContent) -> Iterator[Difference]:
    for name in SETTINGS:
        # As items without a place, so that a setting is a difference like others.
        old, new = [
            Item({name: getattr(each, name)}, "", 0, 0) for each in (before, after)
        ]
        if old != new:
            changed, part = DifferenceKind.CHANGED, Part.SETTING
            yield Difference(changed, part, name, old, new, (name,))


def _changed_fields(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[str, ...]:
    return tuple(name for name in after if before[name] != after[name])


def _unmoved(old: Mapping[Key, Item], new: Mapping[Key, Item]) -> set[Key]:
    """The parts that have not moved: in the same module, and in the same order.

    Added or removed parts before them change their number, and do not move them.
    """
    common = {key for key in old.keys() & new if old[key].module == new[key].module}
    unmoved: set[Key] = set()
    for place in {(part, old[part, code].module) for part, code in common}:
        before, after = [_in_place(items, place, common) for items in (old, new)]
        # Without the heuristic, which ignores frequent elements.
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for start, _, size in matcher.get_matching_blocks():
            unmoved.update(before[start : start + size])
    return unmoved


def _in_place(
    items: Mapping[Key, Item], place: tuple[Part, str], common: Container[Key]
) -> list[Key]:
    """The common parts of one list, in order: all modules, or one module's topics."""
    return [
        key
        for key, item in items.items()
        if (key[0], item.module) == place and key in common
    ]

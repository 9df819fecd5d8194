"""What has changed between two versions of a plan, as data. Pure."""

from collections.abc import Hashable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

Fields = Mapping[str, object]
Items = Mapping[str, Fields]
"""The items of a part, by a key that an item keeps from version to version."""


Copied = TypeVar("Copied", bound=Hashable)


class Part(StrEnum):
    """The parts of a plan that versions are compared by."""

    GOALS = "goals"
    RECOMMENDATIONS = "recommendations"
    STEPS = "steps"


class ChangeKind(StrEnum):
    """What has happened to an item."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class FieldChange(NamedTuple):
    """A field of an item before and after; None where it is not there."""

    field: str
    before: object
    after: object


class ItemChange(NamedTuple):
    """What has happened to an item, with the fields in which it differs."""

    part: Part
    key: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...]


def first_of(item: Copied, originals: Mapping[Copied, Copied]) -> Copied:
    """Where the copies of an item began: each version copies from the one before.

    >>> first_of("c", {"c": "b", "b": "a"}), first_of("d", {"c": "b"})
    ('a', 'd')
    """
    while item in originals:
        item = originals[item]
    return item


def differences(
    before: Mapping[Part, Items], after: Mapping[Part, Items]
) -> list[ItemChange]:
    """What makes the later version of the earlier: by part, what was removed last.

    An item that has only moved among the others has not changed: order is a field or it
    is none.
    """
    found: list[ItemChange] = []
    for part in Part:
        found += _of_part(part, before.get(part, {}), after.get(part, {}))
    return found


def _of_part(part: Part, before: Items, after: Items) -> Iterator[ItemChange]:
    # In the order of the later version, which is the one that people look at.
    for key, fields in after.items():
        changes = _of_fields(before.get(key, {}), fields)
        if key not in before:
            yield ItemChange(part, key, ChangeKind.ADDED, changes)
        elif changes:
            yield ItemChange(part, key, ChangeKind.CHANGED, changes)
    for key, fields in before.items():
        if key not in after:
            changes = _of_fields(fields, {})
            yield ItemChange(part, key, ChangeKind.REMOVED, changes)


def _of_fields(before: Fields, after: Fields) -> tuple[FieldChange, ...]:
    # Not a set: the fields stand in the same order each time.
    names = {**after, **before}
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(FieldChange(*each) for each in pairs if each[1] != each[2])

"""The differences between two versions of a plan, as data. Pure."""

from collections.abc import Hashable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

Fields = Mapping[str, object]
Items = Mapping[str, Fields]
"""The items of a part, by a key that stays the same in all versions."""


Copied = TypeVar("Copied", bound=Hashable)


class Part(StrEnum):
    """The parts of a plan that are compared."""

    GOALS = "goals"
    RECOMMENDATIONS = "recommendations"
    STEPS = "steps"


class ChangeKind(StrEnum):
    """How an item differs between the versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class FieldChange(NamedTuple):
    """A field of an item before and after; None where it is missing."""

    field: str
    before: object
    after: object


class ItemChange(NamedTuple):
    """How an item differs between the versions, with the fields that differ."""

    part: Part
    key: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...]


def first_of(item: Copied, originals: Mapping[Copied, Copied]) -> Copied:
    """The first original of a copied item: each version copies from the one before.

    >>> first_of("c", {"c": "b", "b": "a"}), first_of("d", {"c": "b"})
    ('a', 'd')
    """
    while item in originals:
        item = originals[item]
    return item


def differences(
    before: Mapping[Part, Items], after: Mapping[Part, Items]
) -> list[ItemChange]:
    """The differences between an earlier and a later version:
    by part, removed items last.

    An item that has only changed its place has not changed: order counts only if it is
    a field.
    """
    changes: list[ItemChange] = []
    for part in Part:
        changes += _of_part(part, before.get(part, {}), after.get(part, {}))
    return changes


def _of_part(part: Part, before: Items, after: Items) -> Iterator[ItemChange]:
    # In the order of the later version, because that is the one people read.
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
    # A dict and not a set, so that the order of fields is always the same.
    names = {**after, **before}
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(FieldChange(*each) for each in pairs if each[1] != each[2])

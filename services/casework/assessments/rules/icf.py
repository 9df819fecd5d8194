"""Codes and qualifiers of the International Classification of Functioning (ICF). Pure.

WHO, International Classification of Functioning, Disability and Health, 2001, annex 2,
with the version for children and youth of 2007. Only the form of codes is here: titles
and definitions are WHO's and are not shipped,
so a code of the right form may stand for nothing.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from services.casework.cases.rules import Subject


class Component(StrEnum):
    """The first letter of a code."""

    BODY_FUNCTIONS = "b"
    BODY_STRUCTURES = "s"
    ACTIVITIES_AND_PARTICIPATION = "d"
    ENVIRONMENTAL_FACTORS = "e"


class QualifierKind(StrEnum):
    """What a qualifier describes: of b, s and e the extent;
    of d performance and capacity.
    """

    EXTENT = "extent"
    NATURE = "nature"
    LOCATION = "location"
    PERFORMANCE = "performance"
    CAPACITY = "capacity"


NOT_SPECIFIED, NOT_APPLICABLE = "8", "9"
_EXTENTS = frozenset("01234") | {NOT_SPECIFIED, NOT_APPLICABLE}
# No +9: a factor that does not apply is not a facilitator.
_FACILITATORS = frozenset(f"+{extent}" for extent in "012348")
_DIGITS = frozenset("0123456789")

QUALIFIERS: Mapping[Component, Mapping[QualifierKind, frozenset[str]]] = {
    Component.BODY_FUNCTIONS: {QualifierKind.EXTENT: _EXTENTS},
    Component.BODY_STRUCTURES: {
        QualifierKind.EXTENT: _EXTENTS,
        QualifierKind.NATURE: _DIGITS,
        QualifierKind.LOCATION: _DIGITS,
    },
    Component.ACTIVITIES_AND_PARTICIPATION: {
        QualifierKind.PERFORMANCE: _EXTENTS,
        QualifierKind.CAPACITY: _EXTENTS,
    },
    Component.ENVIRONMENTAL_FACTORS: {QualifierKind.EXTENT: _EXTENTS | _FACILITATORS},
}
"""The qualifiers of each component: 0 none to 4 complete; with + a facilitator."""

COMPONENTS_OF: Mapping[Subject, frozenset[Component]] = {
    Subject.CHILD: frozenset(Component),
    Subject.PUPIL: frozenset(Component),
    Subject.FAMILY: frozenset(
        {Component.ACTIVITIES_AND_PARTICIPATION, Component.ENVIRONMENTAL_FACTORS}
    ),
    Subject.ENVIRONMENT: frozenset({Component.ENVIRONMENTAL_FACTORS}),
}
"""The components that apply to each subject, by a rule of the platform: only a child or
pupil has a body.
"""

# The chapters of ICF: eight of b and of s, nine of d, five of e.
_CODE = re.compile(r"(?:[bs][1-8]|d[1-9]|e[1-5])(?:[0-9]{2,4})?", re.ASCII)
_LEVELS = {2: 1, 4: 2, 5: 3, 6: 4}
"""The level of a code by its length: chapters, then categories of 3 to 5 digits."""


class IcfCode(NamedTuple):
    """The parts of a code: `d4501` has component d, chapter d4, level 3."""

    code: str
    component: Component
    chapter: str
    level: int


def parse_code(code: str) -> IcfCode:
    """The parts of a code. Raises ValueError for a text
    that is not in the form of a code.
    """
    if not _CODE.fullmatch(code):
        raise ValueError("not the form of an ICF code")
    return IcfCode(code, Component(code[0]), code[:2], _LEVELS[len(code)])


def is_code(code: str) -> bool:
    """Whether this has the form of a code: b1, b110, b1100, b11420."""
    return _CODE.fullmatch(code) is not None


def broader_codes(code: str) -> list[str]:
    """The broader codes that contain a code, from the nearest up to its chapter."""
    # Called for its ValueError: the slices below would accept any text.
    parse_code(code)
    lengths = sorted(_LEVELS, reverse=True)
    return [code[:length] for length in lengths if length < len(code)]


def entry_errors(
    subject: Subject, code: str, qualifiers: Mapping[QualifierKind, str]
) -> list[tuple[str, str]]:
    """The errors in an entry of an assessment, each as field and error code.

    A code has qualifiers of the kinds of its component, at least one of them.
    """
    if not is_code(code):
        return [("code", "invalid")]
    component = Component(code[0])
    if component not in COMPONENTS_OF[subject]:
        return [("code", "not_allowed")]
    if not qualifiers:
        # ICF: a code without a qualifier has no meaning (annex 2).
        return [("qualifiers", "missing")]
    allowed = QUALIFIERS[component]
    return [
        (kind.value, "invalid" if kind in allowed else "not_allowed")
        for kind, value in qualifiers.items()
        if value not in allowed.get(kind, ())
    ]


def on_scale(qualifier: str) -> int | None:
    """The place of an extent on the scale: problems and barriers down to -4,
    facilitators up to 4.

    None for "not specified" and "not applicable".
    """
    sign = 1 if qualifier.startswith("+") else -1
    digit = qualifier.removeprefix("+")
    return None if digit in {NOT_SPECIFIED, NOT_APPLICABLE} else sign * int(digit)

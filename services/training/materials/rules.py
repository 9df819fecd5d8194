"""What a material is, under which licence, and to which modules it may belong. Pure."""

from collections.abc import Sequence
from enum import StrEnum


class MaterialKind(StrEnum):
    """Handbooks and aids (source 002), tools, what advisers use (source 003)."""

    HANDBOOK = "handbook"
    AID = "aid"
    PRESENTATION = "presentation"
    EXERCISE = "exercise"
    TOOL = "tool"
    ADVISORY = "advisory"


class MaterialUse(StrEnum):
    """Whether it can be used outside the test."""

    REUSABLE = "reusable"
    TEST_ONLY = "test_only"


class Licence(StrEnum):
    """Licences of texts and pictures by SPDX identifier; others are named in words."""

    CC0 = "CC0-1.0"
    CC_BY = "CC-BY-4.0"
    CC_BY_3 = "CC-BY-3.0"
    CC_BY_SA = "CC-BY-SA-4.0"
    CC_BY_SA_3 = "CC-BY-SA-3.0"
    CC_BY_NC = "CC-BY-NC-4.0"
    CC_BY_NC_SA = "CC-BY-NC-SA-4.0"
    CC_BY_ND = "CC-BY-ND-4.0"
    CC_BY_NC_ND = "CC-BY-NC-ND-4.0"
    GFDL = "GFDL-1.3-or-later"


def licence_errors(spdx: Licence | None, name: str | None) -> list[tuple[str, str]]:
    """A material has one licence: by its identifier, or named."""
    if spdx is None and name is None:
        return [("licence_spdx", "missing")]
    return [] if spdx is None or name is None else [("licence_name", "not_allowed")]


def reusable_modules(use: MaterialUse, are_test_specific: Sequence[bool]) -> list[int]:
    """The modules that a material may not belong to, as positions from 0.

    What is for the test alone stays out of what is used outside it (source 002, general
    assumptions, point 4); what is reusable may serve the test as well.
    """
    # One way only: a general handbook serves a module of the test as well.
    if use is MaterialUse.REUSABLE:
        return []
    return [place for place, of_test in enumerate(are_test_specific) if not of_test]

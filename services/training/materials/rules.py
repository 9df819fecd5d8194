"""Kinds, use and licences of materials, and the modules that they may have. Pure."""

from collections.abc import Sequence
from enum import StrEnum


class MaterialKind(StrEnum):
    """Handbooks and aids (source 002), tools and advisory materials (source 003)."""

    HANDBOOK = "handbook"
    AID = "aid"
    PRESENTATION = "presentation"
    EXERCISE = "exercise"
    TOOL = "tool"
    ADVISORY = "advisory"


class MaterialUse(StrEnum):
    """Whether a material may be used outside the test."""

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
    """The errors of a licence: exactly one, by identifier or by name."""
    if spdx is None and name is None:
        return [("licence_spdx", "missing")]
    return [] if spdx is None or name is None else [("licence_name", "not_allowed")]


def reusable_modules(use: MaterialUse, are_test_specific: Sequence[bool]) -> list[int]:
    """The modules to which a material may not belong, as positions from 0.

    Test-only materials stay out of modules that are used outside the test (source 002,
    general assumptions, point 4).
    """
    # A reusable material may also be used in test-specific modules.
    if use is MaterialUse.REUSABLE:
        return []
    return [place for place, of_test in enumerate(are_test_specific) if not of_test]

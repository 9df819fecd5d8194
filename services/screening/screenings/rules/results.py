"""What is read off a result."""

from collections.abc import Mapping
from typing import Any


def bands_of(result: Mapping[str, Any]) -> dict[str, str]:
    """The band of every scale that has one."""
    return {
        scale["code"]: scale["band"]
        for scale in result["scales"]
        if scale["band"] is not None
    }


def is_told_otherwise(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether people would be told something else: another outcome, band or suggestion."""
    same = old["outcome"] == new["outcome"] and old["suggestion"] == new["suggestion"]
    return not same or bands_of(old) != bands_of(new)

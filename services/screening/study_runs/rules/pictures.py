"""The format and the language of a plot.

Without numpy, because the service itself imports this module.
"""

from collections.abc import Mapping
from typing import Any, Literal

from services.chassis.media_types import preferred_type

Picture = Literal["vega-lite", "svg", "png"]
PICTURES: Mapping[str, Picture] = {
    "application/json": "vega-lite",
    "image/svg+xml": "svg",
    "image/png": "png",
}


def chosen_picture(accept: str, format_: Picture | None) -> Picture | None:
    """The format from the parameter, else the one that Accept prefers.

    None when Accept has no supported format.
    """
    if format_ is not None:
        return format_
    kind = preferred_type(accept, [*PICTURES])
    return None if kind is None else PICTURES[kind]


def in_language(part: Any, language: str) -> Any:
    """The document with each text, which it has in both languages, in one language."""
    if isinstance(part, dict):
        if part.keys() == {"pl", "en"}:
            return part[language]
        return {name: in_language(member, language) for name, member in part.items()}
    if isinstance(part, list):
        return [in_language(member, language) for member in part]
    return part

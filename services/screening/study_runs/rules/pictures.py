"""In which form and language a plot leaves.

Light, without numpy: the service itself imports this.
"""

from collections.abc import Mapping
from typing import Any, Literal

Picture = Literal["vega-lite", "svg", "png"]
PICTURES: Mapping[str, Picture] = {
    "application/json": "vega-lite",
    "image/svg+xml": "svg",
    "image/png": "png",
}


def chosen_picture(accept: str, format_: Picture | None) -> Picture | None:
    """The form asked for by parameter or, failing that, first by Accept.

    None when there is no such form.
    """
    if format_ is not None:
        return format_
    for part in (accept or "*/*").lower().split(","):
        kind = part.partition(";")[0].strip()
        if kind in PICTURES:
            return PICTURES[kind]
        if kind in {"*/*", "application/*"}:
            return "vega-lite"
    return None


def in_language(part: Any, language: str) -> Any:
    """A document with each of its texts, which are in both languages, in one of them."""
    if isinstance(part, dict):
        if part.keys() == {"pl", "en"}:
            return part[language]
        return {name: in_language(member, language) for name, member in part.items()}
    if isinstance(part, list):
        return [in_language(member, language) for member in part]
    return part

"""The formats of a profile."""

from collections.abc import Mapping
from enum import StrEnum

from services.chassis.ground.problems import NotAcceptable
from services.chassis.media_types import preferred_type


class Picture(StrEnum):
    """A document that the client draws, or a finished drawing."""

    VEGA_LITE = "vega-lite"
    SVG = "svg"
    PNG = "png"


VEGA_LITE = "application/vnd.vegalite.v6+json"
MEDIA_TYPES: Mapping[Picture, str] = {
    Picture.VEGA_LITE: "application/json",
    Picture.SVG: "image/svg+xml",
    Picture.PNG: "image/png",
}
_ACCEPTED: Mapping[str, Picture] = {
    VEGA_LITE: Picture.VEGA_LITE,
    "application/json": Picture.VEGA_LITE,
    "image/svg+xml": Picture.SVG,
    "image/png": Picture.PNG,
}


def chosen_picture(accept: str, format_: Picture | None) -> Picture:
    """The format from the parameter, else the one that Accept prefers.

    NotAcceptable when Accept has no supported format.
    """
    if format_ is not None:
        return format_
    kind = preferred_type(accept, [*_ACCEPTED])
    if kind is None:
        raise NotAcceptable(available=[*_ACCEPTED])
    return _ACCEPTED[kind]

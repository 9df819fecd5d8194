"""How a profile may be had."""

import re
from collections.abc import Mapping
from enum import StrEnum

from services.chassis.ground.problems import NotAcceptable


class Picture(StrEnum):
    """A document to draw oneself, or a drawing."""

    VEGA_LITE = "vega-lite"
    SVG = "svg"
    PNG = "png"


VEGA_LITE = "application/vnd.vegalite.v5+json"
MEDIA_TYPES: Mapping[Picture, str] = {
    Picture.VEGA_LITE: "application/json",
    Picture.SVG: "image/svg+xml",
    Picture.PNG: "image/png",
}
_ACCEPTED: Mapping[str, Picture] = {
    VEGA_LITE: Picture.VEGA_LITE,
    "application/json": Picture.VEGA_LITE,
    "application/*": Picture.VEGA_LITE,
    "*/*": Picture.VEGA_LITE,
    "image/svg+xml": Picture.SVG,
    "image/*": Picture.SVG,
    "image/png": Picture.PNG,
}


def chosen_picture(accept: str, format_: Picture | None) -> Picture:
    """What is asked for by parameter or, failing that, first by Accept.

    Else NotAcceptable.
    """
    if format_ is not None:
        return format_
    for part in (accept or "*/*").lower().split(","):
        kind = part.partition(";")[0].strip()
        # `q=0` says "anything but this" (RFC 9110, 12.4.2).
        if kind in _ACCEPTED and not re.search(r";\s*q=0(?:\.0*)?\s*$", part):
            return _ACCEPTED[kind]
    raise NotAcceptable(available=[*dict.fromkeys([VEGA_LITE, *MEDIA_TYPES.values()])])

"""A Vega-Lite document becomes an SVG or a PNG, in a drawing process."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import vl_convert

PIXELS_PER_UNIT = 2.0
"""Of a PNG, for each unit of length of the document: sharp on the screens of today."""


def draw(document: bytes, kind: str) -> bytes:
    """The picture of a document, which may not reach for anything outside of itself.

    ValueError where vl-convert cannot draw it.
    """
    text = document.decode()
    # No address is allowed, or a document could have this process fetch it.
    if kind == "png":
        return vl_convert.vegalite_to_png(
            text, scale=PIXELS_PER_UNIT, allowed_base_urls=[]
        )
    svg = vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
    return _described(svg, json.loads(text)).encode()


def _described(svg: str, document: Mapping[str, Any]) -> str:
    """The picture with the document's description, which is read aloud in its place."""
    # Titles are authors' words, and an SVG is XML.
    description = escape(document.get("description", ""))
    # Vega leaves it out of an SVG, and labels axes and marks in English. What is inside
    # of an image is not read.
    accessible = f' role="img"><desc>{description}</desc>'
    return svg.replace(">", accessible, 1) if description else svg

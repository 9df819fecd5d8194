"""A Vega-Lite document becomes an SVG or a PNG, in a drawing process."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import vl_convert

PIXELS_PER_UNIT = 2.0
"""Pixels of a PNG for each unit of length in the document: 2 is sharp on today's screens."""


def draw(document: bytes, kind: str) -> bytes:
    """The picture of a document, which may not load anything from outside.

    ValueError where vl-convert cannot draw it.
    """
    text = document.decode()
    # No URL is allowed: a document could make this process fetch it.
    if kind == "png":
        return vl_convert.vegalite_to_png(
            text, scale=PIXELS_PER_UNIT, allowed_base_urls=[]
        )
    svg = vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
    return _described(svg, json.loads(text)).encode()


def _described(svg: str, document: Mapping[str, Any]) -> str:
    """The picture with the document's description, which a screen reader reads in its place."""
    # Titles are written by authors of instruments and must be escaped: an SVG is XML.
    description = escape(document.get("description", ""))
    # Vega leaves the description out of an SVG, and labels axes and marks in English.
    # Screen readers do not read the inside of an element with the role `img`.
    accessible = f' role="img"><desc>{description}</desc>'
    return svg.replace(">", accessible, 1) if description else svg

"""A PNG from an SVG: by typst, in the one typeface of all documents."""

from functools import cache

import typst

from services.chassis.typesetting.pdfs import only_face

PIXELS_PER_INCH = 192
"""For 72 units of length of the SVG: sharp on screens of today."""
_PAGE = b"""
#set page(width: auto, height: auto, margin: 8pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")
"""


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_PAGE, font_paths=only_face())


def draw(document: bytes, language: str) -> bytes:
    """The PNG of an SVG, for a drawing process; its texts are in the SVG."""
    del language
    inputs = {"svg": document.decode()}
    # The page again each time: a compiler made of bytes loses them after one picture.
    png = _compiler().compile(
        input=_PAGE, sys_inputs=inputs, format="png", ppi=PIXELS_PER_INCH
    )
    if not isinstance(png, bytes):
        raise TypeError("a picture is one page")
    return png

"""A template and its data become a PDF.

PDF/UA-1 for those who read with their ears, PDF/A-2a for the archive.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_source_sans_3
import segno
import typst
from fontTools.ttLib import TTFont

from services.chassis.typesetting.letters import Letters

FACES = fontpkg_source_sans_3.ROOT / "files"
FACE = FACES / "SourceSans3[wght].ttf"
QR_MASK = 2


@cache
def letters() -> Letters:
    """What the face has a picture for."""
    with TTFont(FACE, lazy=True) as face:
        return Letters(frozenset(face.getBestCmap()))


@cache
def _compiler(template: Path, root: Path) -> typst.Compiler:
    """Typst with a template, what lies below `root`, and one typeface.

    Nothing else can be reached from it.
    """
    return typst.Compiler(template, root=root, font_paths=only_face())


def only_face() -> typst.Fonts:
    """The one typeface, whatever this machine has besides."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FACES]
    )


def qr_code(link: str) -> str:
    """An address as a picture (SVG) that telephones read."""
    picture = BytesIO()
    # The best of the eight masks is not worth five times the work: readers take any.
    segno.make_qr(link, error="m", mask=QR_MASK).save(picture, kind="svg", border=4)
    return picture.getvalue().decode()


def compiled(
    template: Path, source: Mapping[str, str], *, root: Path | None = None
) -> bytes:
    """The PDF; the same source gives the same bytes.

    typst.TypstError when what is set does not meet the standards.
    """
    pdf = _compiler(template, root or template.parent).compile(
        sys_inputs=dict(source), format="pdf", pdf_standards=["ua-1", "a-2a"]
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one piece")
    return pdf

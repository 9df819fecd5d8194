"""A PDF from a template and its data.

PDF/UA-1 for screen readers, PDF/A-2a for the archive.
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
    """The letters that the typeface can draw."""
    with TTFont(FACE, lazy=True) as face:
        return Letters(frozenset(face.getBestCmap()))


@cache
def _compiler(template: Path, root: Path) -> typst.Compiler:
    """Typst with a template, the files below `root`, and one typeface.

    It can reach nothing else.
    """
    return typst.Compiler(template, root=root, font_paths=only_face())


def only_face() -> typst.Fonts:
    """The one typeface, whatever else this machine has."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FACES]
    )


def qr_code(link: str) -> str:
    """An address as a picture (SVG) that telephones can read."""
    picture = BytesIO()
    # The best of the eight masks is not worth five times the work: readers take any.
    segno.make_qr(link, error="m", mask=QR_MASK).save(picture, kind="svg", border=4)
    return picture.getvalue().decode()


def compiled(
    template: Path, source: Mapping[str, str], *, root: Path | None = None
) -> bytes:
    """The PDF; the same source gives the same bytes.

    typst.TypstError when the document does not meet the standards.
    """
    pdf = _compiler(template, root or template.parent).compile(
        sys_inputs=dict(source), format="pdf", pdf_standards=["ua-1", "a-2a"]
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one piece")
    return pdf

"""Pages from a template: PDF/UA-1 for those who read with their ears, PDF/A-2a for the archive."""

from functools import cache
from pathlib import Path

import fontpkg_source_sans_3
import typst
from fontTools.ttLib import TTFont

from services.casework.paper.rules.letters import Letters

TEMPLATES = Path(__file__).parents[1]
FACES = fontpkg_source_sans_3.ROOT / "files"
FACE = FACES / "SourceSans3[wght].ttf"


@cache
def letters() -> Letters:
    """What the face has a picture for."""
    with TTFont(FACE, lazy=True) as face:
        return Letters(frozenset(face.getBestCmap()))


@cache
def _compiler(template: Path) -> typst.Compiler:
    """Typst with a template of casework and one family of type; nothing else can be reached from it."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FACES]
    )
    return typst.Compiler(template, root=TEMPLATES, font_paths=fonts)


def compiled(template: Path, source: dict[str, str]) -> bytes:
    """The PDF; the same source gives the same bytes. typst.TypstError when it does not meet the standards."""
    pdf = _compiler(template).compile(
        sys_inputs=source, format="pdf", pdf_standards=["ua-1", "a-2a"]
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one piece")
    return pdf

"""A plan becomes a PDF: PDF/UA-1 for those who read with their ears,
PDF/A-2a for the archive.
"""

from functools import cache
from io import BytesIO
from json import dumps
from pathlib import Path

import fontpkg_source_sans_3
import segno
import typst
from fontTools.ttLib import TTFont

from services.casework.plan_documents.rules.documents import PlanDocument
from services.casework.plan_documents.rules.letters import Letters
from services.casework.plan_documents.rules.views import plan_view
from services.chassis.ground.problems import Language

TEMPLATE = Path(__file__).with_name("plan.typ")
FACES = fontpkg_source_sans_3.ROOT / "files"
FACE = FACES / "SourceSans3[wght].ttf"
QR_MASK = 2


@cache
def letters() -> Letters:
    """What the face has a picture for."""
    with TTFont(FACE, lazy=True) as face:
        return Letters(frozenset(face.getBestCmap()))


@cache
def compiler() -> typst.Compiler:
    """Typst with the template and one family of type;
    nothing else can be reached from it.
    """
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FACES]
    )
    # The root is the template's folder: nothing that people write can read other files.
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


def source_of(document: PlanDocument, language: Language) -> dict[str, str]:
    """What the template asks for: the plan as JSON, the QR code as SVG or nothing."""
    view = plan_view(document, language, letters())
    code = _qr_code(document.link) if document.link else ""
    return {"plan": dumps(view, ensure_ascii=False), "qr": code}


def _qr_code(link: str) -> str:
    picture = BytesIO()
    # The best of the eight masks is not worth five times the work: readers take any.
    segno.make_qr(link, error="m", mask=QR_MASK).save(picture, kind="svg", border=4)
    return picture.getvalue().decode()


def compiled(source: dict[str, str]) -> bytes:
    """The PDF. typst.TypstError when what is set does not meet the standards."""
    # Typst can meet these two together, and no later part of PDF/A beside PDF/UA.
    pdf = compiler().compile(
        sys_inputs=source, format="pdf", pdf_standards=["ua-1", "a-2a"]
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one piece")
    return pdf


def plan_pdf(document: PlanDocument, language: Language) -> bytes:
    """The document of a plan as a PDF; the same plan gives the same bytes."""
    return compiled(source_of(document, language))

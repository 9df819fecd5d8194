"""A plan becomes a PDF."""

from io import BytesIO
from json import dumps
from pathlib import Path

import segno

from services.casework.paper.typesetting import compiled, letters
from services.casework.plan_documents.rules.documents import PlanDocument
from services.casework.plan_documents.rules.views import plan_view
from services.chassis.ground.problems import Language

TEMPLATE = Path(__file__).with_name("plan.typ")
QR_MASK = 2


def source_of(document: PlanDocument, language: Language) -> dict[str, str]:
    """What the template asks for: the plan as JSON, the QR code as SVG or nothing."""
    view = plan_view(document, language, letters())
    code = _qr_code(document.link) if document.link else ""
    return {"document": dumps(view, ensure_ascii=False), "qr": code}


def _qr_code(link: str) -> str:
    picture = BytesIO()
    # The best of the eight masks is not worth five times the work: readers take any.
    segno.make_qr(link, error="m", mask=QR_MASK).save(picture, kind="svg", border=4)
    return picture.getvalue().decode()


def plan_pdf(document: PlanDocument, language: Language) -> bytes:
    """The document of a plan as a PDF; the same plan gives the same bytes."""
    return compiled(TEMPLATE, source_of(document, language))

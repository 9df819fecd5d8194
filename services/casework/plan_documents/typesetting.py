"""Typesets a plan as a PDF."""

from json import dumps
from pathlib import Path

from pydantic import TypeAdapter

from services.casework.paper.typesetting import compiled
from services.casework.plan_documents.rules.documents import PlanDocument
from services.casework.plan_documents.rules.views import plan_view
from services.chassis.ground.problems import Language
from services.chassis.typesetting.pdfs import letters, qr_code

TEMPLATE = Path(__file__).with_name("plan.typ")
PLANS = TypeAdapter(PlanDocument)


def source_of(document: PlanDocument, language: Language) -> dict[str, str]:
    """The template's input: the plan as JSON, and the QR code
    as SVG (empty without a link).
    """
    view = plan_view(document, language, letters())
    code = qr_code(document.link) if document.link else ""
    return {"document": dumps(view, ensure_ascii=False), "qr": code}


def plan_pdf(document: PlanDocument, language: Language) -> bytes:
    """The document of a plan as a PDF; the same plan gives the same bytes."""
    return compiled(TEMPLATE, source_of(document, language))


def draw(document: bytes, language: Language) -> bytes:
    """The PDF of a plan given as JSON; called in a drawing process."""
    return plan_pdf(PLANS.validate_json(document), language)

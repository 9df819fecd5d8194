"""Typesetting of plans as PDFs in separate processes, so that no request waits for the
pages of another.
"""

from pydantic import TypeAdapter

from services.casework.plan_documents.rules.documents import PlanDocument
from services.casework.problems import DocumentUnavailable
from services.chassis.ground.problems import Language
from services.chassis.typesetting.drawing import Drawing

DRAWING = Drawing("services.casework.plan_documents.typesetting", DocumentUnavailable)
_PLANS = TypeAdapter(PlanDocument)


async def draw_plan(document: PlanDocument, language: Language) -> bytes:
    """The document of a plan as a PDF (PDF/UA-1 and PDF/A-2a).

    DocumentUnavailable when the drawing process does not answer.
    """
    return await DRAWING.draw(_PLANS.dump_json(document), language)


async def stop_drawing() -> None:
    """End this loop's drawing processes."""
    await DRAWING.stop()

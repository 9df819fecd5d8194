"""PDFs of results are made in separate processes, so that no request waits for another's page."""

from pydantic import TypeAdapter

from services.chassis.ground.problems import Language
from services.chassis.typesetting.drawing import Drawing
from services.screening.problems import ScreeningDocumentUnavailable
from services.screening.screening_documents.rules.documents import ResultDocument

# The module by its name: only the drawing processes load typst.
DRAWING = Drawing(
    "services.screening.screening_documents.typesetting", ScreeningDocumentUnavailable
)
_RESULTS = TypeAdapter(ResultDocument)


async def draw_result(document: ResultDocument, language: Language) -> bytes:
    """A result as a PDF (PDF/UA-1 and PDF/A-2a).

    ScreeningDocumentUnavailable when the drawing process does not answer.
    """
    return await DRAWING.draw(_RESULTS.dump_json(document), language)


async def stop_drawing() -> None:
    """End the drawing processes of this event loop."""
    await DRAWING.stop()

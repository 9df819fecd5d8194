"""Typesetting the page for parents."""

from json import dumps
from pathlib import Path

from pydantic import TypeAdapter

from services.chassis.ground.problems import Language
from services.chassis.typesetting import pdfs
from services.chassis.typesetting.pdfs import letters
from services.screening.screening_documents.rules.documents import ResultDocument
from services.screening.screening_documents.rules.views import result_view

TEMPLATE = Path(__file__).with_name("result.typ")
_RESULTS = TypeAdapter(ResultDocument)


def result_pdf(document: ResultDocument, language: Language) -> bytes:
    """A result as a PDF; the same result gives the same bytes."""
    # Passed as data, so that texts of instruments' authors are never read
    # as typst markup.
    view = result_view(document, language, letters())
    return pdfs.compiled(TEMPLATE, {"result": dumps(view, ensure_ascii=False)})


def draw(document: bytes, language: Language) -> bytes:
    """The PDF of a result given as JSON; called in a drawing process."""
    return result_pdf(_RESULTS.validate_json(document), language)

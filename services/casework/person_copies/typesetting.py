"""Typesets a copy of a person's data as a PDF."""

from json import dumps
from pathlib import Path

from pydantic_core import from_json

from services.casework.paper.typesetting import compiled
from services.casework.person_copies.rules.views import copy_view
from services.chassis.typesetting.pdfs import letters

TEMPLATE = Path(__file__).with_name("copy.typ")


def copy_pdf(content: bytes) -> bytes:
    """The PDF of a copy, from JSON `{"language": …, "export": …}`."""
    arguments = from_json(content)
    view = copy_view(arguments["export"], arguments["language"], letters())
    return compiled(TEMPLATE, {"document": dumps(view, ensure_ascii=False)})

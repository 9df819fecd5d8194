"""Typesetting with a template of casework; templates may use the shared page layout."""

from pathlib import Path

from services.chassis.typesetting import pdfs

TEMPLATES = Path(__file__).parents[1]


def compiled(template: Path, source: dict[str, str]) -> bytes:
    """The PDF (PDF/UA-1 and PDF/A-2a); typst.TypstError
    where it cannot conform to these.
    """
    return pdfs.compiled(template, source, root=TEMPLATES)

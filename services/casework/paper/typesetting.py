"""Pages from a template of casework, which may use the page that all of them share."""

from pathlib import Path

from services.chassis.typesetting import pdfs

TEMPLATES = Path(__file__).parents[1]


def compiled(template: Path, source: dict[str, str]) -> bytes:
    """The PDF (PDF/UA-1 and PDF/A-2a); typst.TypstError when it cannot be one."""
    return pdfs.compiled(template, source, root=TEMPLATES)

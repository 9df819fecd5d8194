"""Kinds of files that people send, and files that are not of the kind named. Pure."""

import re
import zipfile
from enum import StrEnum
from io import BytesIO
from typing import NamedTuple


class MediaType(StrEnum):
    """Accepted types: printed documents, and photographs by telephone."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


class FileFacts(NamedTuple):
    """A kept file without its content; the name is without its extension."""

    name: str
    media_type: MediaType
    size: int
    sha256: str


class DeletionReason(StrEnum):
    """Why a file does not belong where it is."""

    OF_SOMEBODY_ELSE = "of_somebody_else"
    OF_ANOTHER_DOCUMENT = "of_another_document"
    ATTACHED_TWICE = "attached_twice"
    UNREADABLE = "unreadable"
    TELLS_TOO_MUCH = "tells_too_much"


EXTENSIONS = {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg"}
_MAGIC = {
    MediaType.PDF: b"%PDF-",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.JPEG: b"\xff\xd8\xff",
}
_SNIFFED_BYTES = 2_048
"""Browsers look at the first 1,445 bytes (the MIME Sniffing Standard), readers of PDF
at 1,024.
"""
# Browsers may believe these, whatever type an answer names.
_HTML = re.compile(
    rb"<(!doctype|html|head|body|script|iframe|svg|style|title|img|a |table|!--)",
    re.IGNORECASE,
)


def is_of_kind(content: bytes, media_type: MediaType) -> bool:
    """Whether a file begins as files of its kind do."""
    return content.startswith(_MAGIC[media_type])


def is_polyglot(content: bytes, media_type: MediaType) -> bool:
    """Whether a file is also an archive, a web page, or a picture that hides a PDF."""
    head = content[:_SNIFFED_BYTES]
    hides_pdf = media_type is not MediaType.PDF and _MAGIC[MediaType.PDF] in head
    # Archives are read from their end, so one can stand behind a whole picture.
    is_archive = zipfile.is_zipfile(BytesIO(content))
    return hides_pdf or is_archive or _HTML.search(head) is not None

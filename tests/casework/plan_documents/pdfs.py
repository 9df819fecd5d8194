"""A PDF as a screen reader, an archive and a search find it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from pypdf import PdfReader

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


@dataclass
class Tag:
    """An element of the structure tree, with those inside."""

    kind: str
    alt: str = ""
    title: str = ""
    inside: list["Tag"] = field(default_factory=list)

    def all(self, *kinds: str) -> list["Tag"]:
        """Itself and those inside that are of these kinds, in the order of reading."""
        own = [self] if self.kind in kinds else []
        return own + [tag for child in self.inside for tag in child.all(*kinds)]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def tags_of(pdf: bytes) -> Tag:
    """The structure tree."""
    with opened(pdf) as document:
        return Tag("", inside=list(_tags(document.Root.StructTreeRoot.K)))


def _tags(part: pikepdf.Object) -> Iterator[Tag]:
    if isinstance(part, pikepdf.Array):
        for one in part:
            yield from _tags(one)
    elif isinstance(part, pikepdf.Dictionary) and "/S" in part:
        inside = list(_tags(part.K)) if "/K" in part else []
        kind = str(part.S).removeprefix("/")
        yield Tag(kind, str(part.get("/Alt", "")), str(part.get("/T", "")), inside)


def languages_of(pdf: bytes) -> set[str]:
    """The languages that pieces of text are marked with."""
    with opened(pdf) as document:
        contents = b"".join(page.Contents.read_bytes() for page in document.pages)
    return {name.decode() for name in re.findall(rb"/Lang ?\((\w+)\)", contents)}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in one line."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return [" ".join(page.replace(ZERO_WIDTH, "").split()) for page in pages]


def squeezed(text: str) -> str:
    """What is left of a text when lines may break anywhere; Polish repeats a hyphen at a break."""
    return re.sub(rf"[\s{ZERO_WIDTH}-]", "", text)

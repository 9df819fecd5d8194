"""Removes from files what their makers did not mean to pass on: place, camera, author,
history. Pure.

Pillow writes pictures anew from their pixels; pikepdf (QPDF) writes a PDF anew from the
objects that its pages need. Bytes between, before or behind these are dropped. Both may
read files made to attack their parser, so they run in a confined process.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, ImageOps

from services.chassis.transfer.files import Broken

MOST_PIXELS = 50_000_000
"""A page of A4 at 600 dots per inch has 35 million."""
# XMP, private data of editors, and their dates: no page needs them.
_METADATA = ("/Metadata", "/PieceInfo", "/LastModified")
# EF and RichMedia carry other files; XFA is a form that runs.
_ACTIVE = {"/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/XFA"}
_ACTIONS = tuple(
    pikepdf.Name(name)
    for name in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData")
)
_START_OF_SCAN, _END_OF_IMAGE, _COMMENT = b"\xda", b"\xd9", b"\xfe"
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_COLOURS = {b"\xe0": b"JFIF", b"\xe2": b"ICC_PROFILE", b"\xee": b"Adobe"}
"""By marker, the first bytes of the segments on which colours depend."""


def clean_png(content: bytes) -> bytes:
    """The same picture without text, time, EXIF and profile."""
    return _repainted(content, "PNG")


def clean_jpeg(content: bytes) -> bytes:
    """The same picture, upright, without EXIF (place and camera), comments and bytes
    behind its end.
    """
    return _repainted(content, "JPEG")


def _repainted(content: bytes, format_: str) -> bytes:
    Image.MAX_IMAGE_PIXELS = None  # the limit is below, before anything is decoded
    try:
        with Image.open(BytesIO(content), formats=[format_]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Broken("too_large")
            # Turned first: the orientation is in the EXIF data, which are removed.
            upright = ImageOps.exif_transpose(image).convert(_mode_of(image))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Broken("damaged") from None
    # Pillow would otherwise write the comment and the profile that it has read.
    upright.info.clear()
    out = BytesIO()
    upright.save(out, format_, quality=92)
    return out.getvalue()


def _mode_of(image: Image.Image) -> str:
    if image.mode in {"1", "L"}:
        return "L"
    is_clear = image.format == "PNG" and image.has_transparency_data
    return "RGBA" if is_clear else "RGB"


def clean_pdf(content: bytes) -> bytes:
    """The same pages without document information, XMP, history, and the metadata of
    their pictures.

    Raises Broken: `encrypted`, `damaged`, or `active_content` for scripts, actions and
    embedded files. A digital signature is not valid in the new file: the signed
    original stays with its holder.
    """
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _take_out_metadata(pdf)
            out = BytesIO()
            # Otherwise the id of the file would depend on the time of saving.
            pdf.save(out, encryption=False, deterministic_id=True)
    except pikepdf.PasswordError:
        raise Broken("encrypted") from None
    # A damaged file can raise any of these.
    except (pikepdf.PdfError, ValueError, TypeError, KeyError):
        raise Broken("damaged") from None
    return out.getvalue()


def _take_out_metadata(pdf: pikepdf.Pdf) -> None:
    if len(pdf.pages) == 0:
        raise Broken("damaged")
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for root in pdf.objects:
        for part in _parts(root):
            _take_out_of(part, pdf)


def _parts(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The dictionaries and streams within one object of the file, without the objects
    that it refers to.
    """
    # No recursion: a file may be nested to any depth.
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            is_stream = isinstance(part, pikepdf.Stream)
            entries = part.stream_dict if is_stream else part
            inner: list[Any] = [*entries.as_dict().values()]
        elif isinstance(part, pikepdf.Array):
            inner = [*part.as_list()]
        else:
            continue
        objects = [each for each in inner if isinstance(each, pikepdf.Object)]
        waiting += [each for each in objects if not each.is_indirect]


def _take_out_of(part: pikepdf.Object, pdf: pikepdf.Pdf) -> None:
    names = {*part.keys()}
    if names & _ACTIVE or part.get("/S") in _ACTIONS:
        raise Broken("active_content")
    for name in names.intersection(_METADATA):
        del part[name]
    if isinstance(part, pikepdf.Stream):
        _strip_photograph(part, pdf)


def _strip_photograph(part: pikepdf.Stream, pdf: pikepdf.Pdf) -> None:
    """Remove the metadata from a stream that is a JPEG, whatever filters are around it."""
    packed = part.get("/Filter")
    filters = [*packed.as_list()] if isinstance(packed, pikepdf.Array) else [packed]
    if not filters or filters[-1] != pikepdf.Name.DCTDecode:
        return
    picture = part.read_raw_bytes()
    if len(filters) > 1:
        outer = pikepdf.Stream(pdf, picture)
        outer.Filter = pikepdf.Array(filters[:-1])
        picture = outer.read_bytes()
    picture = without_jpeg_metadata(picture)
    part.write(picture, filter=pikepdf.Name.DCTDecode)


def without_jpeg_metadata(picture: bytes) -> bytes:
    """A JPEG without its application segments and comments, and its pixels untouched
    (ITU T.81, annex B).

    Pillow would compress it again, and could contradict the colour space in the PDF.
    """
    output, place = bytearray(picture[:2]), 2
    while picture[place : place + 1] == b"\xff":
        marker = picture[place + 1 : place + 2]
        if marker == _END_OF_IMAGE:
            return bytes(output + b"\xff" + _END_OF_IMAGE)
        length = int.from_bytes(picture[place + 2 : place + 4], "big")
        # A length includes its own two bytes: with less the loop would not advance.
        end = place + 2 + max(length, 2)
        if marker == _START_OF_SCAN:
            # The pixels follow the segment, up to the next marker.
            behind = _NEXT_MARKER.search(picture, end)
            end = len(picture) if behind is None else behind.start()
        if _is_kept(marker, picture[place + 4 : end]):
            output += picture[place:end]
        place = end
    raise Broken("damaged")


def _is_kept(marker: bytes, payload: bytes) -> bool:
    """Whether a segment stays: metadata go, unless the colours depend on them."""
    colours = _COLOURS.get(marker)
    is_metadata = b"\xe0" <= marker <= b"\xef" or marker == _COMMENT
    return not is_metadata or (colours is not None and payload.startswith(colours))

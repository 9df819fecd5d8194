"""What is taken out of files, and which are not taken."""

import random
from io import BytesIO
from zlib import crc32

import pikepdf
import pytest
from PIL import Image

from services.casework.attachments.rules.cleaning import (
    clean_jpeg,
    clean_pdf,
    clean_png,
    without_jpeg_metadata,
)
from services.chassis.file_kinds import MediaType, is_polyglot
from services.chassis.transfer.files import Broken
from tests.casework.attachments.made import PIXELS, SECRET, active_pdf, jpeg, pdf, picture, png

LEFT, RIGHT = (2, 4), (9, 4)


def opened(content: bytes) -> Image.Image:
    """The picture of a file."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def looks_like(pixel: object, *expected: int) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 25 for one, other in zip(pixel, expected, strict=True))


def test_a_photograph_keeps_its_pixels_and_nothing_else() -> None:
    sent = jpeg()
    assert sent.count(SECRET.encode()) >= 4
    cleaned = clean_jpeg(sent)
    image = opened(cleaned)
    assert SECRET.encode() not in cleaned
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", PIXELS, {})
    assert not image.info.keys() & {"comment", "exif", "icc_profile", "xmp"}
    assert looks_like(image.getpixel(LEFT), 255, 0, 0)
    assert looks_like(image.getpixel(RIGHT), 0, 0, 255)


def test_a_photograph_that_was_lying_stands_upright_without_its_exif() -> None:
    image = opened(clean_jpeg(jpeg(orientation=6)))
    assert image.size == PIXELS[::-1]
    assert looks_like(image.getpixel((4, 2)), 255, 0, 0)
    assert looks_like(image.getpixel((4, 9)), 0, 0, 255)


def test_a_png_keeps_its_pixels_and_nothing_else() -> None:
    cleaned = clean_png(png())
    image = opened(cleaned)
    assert SECRET.encode() not in cleaned
    assert (image.format, image.size, image.info) == ("PNG", PIXELS, {})
    assert image.tobytes() == picture().tobytes()
    assert (cleaned[12:16], cleaned[37:41]) == (b"IHDR", b"IDAT")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_png_of_every_mode_is_taken(mode: str) -> None:
    out = BytesIO()
    source = Image.new("I;16", PIXELS, 0xFFFF) if mode == "I;16" else picture().convert(mode)
    source.save(out, "PNG")
    image = opened(clean_png(out.getvalue()))
    assert image.size == PIXELS
    if mode in {"LA", "RGBA"}:
        assert image.mode == "RGBA"
    if mode == "I;16":
        assert image.convert("L").getpixel(LEFT) == 255


@pytest.mark.parametrize("filters", [1, 2])
def test_a_pdf_keeps_its_pages_and_no_metadata_of_its_own_or_of_its_pictures(filters: int) -> None:
    sent = pdf(filters=filters)
    cleaned = clean_pdf(sent)
    assert SECRET.encode() not in cleaned
    with pikepdf.open(BytesIO(cleaned)) as kept:
        assert "/Info" not in kept.trailer
        assert "/Metadata" not in kept.Root
        assert "/PieceInfo" not in kept.pages[0]
        assert kept.pages[0].Contents.read_bytes() == b"100 0 0 100 50 50 cm /Im0 Do"
        photograph = kept.pages[0].Resources.XObject.Im0
        image = opened(photograph.read_raw_bytes())
        everything = b"".join(
            each.read_bytes() for each in kept.objects if isinstance(each, pikepdf.Stream) and each != photograph
        )
    assert SECRET.encode() not in everything
    assert (image.size, dict(image.getexif())) == (PIXELS, {})
    assert looks_like(image.getpixel(LEFT), 255, 0, 0)


def test_a_pdf_that_only_its_owner_may_change_is_taken_open() -> None:
    with pikepdf.open(BytesIO(clean_pdf(pdf(owner="secret")))) as kept:
        assert not kept.is_encrypted


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf(user="secret", owner="other"), "encrypted"),
        (active_pdf("opening"), "active_content"),
        (active_pdf("annotation"), "active_content"),
        (active_pdf("attachment"), "active_content"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
    ],
)
def test_a_pdf_that_runs_hides_or_breaks_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Broken) as broken:
        clean_pdf(content)
    assert str(broken.value) == reason


def test_a_picture_that_is_cut_off_or_too_large_is_refused() -> None:
    with pytest.raises(Broken, match="damaged"):
        clean_png(png()[:60])
    with pytest.raises(Broken, match="damaged"):
        clean_jpeg(jpeg()[:200])
    with pytest.raises(Broken, match="damaged"):
        clean_jpeg(png())
    huge = bytearray(png())
    huge[16:24] = (100_000).to_bytes(4, "big") * 2
    huge[29:33] = crc32(huge[12:29]).to_bytes(4, "big")
    with pytest.raises(Broken, match="too_large"):
        clean_png(bytes(huge))


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_inside_a_pdf_keeps_every_pixel(progressive: bool) -> None:
    noise = random.Random(7).randbytes(64 * 64 * 3)  # noqa: S311
    out = BytesIO()
    Image.frombytes("RGB", (64, 64), noise).save(
        out, "JPEG", progressive=progressive, comment=b"told", restart_marker_rows=1
    )
    sent = out.getvalue()
    stripped = without_jpeg_metadata(sent + b"told")
    assert b"told" not in stripped
    assert opened(stripped).tobytes() == opened(sent).tobytes()


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (MediaType.PDF, b"%PDF-1.7\n<html><script>alert(1)</script>" + pdf()[9:]),
        (MediaType.PDF, b"%PDF-1.7\n<!--" + pdf()[9:]),
        (MediaType.PNG, png()[:33] + b"%PDF-1.7" + png()[33:]),
        (MediaType.JPEG, jpeg()[:4] + b"<SCRIPT src=x>" + jpeg()[4:]),
    ],
)
def test_a_file_that_is_a_page_or_a_pdf_as_well_is_a_polyglot(media_type: MediaType, content: bytes) -> None:
    assert is_polyglot(content, media_type)


def test_plain_files_are_no_polyglots() -> None:
    for media_type, content in ((MediaType.PDF, pdf()), (MediaType.PNG, png()), (MediaType.JPEG, jpeg())):
        assert not is_polyglot(content, media_type)

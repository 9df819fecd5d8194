"""Files of the tests: each tells more than it shows, in every place where such files do."""

from io import BytesIO

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = "ulica Zmyslona 7"
PIXELS = (12, 8)


def picture() -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", PIXELS, "blue")
    image.paste("red", (0, 0, PIXELS[0] // 2, PIXELS[1]))
    return image


def jpeg(*, orientation: int = 1, profile: bytes | None = SECRET.encode()) -> bytes:
    """A photograph with its place, its camera, a comment, and another file behind it."""
    exif = Image.Exif()
    exif[0x010F] = SECRET
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 15.0, 30.0), 29: SECRET})
    out = BytesIO()
    picture().save(out, "JPEG", exif=exif, comment=SECRET.encode(), quality=95, icc_profile=profile)
    return out.getvalue() + SECRET.encode()


def png() -> bytes:
    """A picture with texts in chunks of every kind."""
    info = PngInfo()
    info.add_text("Author", SECRET)
    info.add_text("Comment", SECRET, zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    exif = Image.Exif()
    exif[0x010F] = SECRET
    out = BytesIO()
    picture().save(out, "PNG", pnginfo=info, exif=exif)
    return out.getvalue() + SECRET.encode()


def pdf(*, owner: str = "", user: str = "", filters: int = 1) -> bytes:
    """A page with a photograph, and an author, an editing history and XMP."""
    with pikepdf.new() as made:
        photograph = pikepdf.Stream(made, jpeg(profile=None))
        photograph.Type, photograph.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        photograph.Width, photograph.Height = PIXELS
        photograph.ColorSpace, photograph.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
        photograph.Filter = pikepdf.Name.DCTDecode
        if filters > 1:
            photograph.write(
                jpeg(profile=None).hex().encode() + b">",
                filter=pikepdf.Array([pikepdf.Name.ASCIIHexDecode, pikepdf.Name.DCTDecode]),
            )
        photograph.Metadata = pikepdf.Stream(made, SECRET.encode())
        page = made.add_blank_page(page_size=(200, 200))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photograph))
        page.Contents = pikepdf.Stream(made, b"100 0 0 100 50 50 cm /Im0 Do")
        page.PieceInfo = pikepdf.Dictionary(Maker=pikepdf.Dictionary(Private=SECRET))
        made.docinfo["/Author"] = SECRET
        with made.open_metadata() as xmp:
            xmp["dc:creator"] = [SECRET]
        out = BytesIO()
        encryption = pikepdf.Encryption(owner=owner, user=user) if owner or user else False
        made.save(out, encryption=encryption, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def active_pdf(what: str) -> bytes:
    """A PDF that runs something, or carries another file."""
    with pikepdf.new() as made:
        page = made.add_blank_page()
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        if what == "opening":
            made.Root.OpenAction = action
        elif what == "annotation":
            launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x.exe")
            link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
            page.Annots = pikepdf.Array([link])
        else:
            made.attachments["x.zip"] = b"PK"
        out = BytesIO()
        made.save(out)
    return out.getvalue()

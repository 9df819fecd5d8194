"""Maps as PNG, drawn in a process of their own, with their words as texts."""

from gateway.problems import MapNotDrawn
from gateway.views.maps import Words
from services.chassis.ground.problems import Language
from services.chassis.typesetting.drawing import Drawing
from services.chassis.typesetting.png_texts import with_texts

# By its name: only the drawing process loads typst. It is started by the first
# map, and most gateways never draw one.
_DRAWING = Drawing("services.chassis.typesetting.pictures", MapNotDrawn, most=1)


async def draw_png(svg: str, words: Words, language: Language) -> bytes:
    """A map as PNG; MapNotDrawn when the drawing process does not answer."""
    png = await _DRAWING.draw(svg.encode(), language)
    texts = {"Title": words.title, "Description": words.description}
    return with_texts(png, texts, language)


async def stop_drawing() -> None:
    """End this loop's drawing process."""
    await _DRAWING.stop()

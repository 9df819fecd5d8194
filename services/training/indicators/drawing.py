"""Pictures of indicators are rendered as PNG in a separate process, with a text."""

from typing import NamedTuple

from services.chassis.ground.problems import Language
from services.chassis.typesetting.drawing import Drawing
from services.chassis.typesetting.png_texts import with_texts
from services.training.problems import PictureUnavailable

# By module name: only the drawing process loads typst.
DRAWING = Drawing("services.chassis.typesetting.pictures", PictureUnavailable, most=1)


class Words(NamedTuple):
    """The alternative text of a picture."""

    title: str
    description: str


async def draw_png(svg: str, words: Words, language: Language) -> bytes:
    """A picture as PNG; PictureUnavailable when the drawing process does not answer."""
    png = await DRAWING.draw(svg.encode(), language)
    texts = {"Title": words.title, "Description": words.description}
    return with_texts(png, texts, language)

"""Vega-Lite documents as pictures, drawn in a separate process."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from services.chassis.typesetting.drawing import Drawing
from services.chassis.web.answers import LateAnswer
from services.screening.problems import ChartUnavailable

Picture = Literal["svg", "png"]
_MEDIA_TYPES: Mapping[Picture, str] = {"svg": "image/svg+xml", "png": "image/png"}
# The module by its name: only the drawing process loads the renderer.
_DRAWING = Drawing("services.screening.chart_drawing", ChartUnavailable, most=1)


async def draw(document: Mapping[str, Any], kind: Picture) -> bytes:
    """The picture of a Vega-Lite document.

    ChartUnavailable when the drawing process does not answer.
    """
    return await _DRAWING.draw(json.dumps(document).encode(), kind)


class Chart(LateAnswer):
    """The answer with the picture of a Vega-Lite document."""

    # A late answer: the database connection is back in its pool before
    # anything is drawn.

    def __init__(
        self, document: Mapping[str, Any], kind: Picture, headers: Mapping[str, str]
    ) -> None:
        super().__init__(partial(draw, document, kind), _MEDIA_TYPES[kind], headers)


async def stop_drawing() -> None:
    """End the drawing process of this event loop."""
    await _DRAWING.stop()

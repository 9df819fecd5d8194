"""One scale as a view of a Vega-Lite document: its bands, its cut-offs and the child's figure."""

from collections.abc import Mapping
from typing import Any

from services.screening.instruments.rules.definitions import Better
from services.screening.instruments.rules.numbers import Language
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.screening_results.rules.captions import (
    WIDTH,
    broken,
    caption,
    figure_text,
)
from services.screening.screening_results.rules.profile_words import (
    NO_CUT_OFF,
    OUTCOMES,
    WORDS,
    Words,
)
from services.screening.screening_results.rules.strips import Strip

# Pale colours, so that black lines and letters are readable on each of them.
_INK = "#1a1a1a"
_COLOURS = {
    Outcome.POSITIVE: "#f0a878",
    Outcome.NEGATIVE: "#b9dcc4",
    Outcome.UNDETERMINED: "#d5d7da",
    NO_CUT_OFF: "#d6e2ec",
}


def strip_view(
    strip: Strip, row: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    """The view, with the scale's name and its caption as the title."""
    words = WORDS[language]
    return {
        "title": {
            "text": broken(row["scale"]),
            "subtitle": [
                line
                for sentence in caption(strip, language)
                for line in broken(sentence)
            ],
            "anchor": "start",
            "fontSize": 13,
            # Room for the figures of the cut-offs, which are in at most two rows.
            "offset": 8 + 14 * min(len(strip.cut_offs), 2),
        },
        "width": WIDTH,
        "height": 26,
        "layer": [
            _bands(strip, words, language),
            *[
                _cut_off(strip, place, words, language)
                for place in range(len(strip.cut_offs))
            ],
            *_interval(strip),
            _point(strip, row),
        ],
    }


def _x(strip: Strip, field: str) -> dict[str, Any]:
    # Not rounded to nice numbers: the ends of the axis must be scores
    # that are possible.
    scale = {"domain": [strip.low, strip.high], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale}


def _axis(strip: Strip, words: Words) -> dict[str, Any]:
    """The axis below the bands, with an arrow to the better end."""
    axis: dict[str, Any] = {"tickCount": 8, "tickMinStep": _least_step(strip)}
    axis |= {"title": None, "titleAlign": "left", "titleAnchor": "start"}
    if strip.better == Better.LOWER:
        axis["title"] = f"\N{LEFTWARDS ARROW} {words.better_end}"
    elif strip.better == Better.HIGHER:
        axis["title"] = f"{words.better_end} \N{RIGHTWARDS ARROW}"
        axis |= {"titleAlign": "right", "titleAnchor": "end"}
    return _x(strip, "start") | {"axis": axis}


def _least_step(strip: Strip) -> float:
    # Whole steps: a tick at half a point would mark a score that is not possible.
    return 1 if strip.high - strip.low >= 2 else 0.1


def _bands(strip: Strip, words: Words, language: Language) -> dict[str, Any]:
    outcome_texts = OUTCOMES[language]
    kinds = [*_COLOURS]
    scale = {
        "domain": [outcome_texts[kind] for kind in kinds],
        "range": [_COLOURS[kind] for kind in kinds],
    }
    values = [
        {
            "start": stretch.start,
            "end": stretch.end,
            "outcome": outcome_texts[stretch.outcome or NO_CUT_OFF],
        }
        for stretch in strip.stretches
    ]
    # Wide padding: the columns may be drawn in a wider typeface than they
    # are measured in.
    legend = {"title": None, "orient": "bottom", "columns": 2, "columnPadding": 40}
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": "#6b7785", "strokeWidth": 0.5},
        "encoding": {
            "x": _axis(strip, words),
            "x2": {"field": "end"},
            "color": {"field": "outcome", "scale": scale, "legend": legend},
        },
    }


def _cut_off(
    strip: Strip, place: int, words: Words, language: Language
) -> dict[str, Any]:
    """A line where the outcome changes, and its figure above it."""
    edge = strip.cut_offs[place]
    share = (edge - strip.low) / (strip.high - strip.low)
    # Near an end of the axis the figure stands beside the line, on the inner side.
    align = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    # In alternating rows, because two close figures would overlap.
    above = -20 - 14 * (place % 2)
    text = f"{words.cut_off} {figure_text(edge, language)}"
    return {
        "data": {"values": [{"edge": edge, "text": text}]},
        "encoding": {"x": _x(strip, "edge")},
        "layer": [
            {"mark": {"type": "rule", "color": _INK, "strokeWidth": 2}},
            {
                "mark": {
                    "type": "text",
                    "align": align,
                    "dy": above,
                    "fontSize": 12,
                    "color": _INK,
                },
                "encoding": {"text": {"field": "text", "type": "nominal"}},
            },
        ],
    }


def _interval(strip: Strip) -> list[dict[str, Any]]:
    if strip.error is None or strip.figure is None:
        return []
    low, high = strip.error
    return [
        {
            "data": {"values": [{"low": low, "high": high}]},
            "mark": {"type": "rule", "color": _INK, "strokeWidth": 3},
            "encoding": {"x": _x(strip, "low"), "x2": {"field": "high"}},
        }
    ]


def _point(strip: Strip, row: Mapping[str, Any]) -> dict[str, Any]:
    """The mark of the child's figure; nothing is drawn without a figure."""
    mark = {
        "type": "point",
        "shape": "diamond",
        "filled": True,
        "size": 190,
        "color": _INK,
        "stroke": "white",
        "opacity": 1,
    }
    # Filtered, because a null would be drawn at zero, which may be the best or the
    # worst figure.
    return {
        "transform": [
            {"filter": {"field": "code", "equal": row["code"]}},
            {"filter": {"field": "value", "valid": True}},
        ],
        "mark": mark,
        "encoding": {"x": _x(strip, "value")},
    }

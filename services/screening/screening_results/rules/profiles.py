"""A child's profile as a Vega-Lite document: scale below scale, each on its own range.

Colours are said in words, too. Lines are broken here and room is left beside them, since
whoever draws the document may do so in a wider face.
"""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from services.chassis.typesetting.spoken import counted, day, number
from services.screening.instruments.rules.definitions import Better
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.screening_results.rules.profile_words import WORDS, Words
from services.screening.screening_results.rules.strips import Strip

Language = Literal["pl", "en"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
NO_CUT_OFF = "no_cut_off"
"""Stands for the outcome of a scale that judges nothing."""
WIDTH = 640
LETTERS_A_LINE = 78
"""Of a line of text: 8 units of length a letter, more than common faces take at 12."""
_INK = "#1a1a1a"
_COLOURS = {
    Outcome.POSITIVE: "#f0a878",
    Outcome.NEGATIVE: "#b9dcc4",
    Outcome.UNDETERMINED: "#d5d7da",
    NO_CUT_OFF: "#d6e2ec",
}
OUTCOMES: Mapping[Language, Mapping[str, str]] = {
    "pl": {
        Outcome.POSITIVE: "zwraca uwagę",
        Outcome.NEGATIVE: "nie zwraca uwagi",
        Outcome.UNDETERMINED: "nierozstrzygnięte",
        NO_CUT_OFF: "bez progu",
    },
    "en": {
        Outcome.POSITIVE: "calls for attention",
        Outcome.NEGATIVE: "does not call for attention",
        Outcome.UNDETERMINED: "undetermined",
        NO_CUT_OFF: "no cut-off",
    },
}


class Occasion(NamedTuple):
    """What was filled in, by whom, when and how old the child was, in one language."""

    instrument: str
    form: str
    informant: str
    administered_on: date
    age_months: int


def profile(
    occasion: Occasion, strips: Sequence[Strip], language: Language
) -> dict[str, Any]:
    """The document."""
    words = WORDS[language]
    rows = [_row(strip, words, language) for strip in strips]
    lines = _occasion_lines(occasion, words, language)
    said = [f"{row['scale']}: {row['said']}" for row in rows]
    return {
        "$schema": SCHEMA,
        # Read aloud in place of the picture.
        "description": " ".join([f"{occasion.instrument}.", *lines, *said]),
        "title": {
            "text": _broken(occasion.instrument, 60),
            "subtitle": [line for one in lines for line in _broken(one)],
            "anchor": "start",
            "offset": 24,
        },
        "data": {"values": rows},
        "vconcat": [
            _view(strip, row, words, language)
            for strip, row in zip(strips, rows, strict=True)
        ],
        "spacing": 28,
        "resolve": {"scale": {"x": "independent"}},
        # On every side, for a face that is wider than the one that this is measured by.
        "padding": 24,
        "config": _CONFIG | _numbers(language),
    }


_CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {"grid": False, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"fontSize": 17, "subtitleFontSize": 12, "subtitlePadding": 6},
    "legend": {"labelLimit": 0, "titleLimit": 0, "labelFontSize": 12},
}


def _numbers(language: Language) -> dict[str, Any]:
    if language == "en":
        return {}
    polish = {"decimal": ",", "thousands": "\N{NO-BREAK SPACE}", "grouping": [3]}
    return {"locale": {"number": polish | {"currency": ["", ""]}}}


def _broken(text: str, letters: int = LETTERS_A_LINE) -> list[str]:
    return textwrap.wrap(text, letters) or [""]


def _shown(value: float, language: Language) -> str:
    """A figure with two decimals at most and the minus of typography."""
    written = number(Decimal(str(round(value, 2))), language)
    return written.replace("-", "\N{MINUS SIGN}")


def _occasion_lines(occasion: Occasion, words: Words, language: Language) -> list[str]:
    months = occasion.age_months
    unit = counted(Decimal(months), *words.months)
    on = day(occasion.administered_on, language)
    return [
        f"{words.form}: {occasion.form}. {words.informant}: {occasion.informant}.",
        f"{words.administered} {on}, {words.age}: {months}\N{NO-BREAK SPACE}{unit}.",
        words.not_a_diagnosis,
        words.key,
    ]


def _outcome(strip: Strip, language: Language) -> str:
    return OUTCOMES[language][strip.scale.outcome or NO_CUT_OFF]


def _row(strip: Strip, words: Words, language: Language) -> dict[str, Any]:
    return {
        "code": strip.scale.code,
        "scale": getattr(strip.name, language),
        "value": strip.figure,
        "said": " ".join(_said(strip, words, language)),
        "outcome": _outcome(strip, language),
    }


def _said(strip: Strip, words: Words, language: Language) -> list[str]:
    """A scale in words: its figure, what that means, and what it is measured by."""
    counts = strip.scale._asdict()
    low, high = (_shown(end, language) for end in (strip.low, strip.high))
    figure = words.none.format(**counts)
    if strip.figure is not None:
        figure = f"{words.metrics[strip.metric]} {_shown(strip.figure, language)}"
    band = getattr(strip.band, language) if strip.band else None
    means = ", ".join(part for part in (band, _outcome(strip, language)) if part)
    by = [words.between.format(low=low, high=high)]
    if strip.cut_offs:
        edges = "; ".join(_shown(edge, language) for edge in strip.cut_offs)
        by.append(f"{words.cut_off} {edges}")
    if strip.better is not None:
        by.append(words.better[strip.better])
    lines = [f"{figure}: {means}.", f"{', '.join(by)}."]
    if strip.scale.is_prorated:
        lines.append(words.prorated.format(**counts))
    return [f"{line[0].upper()}{line[1:]}" for line in lines]


def _view(
    strip: Strip, row: Mapping[str, Any], words: Words, language: Language
) -> dict[str, Any]:
    return {
        "title": {
            "text": _broken(row["scale"]),
            "subtitle": [
                line for said in _said(strip, words, language) for line in _broken(said)
            ],
            "anchor": "start",
            "fontSize": 13,
            # Above the figures of the cut-offs, which stand in two rows at most.
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
    scale = {"domain": [strip.low, strip.high], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale}


def _axis(strip: Strip, words: Words) -> dict[str, Any]:
    """Figures below the bands, and at which end it is better to be."""
    axis: dict[str, Any] = {"tickCount": 8, "tickMinStep": _least_step(strip)}
    axis |= {"title": None, "titleAlign": "left", "titleAnchor": "start"}
    if strip.better == Better.LOWER:
        axis["title"] = f"\N{LEFTWARDS ARROW} {words.better_end}"
    elif strip.better == Better.HIGHER:
        axis["title"] = f"{words.better_end} \N{RIGHTWARDS ARROW}"
        axis |= {"titleAlign": "right", "titleAnchor": "end"}
    return _x(strip, "start") | {"axis": axis}


def _least_step(strip: Strip) -> float:
    # A tick at half a point would be one of a point that nobody can have.
    return 1 if strip.high - strip.low >= 2 else 0.1


def _bands(strip: Strip, words: Words, language: Language) -> dict[str, Any]:
    spoken = OUTCOMES[language]
    kinds = [*_COLOURS]
    scale = {
        "domain": [spoken[kind] for kind in kinds],
        "range": [_COLOURS[kind] for kind in kinds],
    }
    values = [
        {
            "start": stretch.start,
            "end": stretch.end,
            "outcome": spoken[stretch.outcome or NO_CUT_OFF],
        }
        for stretch in strip.stretches
    ]
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
    # At an end the figure stands beside the line on its inner side.
    align = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    # By turns: two figures that are close would be written over each other.
    above = -20 - 14 * (place % 2)
    text = f"{words.cut_off} {_shown(edge, language)}"
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
    """Where the child stands; nothing where it has no figure."""
    mark = {
        "type": "point",
        "shape": "diamond",
        "filled": True,
        "size": 190,
        "color": _INK,
        "stroke": "white",
        "opacity": 1,
    }
    return {
        "transform": [
            {"filter": {"field": "code", "equal": row["code"]}},
            {"filter": {"field": "value", "valid": True}},
        ],
        "mark": mark,
        "encoding": {"x": _x(strip, "value")},
    }

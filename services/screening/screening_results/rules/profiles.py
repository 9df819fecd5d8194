"""A child's profile as a Vega-Lite document: scale below scale, each on its own range.

Everything that a colour shows is also in words. Lines are broken here and have room
beside them, because a client may draw the document in a wider typeface.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from services.chassis.typesetting.spoken import counted, day
from services.screening.instruments.rules.numbers import LOCALES, Language
from services.screening.screening_results.rules.captions import (
    broken,
    caption,
    outcome_in_words,
)
from services.screening.screening_results.rules.profile_words import (
    WORDS,
    Words,
)
from services.screening.screening_results.rules.strip_views import strip_view
from services.screening.screening_results.rules.strips import Strip

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


class Occasion(NamedTuple):
    """The instrument, form and informant in one language, the day, and the child's age
    in months.
    """

    instrument: str
    form: str
    informant: str
    administered_on: date
    age_months: int


def profile(
    occasion: Occasion, strips: Sequence[Strip], language: Language
) -> dict[str, Any]:
    """The profile as a Vega-Lite document."""
    words = WORDS[language]
    rows = [_row(strip, language) for strip in strips]
    lines = _occasion_lines(occasion, words, language)
    captions = [f"{row['scale']}: {row['said']}" for row in rows]
    return {
        "$schema": SCHEMA,
        # The text that a screen reader reads in place of the picture.
        "description": " ".join([f"{occasion.instrument}.", *lines, *captions]),
        "title": {
            "text": broken(occasion.instrument, 60),
            "subtitle": [line for sentence in lines for line in broken(sentence)],
            "anchor": "start",
            "offset": 24,
        },
        "data": {"values": rows},
        "vconcat": [
            strip_view(strip, row, language)
            for strip, row in zip(strips, rows, strict=True)
        ],
        "spacing": 28,
        # With one axis for all, 10 points of 10 would look the same as 10 of 40.
        "resolve": {"scale": {"x": "independent"}},
        # On every side, in case the document is drawn in a wider typeface
        # than this assumes.
        "padding": 24,
        "config": _CONFIG | {"locale": LOCALES[language]},
    }


_CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {"grid": False, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"fontSize": 17, "subtitleFontSize": 12, "subtitlePadding": 6},
    "legend": {"labelLimit": 0, "titleLimit": 0, "labelFontSize": 12},
}


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


def _row(strip: Strip, language: Language) -> dict[str, Any]:
    return {
        "code": strip.scale.code,
        "scale": getattr(strip.name, language),
        "value": strip.figure,
        "said": " ".join(caption(strip, language)),
        "outcome": outcome_in_words(strip, language),
    }

"""Measures of indicators, the progress to a target, and its picture. Pure."""

import textwrap
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from html import escape
from typing import NamedTuple

from services.chassis.ground.problems import Language
from services.chassis.typesetting.spoken import number

_TENTH = Decimal("0.1")


class IndicatorKind(StrEnum):
    """Output or result, as in reports of EU projects."""

    OUTPUT = "output"
    RESULT = "result"


class IndicatorMeasure(StrEnum):
    """What is counted. Of trained people, only staff of local authorities (source 003).

    Heads of schools, teachers and parents are reached through them, and not counted.
    """

    SUPPORTED_STAFF = "supported_staff"
    """People who attended a session; source 003, output indicator."""
    RAISED_COMPETENCES = "raised_competences"
    """People with a valid certificate; source 003, first result indicator."""
    ADVISED_AUTHORITIES = "advised_authorities"
    """Authorities that were visited; source 003, second result indicator."""
    HELD_CONFERENCES = "held_conferences"
    """Conferences that were held; source 003 plans two to exchange experience."""
    CONFERENCE_ATTENDEES = "conference_attendees"
    """Attendances of conferences: a person who came twice counts twice."""
    RECORDED = "recorded"
    """Not counted from records: the newest reported value."""


WITHOUT_SEX = (
    IndicatorMeasure.ADVISED_AUTHORITIES,
    IndicatorMeasure.HELD_CONFERENCES,
    IndicatorMeasure.CONFERENCE_ATTENDEES,
)
"""Measures that cannot be divided by sex."""


class Count(NamedTuple):
    """A number of people by sex, or a number of things, without parts."""

    total: int
    female: int | None = None
    male: int | None = None


class Progress(NamedTuple):
    """The share of a target in percent, to one place, and the missing number."""

    share: Decimal
    missing: int


def progress(achieved: int, target: int) -> Progress:
    """The share of a target, rounded half up, and the missing number, at least 0."""
    share = (Decimal(achieved * 100) / target).quantize(_TENTH, ROUND_HALF_UP)
    return Progress(share, max(target - achieved, 0))


def sum_error(
    total: int, female: int | None, male: int | None, prefix: str = ""
) -> tuple[str, str] | None:
    """Field and code where parts do not sum to `total`; None if correct or absent."""
    if (female is None) != (male is None):
        lacking = "female" if female is None else "male"
        return f"{prefix}{lacking}", "missing"
    if female is not None and male is not None and female + male != total:
        return f"{prefix}female", "wrong_sum"
    return None


class Bar(NamedTuple):
    """One bar of a picture."""

    label: str
    achieved: int
    target: int
    share: Decimal
    """Percent of the target."""

    def text(self, language: Language) -> str:
        """The text beside a bar: `105 / 150 (70%)`, in Polish with a decimal comma."""
        return f"{self.achieved} / {self.target} ({number(self.share, language)}%)"


def alternative(bars: Sequence[Bar], language: Language) -> str:
    """The alternative text of the picture, for people who cannot see it."""
    return "; ".join(f"{bar.label}: {bar.text(language)}" for bar in bars)


_WIDTH, _LEFT, _BAR, _LINE, _TITLE = 600, 80, 360, 28, 20
_MOST_LETTERS = 84
"""Letters in a line of the title, which is as wide as the picture."""
# The PNG's typeface has a variable weight, which is minimal unless it is set.
_FACE = (
    'font-family="\'Source Sans 3\', sans-serif" font-size="14"'
    " style=\"font-variation-settings: 'wght' 400\""
)


def picture(title: str, bars: Sequence[Bar], language: Language) -> str:
    """Bars of progress as SVG, 600 units wide.

    Text is selectable, and `desc` has the alternative text.
    """
    lines = textwrap.wrap(title, _MOST_LETTERS)
    below = _TITLE * len(lines)
    height = below + _LINE * len(bars) + 8
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{language}"'
            f' width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
            f' aria-labelledby="t d" {_FACE}>'
        ),
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(alternative(bars, language))}</desc>',
        *(
            f'<text x="0" y="{_TITLE * place + 16}" font-weight="bold"'
            f" style=\"font-variation-settings: 'wght' 700\">{escape(line)}</text>"
            for place, line in enumerate(lines)
        ),
    ]
    for place, bar in enumerate(bars):
        top = below + _LINE * place + 4
        # The bar ends at its frame; only the number beside it shows more than 100%.
        wide = round(_BAR * min(bar.achieved / bar.target, 1)) if bar.target else 0
        parts += [
            f'<text x="0" y="{top + 14}">{escape(bar.label)}</text>',
            (
                f'<rect x="{_LEFT}" y="{top}" width="{_BAR}" height="18"'
                ' fill="#e6e6e6" stroke="#595959"/>'
            ),
            (
                f'<rect x="{_LEFT}" y="{top}" width="{wide}" height="18"'
                ' fill="#1f5fa8"/>'
            ),
            f'<text x="{_LEFT + _BAR + 8}" y="{top + 14}">{bar.text(language)}</text>',
        ]
    return "".join([*parts, "</svg>"])


def chart(title: str, bars: Sequence[Bar], language: Language) -> dict[str, object]:
    """The same picture as a Vega-Lite document, for clients that render it."""
    values = [
        {
            "label": bar.label,
            "achieved": bar.achieved,
            "target": bar.target,
            "end": max(bar.achieved, bar.target),
            "told": bar.text(language),
        }
        for bar in bars
    ]
    label = {"field": "label", "type": "nominal", "title": None, "sort": None}
    target = {"field": "target", "type": "quantitative", "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": title,
        "description": alternative(bars, language),
        "data": {"values": values},
        "encoding": {"y": label},
        "layer": [
            {
                "mark": {"type": "bar", "color": "#e6e6e6", "stroke": "#595959"},
                "encoding": {"x": target},
            },
            {
                "mark": {"type": "bar", "color": "#1f5fa8", "height": 12},
                "encoding": {"x": {"field": "achieved", "type": "quantitative"}},
            },
            {
                # Formatted here: clients do not format Polish numbers by default.
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {
                    "x": {"field": "end", "type": "quantitative"},
                    "text": {"field": "told"},
                },
            },
        ],
    }

"""What an indicator counts, and how far its target is reached. Pure."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple
from xml.sax.saxutils import escape

_TENTH = Decimal("0.1")


class IndicatorKind(StrEnum):
    """Output or result, as projects of EU funds are reported."""

    OUTPUT = "output"
    RESULT = "result"


class Measure(StrEnum):
    """What is counted. Only staff of local authorities count (source 003).

    Heads of schools, teachers and parents are reached through them, and not counted.
    """

    SUPPORTED_STAFF = "supported_staff"
    """Whoever attended a session; source 003, output indicator."""
    RAISED_COMPETENCES = "raised_competences"
    """Whoever has a valid certificate; source 003, first result indicator."""
    ADVISED_AUTHORITIES = "advised_authorities"
    """Authorities that were visited; source 003, second result indicator."""
    HELD_CONFERENCES = "held_conferences"
    """Conferences that took place; source 003 plans two to exchange experience."""
    CONFERENCE_ATTENDEES = "conference_attendees"
    """Whoever came to one, as often as they came: nobody is known for long."""
    RECORDED = "recorded"
    """Nothing of our records: the newest value that was reported."""


WITHOUT_SEX = (
    Measure.ADVISED_AUTHORITIES,
    Measure.HELD_CONFERENCES,
    Measure.CONFERENCE_ATTENDEES,
)
"""Measures of which no parts are known by sex."""


class Count(NamedTuple):
    """A number of people by sex, or of something that has none."""

    total: int
    female: int | None = None
    male: int | None = None


class Progress(NamedTuple):
    """How far a target is reached: the share in percent to one place, and the rest."""

    share: Decimal
    missing: int


def progress(achieved: int, target: int) -> Progress:
    """The share of a target, half up, and what is missing: nothing above the target."""
    share = (Decimal(achieved * 100) / target).quantize(_TENTH, ROUND_HALF_UP)
    return Progress(share, max(target - achieved, 0))


def sum_error(
    total: int, female: int | None, male: int | None, prefix: str = ""
) -> tuple[str, str] | None:
    """The field and code of parts that do not sum; None where they do or are absent."""
    if (female is None) != (male is None):
        lacking = "female" if female is None else "male"
        return f"{prefix}{lacking}", "missing"
    if female is not None and male is not None and female + male != total:
        return f"{prefix}female", "wrong_sum"
    return None


_WIDTH, _BAR, _LINE = 480, 320, 28


def picture(title: str, rows: list[tuple[str, int, int]]) -> str:
    """Bars of progress as SVG: for each row its label, what is achieved and the target.

    Text is text and not shapes, and the same is said in words for who cannot see it.
    """
    said = "; ".join(f"{label}: {done} / {target}" for label, done, target in rows)
    height = _LINE * (len(rows) + 1) + 8
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_WIDTH}"'
            f' height="{height}" viewBox="0 0 {_WIDTH} {height}"'
            ' aria-labelledby="t d" font-family="sans-serif" font-size="13">'
        ),
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(said)}</desc>',
        f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (label, done, target) in enumerate(rows, 1):
        top = _LINE * number
        # A bar never leaves its frame: the number beside it tells what is above.
        wide = round(_BAR * min(done / target, 1)) if target else 0
        parts += [
            f'<text x="0" y="{top + 17}">{escape(label)}</text>',
            (
                f'<rect x="70" y="{top + 4}" width="{_BAR}" height="18" fill="#e6e6e6"'
                ' stroke="#595959"/>'
            ),
            f'<rect x="70" y="{top + 4}" width="{wide}" height="18" fill="#1f5fa8"/>',
            f'<text x="{76 + _BAR}" y="{top + 17}">{done} / {target}</text>',
        ]
    return "".join([*parts, "</svg>"])


def chart(title: str, rows: list[tuple[str, int, int]]) -> dict[str, object]:
    """The same as a Vega-Lite document, for clients that draw it themselves."""
    values = [
        {"label": label, "achieved": done, "target": target}
        for label, done, target in rows
    ]
    label = {"field": "label", "type": "nominal", "title": None, "sort": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": title,
        "data": {"values": values},
        "encoding": {"y": label},
        "layer": [
            {
                "mark": {"type": "bar", "color": "#e6e6e6", "stroke": "#595959"},
                "encoding": {"x": {"field": "target", "type": "quantitative"}},
            },
            {
                "mark": {"type": "bar", "color": "#1f5fa8", "height": 12},
                "encoding": {
                    "x": {"field": "achieved", "type": "quantitative", "title": None}
                },
            },
        ],
    }

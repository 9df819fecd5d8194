"""A map of counties in SVG: shades, a legend, and a description in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from gateway.views.borders import Outlines
from services.chassis.ground.problems import Language

# From light to dark by even steps: distinct in grey, and for the colour-blind.
SHADES = ("#e3eef9", "#b3cde8", "#79a6d2", "#3f78b0", "#123f73")
NOTHING, UNKNOWN, BORDER, INK = "#ffffff", "url(#unknown)", "#6b7280", "#1f2933"
# Hatched: grey would look like one of the shades where there are no colours.
_HATCH = (
    '<defs><pattern id="unknown" width="12" height="12" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="12" height="12" fill="#ffffff"/>'
    '<rect width="4" height="12" fill="#9aa3af"/></pattern></defs>'
)
_LEGEND_ROW = 46
_MARGIN = 40
_TITLE = 130


class Place(NamedTuple):
    """A county and its value; None where there is none that may be shown."""

    terc: str
    name: str
    value: int | None


class Words(NamedTuple):
    """The map in words, for readers who cannot see it."""

    title: str
    description: str


class _Texts(NamedTuple):
    as_of: str
    none: str
    unknown: str
    highest: str
    total: str
    counties: str
    of_legend: str


_TEXTS: Mapping[Language, _Texts] = {
    "pl": _Texts(
        as_of="stan na {day}",
        none="zero",
        unknown="brak danych",
        highest="Najwięcej: {listed}.",
        total="Razem w powiatach, dla których są dane: {total}.",
        counties="Powiaty: {known} z danymi (w tym {zero} z wartością zero), {unknown} bez danych.",
        of_legend="w nawiasie liczba powiatów",
    ),
    "en": _Texts(
        as_of="as of {day}",
        none="none",
        unknown="no data",
        highest="Highest: {listed}.",
        total="In all counties with data: {total}.",
        counties="Counties: {known} with data (of these {zero} with zero), {unknown} without.",
        of_legend="number of counties in brackets",
    ),
}


def words_of(
    title: str, places: Sequence[Place], as_of: date, language: Language
) -> Words:
    """Title and description: the facts that the picture shows."""
    texts = _TEXTS[language]
    day = as_of.strftime("%d.%m.%Y") if language == "pl" else as_of.isoformat()
    with_value = [place for place in places if place.value is not None]
    positive = [place for place in with_value if place.value]
    highest = sorted(positive, key=lambda place: (-(place.value or 0), place.terc))[:5]
    ranking = ", ".join(f"{place.name} ({place.value})" for place in highest)
    sentences = [
        texts.counties.format(
            known=len(with_value),
            zero=len(with_value) - len(positive),
            unknown=len(places) - len(with_value),
        ),
        texts.total.format(total=sum(place.value or 0 for place in with_value)),
    ]
    if ranking:
        sentences.append(texts.highest.format(listed=ranking))
    return Words(f"{title}, {texts.as_of.format(day=day)}", " ".join(sentences))


def classes_of(values: Sequence[int]) -> list[tuple[int, int]]:
    """Up to five ranges that hold about as many of the positive values each.

    >>> classes_of([0, 1, 1, 2, 3, 9, 30, 31, 100])
    [(1, 1), (2, 2), (3, 9), (30, 30), (31, 100)]
    """
    ordered = sorted(value for value in values if value > 0)
    ranges: list[tuple[int, int]] = []
    start = 0
    for number in range(1, len(SHADES) + 1):
        end = round(len(ordered) * number / len(SHADES))
        # Equal values belong to one class.
        while start < end < len(ordered) and ordered[end] == ordered[end - 1]:
            end += 1
        if end > start:
            ranges.append((ordered[start], ordered[end - 1]))
            start = end
    return ranges


def draw_map(
    outlines: Outlines, places: Sequence[Place], words: Words, language: Language
) -> str:
    """The map as an SVG that loads nothing and runs nothing; each outline has its place."""
    ranges = classes_of([place.value for place in places if place.value is not None])
    by_code = {place.terc: place for place in places}
    width = outlines.width + 2 * _MARGIN
    legend = _legend(ranges, places, language)
    height = _TITLE + outlines.height + 2 * _MARGIN
    shapes = [
        _shape(path, by_code[code], ranges, language)
        for code, path in outlines.paths.items()
    ]
    title, description = escape(words.title), escape(words.description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width // 2}" height="{height // 2}" lang="{language}" role="img"'
        ' aria-labelledby="map-title map-description"'
        ' font-family="\'Source Sans 3\', sans-serif" font-weight="500">'
        f'<title id="map-title">{title}</title>'
        f'<desc id="map-description">{description}</desc>'
        f'{_HATCH}<rect width="{width}" height="{height}" fill="{NOTHING}"/>'
        f'<text x="{_MARGIN}" y="90" font-size="48" fill="{INK}">{title}</text>'
        f'<g transform="translate({_MARGIN} {_TITLE})" stroke="{BORDER}"'
        # A city in the hole of the county around it, whichever way the rings turn.
        ' stroke-width="1.5" stroke-linejoin="round" fill-rule="evenodd">'
        f"{''.join(shapes)}</g>"
        f'<g transform="translate({_MARGIN} {height - _MARGIN})" font-size="30"'
        f' fill="{INK}">{legend}</g></svg>'
    )


def _fill(value: int | None, ranges: Sequence[tuple[int, int]]) -> str:
    if value is None:
        return UNKNOWN
    if value <= 0:
        return NOTHING
    place = next(i for i, (_, last) in enumerate(ranges) if value <= last)
    return _shade(place, len(ranges))


def _shade(place: int, number: int) -> str:
    # Few classes use shades as far apart as five do.
    return SHADES[round(place * (len(SHADES) - 1) / max(number - 1, 1))]


def _shape(
    path: str, place: Place, ranges: Sequence[tuple[int, int]], language: Language
) -> str:
    texts = _TEXTS[language]
    value = texts.unknown if place.value is None else str(place.value)
    name = escape(f"{place.name}: {value}")
    fill = _fill(place.value, ranges)
    return f'<path d="{path}" fill="{fill}"><title>{name}</title></path>'


def _legend(
    ranges: Sequence[tuple[int, int]], places: Sequence[Place], language: Language
) -> str:
    """From the bottom of the picture upwards: no data, none, then the classes."""
    texts = _TEXTS[language]
    values = [place.value for place in places]
    rows = [
        (UNKNOWN, texts.unknown, sum(value is None for value in values)),
        (NOTHING, texts.none, sum(value == 0 for value in values)),
    ]
    for place, (first, last) in enumerate(ranges):
        label = str(first) if first == last else f"{first}–{last}"
        number = sum(value is not None and first <= value <= last for value in values)
        rows.append((_shade(place, len(ranges)), label, number))
    boxes = [
        f'<rect y="{-_LEGEND_ROW * (row + 1)}" width="52" height="32" fill="{fill}"'
        f' stroke="{BORDER}"/><text x="68" y="{-_LEGEND_ROW * (row + 1) + 27}">'
        f"{escape(label)} ({number})</text>"
        for row, (fill, label, number) in enumerate(rows)
    ]
    return f'{"".join(boxes)}<text y="26" font-size="24">{texts.of_legend}</text>'

"""The caption of one scale, and breaking text into lines. Pure."""

import textwrap

from services.screening.instruments.rules.numbers import Language, written
from services.screening.screening_results.rules.profile_words import (
    NO_CUT_OFF,
    OUTCOMES,
    WORDS,
)
from services.screening.screening_results.rules.strips import Strip

WIDTH = 640
# Eight units of length for each letter: at size 12 the widest of the common typefaces
# take 7.4.
LETTERS_A_LINE = 78


def broken(text: str, letters: int = LETTERS_A_LINE) -> list[str]:
    """The lines of a text; one empty line for an empty text."""
    return textwrap.wrap(text, letters) or [""]


def figure_text(value: float, language: Language) -> str:
    """A figure with at most two decimals and a typographic minus sign."""
    return written(value, language).replace("-", "\N{MINUS SIGN}")


def outcome_in_words(strip: Strip, language: Language) -> str:
    """The outcome of a scale in words; for a scale without cut-offs, that it has none."""
    return OUTCOMES[language][strip.scale.outcome or NO_CUT_OFF]


def caption(strip: Strip, language: Language) -> list[str]:
    """A scale in words: its figure, the meaning, and the range with its cut-offs."""
    words, counts = WORDS[language], strip.scale._asdict()
    low, high = (figure_text(end, language) for end in (strip.low, strip.high))
    figure = words.none.format(**counts)
    if strip.figure is not None:
        figure = f"{words.metrics[strip.metric]} {figure_text(strip.figure, language)}"
    band = getattr(strip.band, language) if strip.band else None
    means = ", ".join(
        part for part in (band, outcome_in_words(strip, language)) if part
    )
    by = [words.between.format(low=low, high=high)]
    if strip.cut_offs:
        edges = "; ".join(figure_text(edge, language) for edge in strip.cut_offs)
        by.append(f"{words.cut_off} {edges}")
    if strip.better is not None:
        by.append(words.better[strip.better])
    lines = [f"{figure}: {means}.", f"{', '.join(by)}."]
    if strip.scale.is_prorated:
        lines.append(words.prorated.format(**counts))
    return [f"{line[0].upper()}{line[1:]}" for line in lines]

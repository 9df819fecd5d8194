"""One scale in words, and how its lines are broken. Pure."""

import textwrap
from decimal import Decimal

from services.chassis.typesetting.spoken import number
from services.screening.screening_results.rules.profile_words import (
    NO_CUT_OFF,
    OUTCOMES,
    WORDS,
    Language,
)
from services.screening.screening_results.rules.strips import Strip

WIDTH = 640
# Eight units of length a letter: at 12, the widest of common faces take 7.4 of them.
LETTERS_A_LINE = 78


def broken(text: str, letters: int = LETTERS_A_LINE) -> list[str]:
    """The lines of a text; one empty line of none."""
    return textwrap.wrap(text, letters) or [""]


def shown(value: float, language: Language) -> str:
    """A figure with two decimals at most and the minus of typography."""
    # As many as are stored: a third one would be the computer's and not the child's.
    written = number(Decimal(str(round(value, 2))), language)
    return written.replace("-", "\N{MINUS SIGN}")


def outcome_in_words(strip: Strip, language: Language) -> str:
    """What came out of a scale; of one that judges nothing, just that."""
    return OUTCOMES[language][strip.scale.outcome or NO_CUT_OFF]


def caption(strip: Strip, language: Language) -> list[str]:
    """A scale in words: its figure, what that means, and what it is measured by."""
    words, counts = WORDS[language], strip.scale._asdict()
    low, high = (shown(end, language) for end in (strip.low, strip.high))
    figure = words.none.format(**counts)
    if strip.figure is not None:
        figure = f"{words.metrics[strip.metric]} {shown(strip.figure, language)}"
    band = getattr(strip.band, language) if strip.band else None
    means = ", ".join(
        part for part in (band, outcome_in_words(strip, language)) if part
    )
    by = [words.between.format(low=low, high=high)]
    if strip.cut_offs:
        edges = "; ".join(shown(edge, language) for edge in strip.cut_offs)
        by.append(f"{words.cut_off} {edges}")
    if strip.better is not None:
        by.append(words.better[strip.better])
    lines = [f"{figure}: {means}.", f"{', '.join(by)}."]
    if strip.scale.is_prorated:
        lines.append(words.prorated.format(**counts))
    return [f"{line[0].upper()}{line[1:]}" for line in lines]

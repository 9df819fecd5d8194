"""The progress of a goal, as data for a chart and as sentences. Pure."""

from collections.abc import Sequence

from services.casework.plan_documents.rules import words
from services.casework.plan_documents.rules.documents import LEVELS, Attainment
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import Tree
from services.chassis.typesetting.spoken import day, short_day, signed

MOST_DRAWN = 6
"""Dates that fit beside one another under the chart."""


def progress(attainments: Sequence[Attainment], language: Language) -> Tree:
    """The points and the scale of the chart, and the same as text; None before the
    first rating.
    """
    rated = sorted(attainments, key=lambda attainment: attainment.on)
    if not rated:
        return None
    # The first one stays: progress is measured from it.
    drawn = rated if len(rated) <= MOST_DRAWN else [rated[0], *rated[1 - MOST_DRAWN :]]
    ratings_text = "; ".join(
        f"{day(attainment.on, language)}: {_level(attainment, language)}"
        for attainment in rated
    )
    return {
        # All ratings, including those left out of the chart.
        "alt": f"{words.PROGRESS.in_language(language)}. {ratings_text}.",
        "points": [
            {"day": short_day(attainment.on, language), "level": attainment.level}
            for attainment in drawn
        ],
        "scale": [
            {"level": level, "sign": signed(level), "text": _scale(level, language)}
            for level in reversed(LEVELS)
        ],
        "latest": _latest(rated, language),
        "left_out": (
            words.FIRST_AND_LAST.in_language(language) if drawn != rated else None
        ),
    }


def latest_level(attainments: Sequence[Attainment], language: Language) -> str:
    """The last level of a goal as text, or that it has not been rated."""
    if not attainments:
        return words.NO_RATING.in_language(language)
    last = max(attainments, key=lambda attainment: attainment.on)
    return _scale(last.level, language)


def _scale(level: int, language: Language) -> str:
    return words.LEVEL_WORDS[level].in_language(language)


def _level(attainment: Attainment, language: Language) -> str:
    return f"{_scale(attainment.level, language)} ({signed(attainment.level)})"


def _latest(rated: Sequence[Attainment], language: Language) -> str:
    """The last rating, and how it compares with the first."""
    first, last = rated[0], rated[-1]
    heading = f"{words.LAST_RATED.in_language(language)}, {day(last.on, language)}"
    text = f"{heading}: {_level(last, language)}"
    if len(rated) == 1:
        return f"{text}."
    change = words.SAME if last.level == first.level else words.WORSE
    comparison = words.BETTER if last.level > first.level else change
    return f"{text}, {comparison.in_language(language)}."

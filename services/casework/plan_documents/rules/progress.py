"""How near a goal is, as a picture and as sentences. Pure."""

from collections.abc import Sequence

from services.casework.paper.rules.letters import Tree
from services.casework.paper.rules.spoken import day, short_day, signed
from services.casework.plan_documents.rules import words
from services.casework.plan_documents.rules.documents import LEVELS, Attainment
from services.chassis.ground.problems import Language

MOST_DRAWN = 6
"""Dates that stand beside one another under the picture."""


def progress(attainments: Sequence[Attainment], language: Language) -> Tree:
    """The points of the picture, its scale, and the same in words;
    None before the first rating.
    """
    rated = sorted(attainments, key=lambda attainment: attainment.on)
    if not rated:
        return None
    # The first one stays: progress is measured from it.
    drawn = rated if len(rated) <= MOST_DRAWN else [rated[0], *rated[1 - MOST_DRAWN :]]
    said = "; ".join(
        f"{day(one.on, language)}: {_level(one, language)}" for one in rated
    )
    return {
        # Every rating, those too that are left out of the picture.
        "alt": f"{words.PROGRESS.said(language)}. {said}.",
        "points": [
            {"day": short_day(one.on, language), "level": one.level} for one in drawn
        ],
        "scale": [
            {"level": level, "sign": signed(level), "text": _scale(level, language)}
            for level in reversed(LEVELS)
        ],
        "latest": _latest(rated, language),
        "left_out": words.FIRST_AND_LAST.said(language) if drawn != rated else None,
    }


def latest_level(attainments: Sequence[Attainment], language: Language) -> str:
    """Where a goal stands: the last level in words, or that it has not been rated."""
    if not attainments:
        return words.NO_RATING.said(language)
    last = max(attainments, key=lambda attainment: attainment.on)
    return _scale(last.level, language)


def _scale(level: int, language: Language) -> str:
    return words.LEVEL_WORDS[level].said(language)


def _level(attainment: Attainment, language: Language) -> str:
    return f"{_scale(attainment.level, language)} ({signed(attainment.level)})"


def _latest(rated: Sequence[Attainment], language: Language) -> str:
    """The last rating, and how it compares with the first."""
    first, last = rated[0], rated[-1]
    text = f"{words.LAST_RATED.said(language)}, {day(last.on, language)}: {_level(last, language)}"
    if len(rated) == 1:
        return f"{text}."
    change = words.SAME if last.level == first.level else words.WORSE
    compared = words.BETTER if last.level > first.level else change
    return f"{text}, {compared.said(language)}."

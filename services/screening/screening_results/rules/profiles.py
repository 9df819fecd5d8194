"""A child's profile as a Vega-Lite document: bands as colours and words, never colours alone."""

from collections.abc import Mapping
from typing import Any

from services.screening.instruments.rules.items import Label
from services.screening.instruments.rules.numbers import LOCALES, Language, written
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import Result, ScaleResult

BandLabels = Mapping[tuple[str, str], Label]
"""The label of each band, by the codes of its scale and of itself."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
NO_CUT_OFF = "no_cut_off"
"""Stands for the outcome of a scale that judges nothing."""
_COLOURS = {
    Outcome.POSITIVE: "#b3450f",
    Outcome.NEGATIVE: "#1d6f42",
    Outcome.UNDETERMINED: "#5f6368",
    NO_CUT_OFF: "#9db4c8",
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
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "pl": {
        "subtitle": "Badanie przesiewowe, a nie diagnoza",
        "score": "wynik surowy",
        "t": "wynik T (średnia 50, odchylenie 10)",
        "outcome": "Wskazanie",
        "none": "brak wyniku",
    },
    "en": {
        "subtitle": "A screening, not a diagnosis",
        "score": "raw score",
        "t": "T score (mean 50, deviation 10)",
        "outcome": "Indication",
        "none": "no score",
    },
}


def profile(
    plan: Plan, result: Result, labels: BandLabels, language: Language
) -> dict[str, Any]:
    """The document.

    Scales by their T scores where all have one, else by their raw scores.
    """
    words = _WORDS[language]
    by_t = bool(result.scales) and all(
        scale.norms and scale.norms.t is not None for scale in result.scales
    )
    rows = [_row(plan, scale, labels, language, by_t=by_t) for scale in result.scales]
    return {
        "$schema": SCHEMA,
        "title": {"text": getattr(plan.title, language), "subtitle": words["subtitle"]},
        "width": 420,
        "height": {"step": 34},
        "data": {"values": rows},
        "encoding": {"y": _names()},
        "layer": _layers(language, by_t=by_t),
        "config": {
            "locale": LOCALES[language],
            "font": "sans-serif",
            "axis": {"grid": False},
            "view": {"stroke": None},
        },
    }


def _names() -> dict[str, Any]:
    return {
        "field": "scale",
        "type": "nominal",
        "title": None,
        # In the order of the instrument; Vega-Lite's own would be the alphabet.
        "sort": None,
        "axis": {"labelLimit": 260},
    }


def _layers(language: Language, *, by_t: bool) -> list[dict[str, Any]]:
    """A bar for each scale, and beside it its score and band in words."""
    axis: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": _WORDS[language]["t" if by_t else "score"],
    }
    if by_t:
        # Three standard deviations on either side of 50: beyond them lie 3 children of
        # 1000.
        axis["scale"] = {"domain": [20, 80], "clamp": True}
    return [
        {
            "mark": {"type": "bar", "height": {"band": 0.55}},
            "encoding": {"x": axis, "color": _colour(language)},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {"x": axis, "text": {"field": "said", "type": "nominal"}},
        },
    ]


def _row(
    plan: Plan,
    scale: ScaleResult,
    labels: BandLabels,
    language: Language,
    *,
    by_t: bool,
) -> dict[str, Any]:
    name = plan.scales.get(scale.code)
    band = labels.get((scale.code, scale.band)) if scale.band else None
    score = scale.norms.t if by_t and scale.norms else scale.raw
    words = _WORDS[language]["none"] if score is None else written(score, language)
    return {
        "scale": getattr(name, language) if name else scale.code,
        # Vega-Lite leaves out a row without a value, and the scale with it.
        "value": 0 if score is None else score,
        "said": words if band is None else f"{words} · {getattr(band, language)}",
        "outcome": OUTCOMES[language][scale.outcome or NO_CUT_OFF],
    }


def _colour(language: Language) -> dict[str, Any]:
    outcomes = [OUTCOMES[language][outcome] for outcome in _COLOURS]
    scale = {"domain": outcomes, "range": [*_COLOURS.values()]}
    return {
        "field": "outcome",
        "type": "nominal",
        "title": _WORDS[language]["outcome"],
        "scale": scale,
    }

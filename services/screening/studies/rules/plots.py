"""What a study looks like, as Vega-Lite documents."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from services.screening.studies.rules.kinds import PLOT_SECTION, Plot

Facts = Mapping[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
SMALLEST_SHOWN = 5
MONTHS_TOGETHER = 6
MOST_ITEMS_TOGETHER = 60


def plots_of(sections: Facts, ages: Sequence[int]) -> dict[str, Any]:
    """Each plot that can be drawn. Its texts are in both languages."""
    drawn = {}
    for plot in Plot:
        section = PLOT_SECTION[plot]
        if section is not None and sections[section]["status"] != "computed":
            continue
        spec = ages_spec(ages) if section is None else _SPECS[plot](sections[section])
        if spec is not None:
            drawn[plot.value] = spec
    return drawn


def _spec(title: str, values: Sequence[Facts], **rest: Any) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": title,
        "width": 420,
        "height": 320,
        "data": {"values": [*values]},
        **rest,
    }


def _axis(field: str, title: str, kind: str = "quantitative", **more: Any) -> dict[str, Any]:
    return {"field": field, "type": kind, "title": title, **more}


def roc_spec(section: Facts) -> dict[str, Any] | None:
    """The ROC curve over the diagonal of chance."""
    curve = section["roc"]
    if "points" not in curve:
        return None
    unit = {"domain": [0, 1]}
    chance = [{"false_positive_rate": end, "sensitivity": end} for end in (0, 1)]
    x = _axis("false_positive_rate", "1 − swoistość / 1 − specificity", scale=unit)
    y = _axis("sensitivity", "czułość / sensitivity", scale=unit)
    area = curve["auc"]["value"]
    return _spec(
        f"ROC, AUC = {area:.3f}, n = {curve['n']}",
        curve["points"],
        encoding={"x": x, "y": y},
        layer=[
            {"mark": {"type": "line", "interpolate": "step-after"}, "encoding": {"order": _axis("sensitivity", "")}},
            {"data": {"values": chance}, "mark": {"type": "line", "strokeDash": [4, 4], "color": "#777"}},
        ],
    )


def item_characteristics_spec(section: Facts) -> dict[str, Any]:
    """The mean share of each item's points by the sum of all."""
    return _spec(
        "Charakterystyki pozycji / Item characteristics",
        section["characteristics"],
        mark={"type": "line", "point": True},
        encoding={
            "x": _axis("sum", "suma punktów / sum score", scale={"zero": False}),
            "y": _axis("share", "średnia część punktów / mean share of points", scale={"domain": [0, 1]}),
            "color": _axis("item", "pozycja / item", "nominal"),
        },
    )


def bland_altman_spec(section: Facts) -> dict[str, Any] | None:
    """Differences against means, with the mean difference and its limits of agreement."""
    compared = next((one for one in section.values() if isinstance(one, Mapping) and "points" in one), None)
    if compared is None:
        return None
    limits = compared["limits_of_agreement"]
    lines = [{"difference": limits[name]["value"], "line": name} for name in ("lower", "bias", "upper")]
    y = _axis("difference", "różnica / difference")
    rule = {"mark": {"type": "rule", "strokeDash": [4, 4]}, "encoding": {"y": y, "color": _axis("line", "", "nominal")}}
    dots = {
        "mark": {"type": "point", "filled": True},
        "encoding": {"x": _axis("mean", "średnia / mean", scale={"zero": False}), "y": y, "size": _axis("n", "n")},
    }
    return _spec(
        f"Bland–Altman, n = {compared['n']}", compared["points"], layer=[dots, {"data": {"values": lines}} | rule]
    )


def ages_spec(ages: Sequence[int]) -> dict[str, Any]:
    """How many children by half-years of age. Groups of fewer than five are not drawn and not told."""
    steps, counts = np.unique(np.array(ages, int) // MONTHS_TOGETHER * MONTHS_TOGETHER, return_counts=True)
    shown = [
        {"age_months": int(step), "n": int(count)}
        for step, count in zip(steps, counts, strict=True)
        if count >= SMALLEST_SHOWN
    ]
    return _spec(
        "Rozkład wieku / Distribution by age",
        shown,
        mark="bar",
        encoding={
            "x": _axis("age_months", "wiek w miesiącach (od) / age in months (from)", "ordinal"),
            "y": _axis("n", "liczba dzieci / children"),
        },
    )


_SPECS = {
    Plot.ROC: roc_spec,
    Plot.ITEM_CHARACTERISTICS: item_characteristics_spec,
    Plot.BLAND_ALTMAN: bland_altman_spec,
}

"""What a study looks like, as Vega-Lite documents whose texts are in both languages until one is asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW, may_tell
from services.screening.studies.rules.kinds import PLOT_SECTION, Plot

Facts = Mapping[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MONTHS_TOGETHER = 6
PANELS_IN_A_ROW = 5
_GREY, _DASHED = "#6b6b6b", [4, 4]


def plots_of(sections: Facts, ages: Sequence[int]) -> dict[str, Any]:
    """Each plot that can be drawn."""
    drawn = {}
    for plot in Plot:
        section = PLOT_SECTION[plot]
        if section is not None and sections[section]["status"] != "computed":
            continue
        spec = ages_spec(ages) if section is None else _SPECS[plot](sections[section])
        if spec is not None:
            drawn[plot.value] = spec
    return drawn


def _words(pl: str, en: str) -> dict[str, str]:
    return {"pl": pl, "en": en}


def _spec(
    title: dict[str, str], values: Sequence[Facts], **rest: Any
) -> dict[str, Any]:
    size = {} if "facet" in rest else {"width": 420, "height": 320}
    told = {"$schema": SCHEMA, "title": title, "description": title, **size}
    return {**told, "data": {"values": [*values]}, **rest}


def _axis(
    field: str, title: dict[str, str] | None, kind: str = "quantitative", **more: Any
) -> dict[str, Any]:
    return {"field": field, "type": kind, "title": title, **more}


def roc_spec(section: Facts) -> dict[str, Any] | None:
    """The ROC curve over the diagonal of chance."""
    curve = section["roc"]
    if "points" not in curve:
        return None
    unit = {"domain": [0, 1]}
    chance = [{"false_positive_rate": end, "sensitivity": end} for end in (0, 1)]
    x = _axis(
        "false_positive_rate", _words("1 − swoistość", "1 − specificity"), scale=unit
    )
    y = _axis("sensitivity", _words("czułość", "sensitivity"), scale=unit)
    title = f"ROC, AUC = {curve['auc']['value']:.3f}; n = {curve['n']}"
    return _spec(
        _words(title.replace(".", ","), title),
        curve["points"],
        encoding={"x": x, "y": y},
        layer=[
            {
                "mark": {"type": "line", "interpolate": "step-after"},
                "encoding": {"order": _axis("sensitivity", None)},
            },
            {
                "data": {"values": chance},
                "mark": {"type": "line", "strokeDash": _DASHED, "color": _GREY},
            },
        ],
    )


def item_characteristics_spec(section: Facts) -> dict[str, Any]:
    """The mean share of each item's points by the sum of all: a panel an item, over the mean of all items."""
    points = section["characteristics"]
    encoding = {
        "x": _axis("sum", _words("suma punktów", "sum score"), scale={"zero": False}),
        "y": _axis(
            "share",
            _words("część punktów", "share of points"),
            scale={"domain": [0, 1]},
        ),
    }
    sums: dict[float, list[float]] = {}
    for point in points:
        sums.setdefault(point["sum"], []).append(point["share"])
    together = [
        {"sum": of, "share": sum(shares) / len(shares)} for of, shares in sums.items()
    ]
    all_items = {
        "mark": {"type": "line", "strokeDash": _DASHED, "color": _GREY},
        "encoding": encoding,
    }
    title = _words(
        "Charakterystyki pozycji (linia przerywana: średnia wszystkich)",
        "Item characteristics (dashed: mean of all)",
    )
    return _spec(
        title,
        points,
        facet={"field": "item", "type": "nominal", "title": None, "sort": None},
        columns=PANELS_IN_A_ROW,
        spec={
            "width": 130,
            "height": 100,
            "layer": [
                {"data": {"values": together}} | all_items,
                {"mark": {"type": "line", "point": True}, "encoding": encoding},
            ],
        },
    )


def bland_altman_spec(section: Facts) -> dict[str, Any] | None:
    """Differences against means, with the mean difference (whole line) and its limits of agreement (dashed)."""
    compared = next(
        (
            one
            for one in section.values()
            if isinstance(one, Mapping) and "points" in one
        ),
        None,
    )
    if compared is None:
        return None
    limits, points = compared["limits_of_agreement"], compared["points"]
    y = _axis(
        "difference",
        _words("różnica (pierwszy − drugi)", "difference (first − second)"),
    )
    most = max((point["n"] for point in points), default=1)
    shown = (
        {
            "values": sorted({1, (most + 1) // 2, most}),
            "format": "d",
            "orient": "bottom",
        }
        if most > 1
        else None
    )
    size = _axis(
        "n",
        _words("liczba dzieci", "children"),
        scale={"domain": [0, most]},
        legend=shown,
    )
    x = _axis("mean", _words("średnia z obu", "mean of both"), scale={"zero": False})
    dots = {
        "mark": {"type": "point", "filled": True},
        "encoding": {"x": x, "y": y, "size": size},
    }
    lines = [
        _line(
            limits["upper"]["value"],
            _words("górna granica zgodności", "upper limit of agreement"),
            y,
            _DASHED,
        ),
        _line(
            limits["bias"]["value"],
            _words("średnia różnica", "mean difference"),
            y,
            [1, 0],
        ),
        _line(
            limits["lower"]["value"],
            _words("dolna granica zgodności", "lower limit of agreement"),
            y,
            _DASHED,
        ),
    ]
    title = f"Bland–Altman, n = {compared['n']}"
    return _spec(
        _words(title, title),
        points,
        layer=[dots, *(layer for line in lines for layer in line)],
    )


def _line(
    at: float, name: dict[str, str], y: Facts, dash: Sequence[int]
) -> list[dict[str, Any]]:
    """A line across the plot, with its name and its value beside it."""
    values = {"data": {"values": [{"difference": at}]}}
    told = f"{at:.2f}".replace("-", "−")
    text = _words(f"{name['pl']}: {told.replace('.', ',')}", f"{name['en']}: {told}")
    beside = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dx": 4,
        "text": text,
    }
    rule = {
        "mark": {"type": "rule", "strokeDash": dash, "color": _GREY},
        "encoding": {"y": y},
    }
    return [
        values | rule,
        values | {"mark": beside, "encoding": {"y": y, "x": {"value": "width"}}},
    ]


def ages_spec(ages: Sequence[int]) -> dict[str, Any] | None:
    """How many children by age: by half-years, or by as long steps as it takes for none to be of few."""
    for months in (MONTHS_TOGETHER * times for times in (1, 2, 4)):
        steps, counts = np.unique(
            np.array(ages, int) // months * months, return_counts=True
        )
        if may_tell(counts, FEW):
            return _ages_drawn(steps, counts)
    return None


def _ages_drawn(steps: NDArray[np.int64], counts: NDArray[np.int64]) -> dict[str, Any]:
    told = zip(steps, counts, strict=True)
    shown = [{"age_months": int(step), "n": int(count)} for step, count in told]
    return _spec(
        _words("Rozkład wieku", "Distribution by age"),
        shown,
        mark="bar",
        encoding={
            "x": _axis(
                "age_months",
                _words("wiek w miesiącach (od)", "age in months (from)"),
                "ordinal",
            ),
            "y": _axis("n", _words("liczba dzieci", "children")),
        },
    )


_SPECS = {
    Plot.ROC: roc_spec,
    Plot.ITEM_CHARACTERISTICS: item_characteristics_spec,
    Plot.BLAND_ALTMAN: bland_altman_spec,
}

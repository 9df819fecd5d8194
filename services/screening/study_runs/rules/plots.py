"""The plots of a study, as Vega-Lite documents with texts in both languages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW, may_publish
from services.screening.instruments.rules.numbers import LOCALES
from services.screening.study_runs.rules.estimates import Results
from services.screening.study_runs.rules.sections import SECTION_OF_PLOT, Plot

Document = dict[str, Any]
"""A Vega-Lite document, or a part of one."""
Words = dict[str, str]
"""A text in Polish and in English."""
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MONTHS_OF_A_BAR = (6, 12, 24)
PANELS_IN_A_ROW = 5
_GREY, _DASHED, _WHOLE = "#6b6b6b", [4, 4], [1, 0]
_UNIT = {"domain": [0, 1]}


def plots_of(sections: Results, ages: Sequence[int]) -> dict[str, Document]:
    """Each plot that can be drawn, from the sections as JSON and the children's ages in months."""
    documents: dict[str, Document | None] = {Plot.AGES.value: ages_spec(ages)}
    for plot, spec in _SPECS.items():
        section = sections[SECTION_OF_PLOT[plot]]
        if section["status"] == "computed":
            documents[plot.value] = spec(section)
    return {
        name: document for name, document in documents.items() if document is not None
    }


def _words(pl: str, en: str) -> Words:
    return {"pl": pl, "en": en}


def _spec(title: Words, values: Sequence[Results], **members: Any) -> Document:
    # With a facet only the panels may have a size, and not the document.
    size = {} if "facet" in members else {"width": 420, "height": 320}
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": title,
        **size,
        "data": {"values": [*values]},
        "config": {"locale": dict(LOCALES)},
        **members,
    }


def _axis(
    field: str, title: Words | None, kind: str = "quantitative", **members: Any
) -> Document:
    return {"field": field, "type": kind, "title": title, **members}


def roc_spec(section: Results) -> Document | None:
    """The ROC curve over the diagonal of chance; None when there is no curve."""
    curve = section["roc"]
    if "points" not in curve:
        return None
    chance = [{"false_positive_rate": end, "sensitivity": end} for end in (0, 1)]
    one_minus = _words("1 − swoistość", "1 − specificity")
    x = _axis("false_positive_rate", one_minus, scale=_UNIT)
    y = _axis("sensitivity", _words("czułość", "sensitivity"), scale=_UNIT)
    title = f"ROC, AUC = {curve['auc']['value']:.3f}; n = {curve['n']}"
    # Straight lines between the points: ties count half, as in the area.
    lines = {"mark": {"type": "line"}, "encoding": {"order": _axis("place", None)}}
    points = [{**point, "place": place} for place, point in enumerate(curve["points"])]
    diagonal = {
        "data": {"values": chance},
        "mark": {"type": "line", "strokeDash": _DASHED, "color": _GREY},
    }
    return _spec(
        # Polish uses a decimal comma.
        _words(title.replace(".", ","), title),
        points,
        encoding={"x": x, "y": y},
        layer=[lines, diagonal],
    )


def item_characteristics_spec(section: Results) -> Document:
    """The mean share of each item's points by the sum of all items: one panel for each item."""
    points = section["characteristics"]
    encoding = {
        "x": _axis("sum", _words("suma punktów", "sum score"), scale={"zero": False}),
        "y": _axis("share", _words("część punktów", "share of points"), scale=_UNIT),
    }
    of_all_items = {
        "data": {"values": _mean_shares(points)},
        "mark": {"type": "line", "strokeDash": _DASHED, "color": _GREY},
        "encoding": encoding,
    }
    of_item = {"mark": {"type": "line", "point": True}, "encoding": encoding}
    title = _words(
        "Krzywe charakterystyczne pozycji (linia przerywana: średnia wszystkich)",
        "Item characteristics (dashed: mean of all)",
    )
    return _spec(
        title,
        points,
        facet={"field": "item", "type": "nominal", "title": None, "sort": None},
        columns=PANELS_IN_A_ROW,
        spec={"width": 130, "height": 100, "layer": [of_all_items, of_item]},
    )


def _mean_shares(points: Sequence[Results]) -> list[Results]:
    """The mean share of all items at each sum."""
    shares_of: dict[float, list[float]] = {}
    for point in points:
        shares_of.setdefault(point["sum"], []).append(point["share"])
    return [
        {"sum": sum_, "share": sum(shares) / len(shares)}
        for sum_, shares in shares_of.items()
    ]


def bland_altman_spec(section: Results) -> Document | None:
    """Differences against means, with the mean difference and the limits of agreement."""
    parts = [part for part in section.values() if isinstance(part, Mapping)]
    comparison = next((part for part in parts if "points" in part), None)
    if comparison is None:
        return None
    limits, points = comparison["limits_of_agreement"], comparison["points"]
    difference = _words("różnica (pierwszy − drugi)", "difference (first − second)")
    y = _axis("difference", difference)
    x = _axis("mean", _words("średnia z obu", "mean of both"), scale={"zero": False})
    dots = {
        "mark": {"type": "point", "filled": True},
        "encoding": {"x": x, "y": y, "size": _size(points)},
    }
    upper = _words("górna granica zgodności", "upper limit of agreement")
    lower = _words("dolna granica zgodności", "lower limit of agreement")
    bias = _words("średnia różnica", "mean difference")
    title = f"Bland–Altman, n = {comparison['n']}"
    return _spec(
        _words(title, title),
        points,
        layer=[
            dots,
            *_line(limits["upper"]["value"], upper, y, _DASHED),
            *_line(limits["bias"]["value"], bias, y, _WHOLE),
            *_line(limits["lower"]["value"], lower, y, _DASHED),
        ],
    )


def _size(points: Sequence[Results]) -> Document:
    """The size of a dot: how many children it stands for.

    There is no legend if each dot stands for one child.
    """
    most = max((point["n"] for point in points), default=1)
    legend = None
    if most > 1:
        values = sorted({1, (most + 1) // 2, most})
        legend = {"values": values, "format": "d", "orient": "bottom"}
    children = _words("liczba dzieci", "children")
    return _axis("n", children, scale={"domain": [0, most]}, legend=legend)


def _line(at: float, name: Words, y: Document, dash: Sequence[int]) -> list[Document]:
    """A line across the plot, with its name and its value beside it."""
    data = {"values": [{"difference": at}]}
    value = f"{at:.2f}".replace("-", "−")
    text = _words(f"{name['pl']}: {value.replace('.', ',')}", f"{name['en']}: {value}")
    rule = {"type": "rule", "strokeDash": dash, "color": _GREY}
    label = {"type": "text", "align": "left", "baseline": "middle", "dx": 4}
    return [
        {"data": data, "mark": rule, "encoding": {"y": y}},
        {
            "data": data,
            "mark": label | {"text": text},
            "encoding": {"y": y, "x": {"value": "width"}},
        },
    ]


def ages_spec(ages: Sequence[int]) -> Document | None:
    """The number of children by age: by half-years, or by longer steps if a bar would have few.

    None if every step has a bar of few children.
    """
    for months in MONTHS_OF_A_BAR:
        starts, counts = np.unique(
            np.array(ages, int) // months * months, return_counts=True
        )
        if may_publish(counts, FEW):
            return _bars(starts, counts)
    return None


def _bars(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Document:
    bars = [
        {"age_months": int(start), "n": int(count)}
        for start, count in zip(starts, counts, strict=True)
    ]
    months = _words("wiek w miesiącach (od)", "age in months (from)")
    return _spec(
        _words("Rozkład wieku", "Distribution by age"),
        bars,
        mark="bar",
        encoding={
            "x": _axis("age_months", months, "ordinal"),
            "y": _axis("n", _words("liczba dzieci", "children")),
        },
    )


_SPECS: Mapping[Plot, Callable[[Results], Document | None]] = {
    Plot.ROC: roc_spec,
    Plot.ITEM_CHARACTERISTICS: item_characteristics_spec,
    Plot.BLAND_ALTMAN: bland_altman_spec,
}

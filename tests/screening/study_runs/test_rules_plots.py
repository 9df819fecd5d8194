"""Plots of a study: documents that can be drawn, in one language, with nobody recognised."""

import re
import warnings
from itertools import pairwise

import pytest
import vl_convert

from services.screening.study_runs.rules.pictures import in_language
from tests.screening.studies.population import ITEMS, Facts, screened
from tests.screening.study_runs.studied import studied


def test_every_plot_is_a_specification_that_altair_takes_and_an_svg(ready: Facts) -> None:
    with warnings.catch_warnings(action="ignore"):
        import altair  # noqa: PLC0415, ICN001
    for plot in ready["plots"].values():
        for language in ("pl", "en"):
            told = in_language(plot, language)
            altair.Chart.from_dict(told, validate=True)
            assert vl_convert.vegalite_to_svg(told).startswith("<svg")


def texts_of(plot: Facts) -> list[str]:
    return re.findall(r">([^<]+)<", vl_convert.vegalite_to_svg(plot))


def test_twenty_items_are_told_apart_without_colours(ready: Facts) -> None:
    plot = in_language(ready["plots"]["item-characteristics"], "pl")
    assert [text for text in texts_of(plot) if text in ITEMS] == ITEMS
    assert plot["facet"]["field"] == "item"


@pytest.mark.parametrize(
    ("language", "size", "limit"), [("pl", "liczba dzieci", "dolna granica"), ("en", "children", "lower limit")]
)
def test_limits_of_agreement_are_named_in_one_language_and_no_dot_stands_for_nobody(
    ready: Facts, language: str, size: str, limit: str
) -> None:
    texts = texts_of(in_language(ready["plots"]["bland-altman"], language))
    [last] = [place for place, text in enumerate(texts) if text.startswith(limit)]
    legend = texts[last + 1 : texts.index(size)]
    assert legend == sorted(legend, key=int)
    assert legend[0] == "1"


@pytest.mark.parametrize(
    ("ages", "drawn"),
    [
        ({40: 60, 50: 40}, {36: 60, 48: 40}),
        ({40: 60, 46: 3, 50: 37}, {36: 63, 48: 37}),
        ({40: 99, 71: 1}, None),
        ({40: 100}, None),
    ],
)
def test_ages_are_drawn_by_steps_of_which_none_is_of_few(ages: dict[int, int], drawn: dict[int, int] | None) -> None:
    rows = screened(100)
    for one, age in zip(rows, [age for age, number in ages.items() for _ in range(number)], strict=True):
        one["age"] = age
    found = studied(rows)["plots"].get("ages")
    assert (found and {bar["age_months"]: bar["n"] for bar in found["data"]["values"]}) == drawn


def test_the_points_of_a_curve_are_no_few_children_apart() -> None:
    rows = screened(80)
    curve = studied(rows, minimum_n=20)["sections"]["criterion"]["roc"]
    ill = sum(row["criterion"] == "positive" for row in rows)
    well = sum(row["criterion"] == "negative" for row in rows)
    below = [round(point["sensitivity"] * ill + point["false_positive_rate"] * well) for point in curve["points"]]
    assert (below[0], below[-1]) == (0, ill + well)
    assert min(after - before for before, after in pairwise(below)) >= 5

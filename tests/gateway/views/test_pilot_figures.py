"""The verdicts of the pilot's figures: stated beside what records would come to."""

import json
from typing import Any

import pytest

from gateway.views.pilot import FILE, stated_figures
from gateway.views.pilot_figures import FIGURES, figures_of
from gateway.views.pilot_records import (
    Budget,
    CaseCounts,
    Check,
    Funnel,
    Records,
    Sites,
)
from gateway.views.pilot_shapes import StatedFigure
from gateway.views.pilot_verdicts import Result, counted, verdict_of
from gateway.views.shapes import Text

LABEL = Text(pl="liczba", en="number")


def stated(value: str, **parts: str | None) -> StatedFigure:
    told = {name: {"label": LABEL.model_dump(), "stated": part} for name, part in parts.items()}
    return StatedFigure.model_validate(
        {"id": "N0", "source": "000", "stated": value, "label": LABEL.model_dump(), "parts": told}
    )


@pytest.mark.parametrize(
    ("figure", "found", "verdict"),
    [
        (stated("105"), Result("105"), "agrees"),
        (stated("105"), Result("104"), "contradiction"),
        (stated("105", project="36"), Result("105", {"project": "35"}), "contradiction"),
        # Of what the source says nothing, and what could not be had, nothing follows.
        (stated("105", project=None, other="69"), Result("105", {"project": "35", "other": None}), "agrees"),
        (stated("≥ 350"), Result("356"), "lower_bound"),
        (stated("≥ 350"), Result("350"), "lower_bound"),
        (stated("≥ 350"), Result("349"), "contradiction"),
        # Where some of the records are not told, the rest of them is a lower bound.
        (stated("21944"), Result("≥ 21000"), "lower_bound"),
        (stated("21944"), Result("≥ 21944"), "lower_bound"),
        (stated("21944"), Result("≥ 21945"), "contradiction"),
        (stated("220"), Result("220", verdict="not_comparable"), "not_comparable"),
        (stated("220"), Result("219", verdict="not_comparable"), "contradiction"),
        (stated("12"), Result("18", is_apart=True), "not_comparable"),
        (stated("12"), Result("12", is_apart=True), "agrees"),
    ],
)
def test_a_verdict_is_of_both_numbers_down_to_the_parts(figure: StatedFigure, found: Result, verdict: str) -> None:
    assert verdict_of(figure, found) == verdict


def test_every_figure_that_is_stated_is_computed_and_each_part_is_named_in_both_languages() -> None:
    assert [one.id for one in stated_figures().figures] == [f"N{number}" for number in range(1, 21)] == [*FIGURES]
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    noted = {one["id"] for one in told["figures"] if "note" in one}
    # What does not add up is said.
    assert {"N5", "N7", "N12", "N13", "N15"} <= noted


def test_of_what_could_not_be_had_there_is_no_figure() -> None:
    assert figures_of(stated_figures(), Records()) == []
    known = figures_of(stated_figures(), Records(cases=CaseCounts.model_validate(counts(720))))
    assert [(one.id, one.verdict) for one in known] == [("N4", "agrees")]
    few = CaseCounts.model_validate(counts(None))
    assert figures_of(stated_figures(), Records(cases=few)) == []


def counts(cases: int | None) -> dict[str, Any]:
    return {"cases": cases, "counties": 36, "with_active_plan": cases, "with_review": None}


def test_a_county_in_both_groups_is_counted_once_in_all_and_in_each() -> None:
    """N2: 36 + 69 = 105 only while no county is in both."""
    codes = {"project": ["0201", "0202"], "nursery_association": ["0202", "0203"]}
    sites = [
        {"county_terc": code, "implementer": name, "status": "active"}
        for name, found in codes.items()
        for code in found
    ]
    # In none of its counties that was not screened either.
    sites.append({"county_terc": "0204", "implementer": "project", "status": "active"})
    rows = [{"county_terc": f"020{number}", "complete": 10 * number, "selected": None} for number in (1, 2, 3)]
    whole = {"complete": 60, "selected": None}
    funnel = {"in_all": whole, "shares": {"selected_of_complete": None}, "by_county": rows}
    records = Records(sites=Sites.model_validate({"items": sites}), children=[Funnel.model_validate(funnel)])
    found = {one.id: one for one in figures_of(stated_figures(), records)}
    assert (found["N2"].computed, [part.computed for part in found["N2"].parts]) == ("3", ["2", "2"])
    assert found["N1"].computed == "60"


def test_a_sum_of_which_a_part_is_not_told_is_a_lower_bound() -> None:
    assert (counted([3, 4]), counted([3, None]), counted([])) == ("7", "≥ 3", "0")


def test_months_and_shares_of_a_budget_are_those_of_its_tasks() -> None:
    """Source 003: task 3 runs from the first quarter of 2025 to the second of 2026, eighteen months."""
    quarters = [("2023Q4", "2024Q1", "5.00"), ("2024Q2", "2026Q4", "70.00"), ("2025Q1", "2026Q2", "10.00")]
    tasks = [
        {"number": number, "share": share, "start_quarter": first, "end_quarter": last}
        for number, (first, last, share) in enumerate(quarters, 1)
    ]
    sources = [
        {"kind": "eu", "amount": "80.00", "share": "80.00"},
        {"kind": "national", "amount": "20.00", "share": "20.00"},
    ]
    years = [{"year": 2023, "amount": "60.00"}, {"year": 2026, "amount": "40.00"}]
    budget = Budget.model_validate({"total": "100.00", "years": years, "tasks": tasks, "sources": sources})
    check = Check.model_validate(
        {
            "is_feasible": False,
            "most_spendable": "45.00",
            "findings": [{"code": "x", "years": [2023], "planned": "60.00", "feasible": "5.00"}],
        }
    )
    found = {one.id: one for one in figures_of(stated_figures(), Records(budget=budget, check=check))}
    assert (found["N15"].computed, found["N15"].verdict) == ("18", "not_comparable")
    assert (found["N11"].computed, found["N10"].computed) == ("85.00", "80.00")
    assert [part.computed for part in found["N10"].parts] == ["80.00", "20.00"]
    assert (found["N12"].computed, found["N12"].verdict) == ("5.00", "contradiction")
    assert [part.computed for part in found["N12"].parts] == ["45.00", "40.00"]

"""From where to where scales reach, and intervals that end there."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.explanations import explain
from services.screening.instruments.rules.norms import NormDocument, Norms, compile_norms
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import compile_plan
from services.screening.instruments.rules.reach import reach_of, within_reach
from services.screening.instruments.rules.scoring import score
from services.screening.screening_results.rules.comparisons import InformantResult, compared_scales
from tests.screening.instruments import published
from tests.screening.instruments.generated import answers, instruments
from tests.screening.instruments.published import words
from tests.screening.instruments.test_rules_definitions import plan

CHILD = Child(30, "female", "parent")


def norms(*scales: str, sd: float = 4.0) -> Norms:
    tables = [{"scale": scale, "mean": 3.0, "sd": sd, "reliability": 0.8} for scale in scales]
    return compile_norms(NormDocument.model_validate({"title": words("N"), "norms": tables}), "N-1")


@pytest.mark.parametrize(
    ("instrument", "reach"),
    [
        (published.phq_9(), {"TOTAL": (0, 27)}),
        (published.sdq(), {"C": (0, 10), "TOTAL": (0, 40)}),
        (published.mchat_r(), {"TOTAL": (0, 20)}),
    ],
)
def test_published_scales_reach_as_far_as_their_authors_say(
    instrument: dict[str, Any], reach: dict[str, tuple[float, float]]
) -> None:
    found = reach_of(published.plan_of(instrument).forms["F"])
    assert {scale: tuple(found[scale]) for scale in reach} == reach


def test_an_interval_at_the_end_of_a_scale_ends_there_in_words_and_in_a_comparison() -> None:
    made = published.plan_of(published.phq_9())
    of_scale = norms("TOTAL")
    lowest, highest = (
        score(made, "F", dict.fromkeys(made.forms["F"].positions, code), CHILD, of_scale) for code in "03"
    )
    assert "the true score most likely lies between 0 and 3.51." in " ".join(explain(made, lowest, "en", of_scale))
    assert "prawdziwy wynik leży najpewniej między 23,49 a 27." in " ".join(explain(made, highest, "pl", of_scale))
    [scale] = [one for one in compared_scales(made, [InformantResult("parent", lowest, {})]) if one["scale"] == "TOTAL"]
    assert (scale["by_informant"][0]["norms"]["low"], scale["by_informant"][0]["norms"]["high"]) == (0, 3.51)


def test_an_interval_within_the_scale_stays_what_it_is() -> None:
    of_total = norms("TOTAL", sd=1.0)
    result = score(plan(), "YOUNGER", dict.fromkeys(("Y_MOVE1", "Y_MOVE2"), "yes"), CHILD, of_total)
    middle = result._replace(
        scales=tuple(
            one._replace(raw=8.0, norms=one.norms and one.norms._replace(low=7.0, high=9.0)) for one in result.scales
        )
    )
    assert within_reach(plan().forms["YOUNGER"], middle) == middle


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_every_interval_of_generated_instruments_holds_the_score_and_no_more_than_the_scale(
    data: st.DataObject,
) -> None:
    document = data.draw(instruments())
    made = compile_plan(Definition.model_validate(document))
    of_all = norms(*(scale["code"] for scale in document["scales"]))
    result = score(made, "F", data.draw(answers(document, faulty=False)), CHILD, of_all)
    if result.problems:
        return
    reach = reach_of(made.forms["F"])
    for scale in within_reach(made.forms["F"], result).scales:
        if scale.raw is not None and scale.norms is not None:
            low, high = scale.norms.low or 0.0, scale.norms.high or 0.0
            assert low <= scale.raw <= high
            assert min(reach[scale.code].low, scale.raw) <= low
            assert high <= max(reach[scale.code].high, scale.raw)
        if scale.raw is not None and scale.answered == scale.expected:
            assert reach[scale.code].low - 1e-9 <= scale.raw <= reach[scale.code].high + 1e-9

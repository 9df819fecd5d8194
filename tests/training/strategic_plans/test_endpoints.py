"""A strategic plan: sums of its budget, consultations, and adoption only with an answer to every recommendation."""

from typing import Any

import httpx
import pytest

from tests.support.problems import assert_problem
from tests.training.annulled import annulled
from tests.training.authorities.made import DECIDER, WRITER, Work, read, recruited, set_day, team_of
from tests.training.diagnoses.made import accepted, content
from tests.training.groups.made import Made
from tests.training.strategic_plans.made import SECOND, adopted, consult, plan


async def begun(client: httpx.AsyncClient, body: Made) -> tuple[Made, Work]:
    """An authority with a team, and the draft of its plan."""
    authority = await recruited(client)
    await team_of(client, authority, 1)
    strategic_plan = Work(client, authority, "strategic-plan")
    await strategic_plan.begin(body)
    return authority, strategic_plan


async def test_the_budget_is_summed_in_grosze_by_year_source_and_priority(training: httpx.AsyncClient) -> None:
    _, strategic_plan = await begun(training, plan())
    # 17480.00 + 0.20 in 2025, 82520.00 + 0.10 in 2026; 82520.00 of 100000.30 is 82.52 %.
    sums = (await read(training, strategic_plan.path))["sums"]
    assert sums["total"] == "100000.30"
    assert sums["by_year"] == {"2025": "17480.20", "2026": "82520.10"}
    assert sums["by_source"] == {"own": "17480.30", "eu": "82520.00"}
    assert sums["by_priority"] == {"P1": "100000.30"}
    assert sums["source_percent"] == {"own": "17.48", "eu": "82.52"}


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"priority": "P9"}, ("/measures/0/priority", "not_found")),
        ({"ends_on": "2025-08-31", "budget": []}, ("/measures/0/ends_on", "wrong_order")),
        ({"budget": [{"year": 2031, "source": "own", "amount": "1.00"}]}, ("/measures/0/budget", "outside_dates")),
        ({"budget": [{"year": 2026, "source": "own", "amount": "1.00"}] * 2}, ("/measures/0/budget", "repeated")),
        ({"budget": [{"year": 2026, "source": "own", "amount": 1.0}]}, ("/measures/0/budget/0/amount", "wrong_type")),
    ],
)
async def test_what_cannot_be_planned_is_refused(
    training: httpx.AsyncClient, facts: dict[str, Any], wrong: tuple[str, str]
) -> None:
    _, strategic_plan = await begun(training, {})
    answer = await strategic_plan.try_to("", plan(measures=[SECOND | facts]), method="PUT")
    assert answer.status_code == 422, answer.text
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [wrong]


async def test_a_plan_is_adopted_only_with_an_answer_to_every_recommendation(training: httpx.AsyncClient) -> None:
    authority, strategic_plan = await begun(training, {})
    refused = assert_problem(await strategic_plan.try_to("consult"), 409, "strategic-plan-incomplete")
    assert refused["missing"] == ["priorities", "management", "measures", "budget", "consultation"]
    await strategic_plan.do("", plan(measures=plan()["measures"][:1]), method="PUT")
    await consult(training, authority, "2026-01-10", heads=2)
    consulted = await strategic_plan.do("consult")
    assert (consulted["state"], consulted["missing"]) == ("consulted", ["accepted_diagnosis"])
    await accepted(training, authority)
    adoption = {"resolution": "I/1/2026", "adopted_on": "2026-01-20"}
    refused = assert_problem(await strategic_plan.try_to("adopt", adoption), 409, "strategic-plan-incomplete")
    assert (refused["missing"], refused["unanswered"]) == (["answers_to_recommendations"], ["R2"])
    revised = await strategic_plan.do("", plan(), method="PUT")
    assert (revised["state"], revised["unanswered"]) == ("draft", [])
    await strategic_plan.do("consult")
    assert (await strategic_plan.do("adopt", adoption))["state"] == "adopted"
    locked = assert_problem(await strategic_plan.try_to("", plan(), method="PUT"), 409, "state-conflict")
    assert locked["allowed"] == ["start-measure"]


async def test_a_measure_is_started_once_and_after_the_adoption(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    await accepted(training, authority)
    set_day(monkeypatch, "2026-03-01")
    strategic_plan = await adopted(training, authority, "2026-02-01")
    for day, code in (("2026-01-31", "outside_dates"), ("2026-03-02", "in_future")):
        answer = await strategic_plan.try_to("measures/D1/start", {"started_on": day})
        assert answer.json()["errors"][0]["code"] == code
    start = {"started_on": "2026-02-15"}
    assert_problem(await strategic_plan.try_to("measures/D9/start", start), 404, "measure-not-found")
    started = await strategic_plan.do("measures/D1/start", start)
    assert (started["state"], started["started_measures"]) == ("implementing", {"D1": "2026-02-15"})
    again = await strategic_plan.try_to("measures/D1/start", start)
    assert assert_problem(again, 409, "state-conflict")["state"] == "started"


async def test_consultations_are_summed_by_group_and_the_missing_groups_named(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    path = f"/authorities/{authority['id']}/consultation-events"
    await consult(training, authority, "2026-01-10", heads=2, parents=5)
    await consult(training, authority, "2026-01-11", heads=1, ngos=1)
    sums = await read(training, f"{path}/sums")
    assert (sums["events"], sums["people"]["heads"], sums["people"]["parents"]) == (2, 3, 5)
    assert sums["not_consulted"] == ["teachers", "pupils", "employers"]
    [_, second] = (await read(training, path))["items"]
    await annulled(training, path, second, WRITER)
    after = await read(training, f"{path}/sums")
    assert (after["events"], after["people"]["heads"]) == (1, 2)
    assert after["not_consulted"] == ["teachers", "pupils", "employers", "ngos"]
    nobody = {"held_on": "2026-01-10", "form": "consultation", "topic": "Plan"}
    early = nobody | {"held_on": "2025-01-14", "heads": 1}
    # Two numbers of which each is an integer, and the sum is none.
    many = nobody | {"heads": 2**31 - 1, "teachers": 1}
    for body, code in ((nobody, "too_few"), (early, "outside_dates"), (many, "too_large")):
        answer = await training.post(f"/v1/training{path}", json=body, headers=DECIDER)
        assert answer.json()["errors"][0]["code"] == code


async def test_a_newer_diagnosis_asks_for_more_than_an_old_plan_answers(training: httpx.AsyncClient) -> None:
    authority, strategic_plan = await begun(training, plan())
    await accepted(training, authority)
    assert (await read(training, strategic_plan.path))["unanswered"] == []
    third = {"code": "R3", "section": "equipment", "text": "Laptopy."}
    await accepted(training, authority, recommendations=[*content()["recommendations"], third])
    assert (await read(training, strategic_plan.path))["unanswered"] == ["R3"]

"""Budgets through the API. The figures are those of source 003: domain N9 to N12."""

from typing import Any

import httpx
import pytest

from tests.support.problems import assert_problem
from tests.training.budgets.asks import BUDGET
from tests.training.programmes.asks import new_programme

URL = "/v1/training/budgets"
TASKS = [
    ("5.00", "2023Q2", "2024Q2"),
    ("70.00", "2024Q2", "2025Q3"),
    ("10.00", "2025Q3", "2026Q4"),
    ("15.00", "2024Q2", "2026Q4"),
]
FERS: dict[str, Any] = {
    "title_pl": "Budżet",
    "title_en": "Budget",
    "years": [{"year": year, "amount": "1500000.00"} for year in range(2023, 2027)],
    "tasks": [
        {"title_pl": "Zadanie", "title_en": "Task", "share": share, "start_quarter": start, "end_quarter": end}
        for share, start, end in TASKS
    ],
    "sources": [{"kind": "eu", "amount": "4951200.00"}, {"kind": "national", "amount": "1048800.00"}],
}


async def made(training: httpx.AsyncClient, budget: dict[str, Any]) -> httpx.Response:
    programme = (await training.post("/v1/training/programmes", json=new_programme())).json()
    return await training.post(URL, json=budget | {"programme": programme["code"]})


async def test_the_sums_of_the_fiche_are_computed(training: httpx.AsyncClient) -> None:
    answer = await made(training, FERS)
    budget = answer.json()
    assert budget["total"] == "6000000.00"
    assert [task["amount"] for task in budget["tasks"]] == ["300000.00", "4200000.00", "600000.00", "900000.00"]
    assert {source["kind"]: source["share"] for source in budget["sources"]} == {"eu": "82.52", "national": "17.48"}
    assert [year["share"] for year in budget["years"]] == ["25.00"] * 4
    assert (await training.get(answer.headers["location"])).json() == budget
    [entry] = (await training.get(f"{URL}?programme={budget['programme']}")).json()["items"]
    assert entry == {name: budget[name] for name in entry} | {"changed_at": entry["changed_at"]}


async def test_the_first_year_plans_more_than_its_only_task_has(training: httpx.AsyncClient) -> None:
    budget = (await made(training, FERS)).json()
    checked = (await training.get(f"{URL}/{budget['id']}/check")).json()
    assert (checked["is_feasible"], checked["most_spendable"]) == (False, "4800000.00")
    first, last = checked["findings"]
    assert first["code"] == "year_exceeds_active_tasks"
    assert (first["years"], first["tasks"]) == ([2023], [1])
    assert (first["planned"], first["feasible"]) == ("1500000.00", "300000.00")
    assert "1,500,000.00" in first["text"]["en"]
    assert "300\N{NO-BREAK SPACE}000,00" in first["text"]["pl"]
    assert (last["code"], last["years"], last["tasks"]) == ("year_takes_whole_tasks", [2026], [3, 4])


async def test_a_calendar_that_holds_has_no_findings(training: httpx.AsyncClient) -> None:
    budget = (await made(training, BUDGET)).json()
    checked = (await training.get(f"{URL}/{budget['id']}/check")).json()
    assert (checked["is_feasible"], checked["findings"]) == (True, [])


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"sources": [{"kind": "eu", "amount": "999.99"}]}, "/sources", "wrong_sum"),
        ({"tasks": [BUDGET["tasks"][0] | {"share": "99.99"}]}, "/tasks", "wrong_sum"),
        ({"tasks": [BUDGET["tasks"][0] | {"end_quarter": "2025Q4"}]}, "/tasks", "wrong_order"),
        ({"years": [{"year": 2026, "amount": "500.00"}] * 2}, "/years", "repeated"),
        ({"sources": [{"kind": "eu", "amount": "500.00"}] * 2}, "/sources", "repeated"),
    ],
)
async def test_parts_that_do_not_sum_are_refused_by_name(
    training: httpx.AsyncClient, change: dict[str, Any], field: str, code: str
) -> None:
    refused = assert_problem(await made(training, BUDGET | change), 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(field, code)]


async def test_a_programme_has_one_budget_which_is_replaced_whole(training: httpx.AsyncClient) -> None:
    first = await made(training, BUDGET)
    budget = first.json()
    again = BUDGET | {"programme": budget["programme"]}
    assert_problem(await training.post(URL, json=again), 409, "budget-already-made")
    seen = {"if-match": first.headers["etag"]}
    smaller = FERS | {"title_pl": "Nowy"}
    path = f"{URL}/{budget['id']}"
    replaced = (await training.put(path, json=smaller, headers=seen)).json()
    assert (replaced["total"], replaced["version"], len(replaced["tasks"])) == ("6000000.00", 2, 4)
    assert_problem(await training.put(path, json=smaller, headers=seen), 412, "version-mismatch")


async def test_a_budget_is_of_a_programme_that_is_there(training: httpx.AsyncClient) -> None:
    refused = await training.post(URL, json=BUDGET | {"programme": "NOBODY"})
    assert_problem(refused, 422, "unknown-reference")

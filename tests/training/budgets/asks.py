"""Requests to budgets."""

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.programmes import asks as programmes

BUDGET: Made = {
    "title_pl": "Budżet",
    "title_en": "Budget",
    "years": [{"year": 2026, "amount": "1000.00"}],
    "tasks": [
        {
            "title_pl": "Szkolenia",
            "title_en": "Training",
            "share": "100.00",
            "start_quarter": "2026Q1",
            "end_quarter": "2026Q4",
        }
    ],
    "sources": [{"kind": "eu", "amount": "1000.00"}],
}


async def prepare(target: Target, make: Make) -> None:
    """A programme with a budget, and one without."""
    await programmes.prepare(target, make)
    code = target["programme"]["code"]
    target.made["budget"] = await make("/budgets", BUDGET | {"programme": code})
    target.made["other"] = await make("/programmes", programmes.new_programme())


def _path(target: Target) -> str:
    return f"/budgets/{target['budget']['id']}"


ASKS: Asks = {
    "list_budgets": asks_to_read("/budgets"),
    "create_budget": lambda target: Ask("POST", "/budgets", BUDGET | {"programme": target["other"]["code"]}),
    "get_budget": asks_to_read(_path),
    "replace_budget": lambda target: Ask("PUT", _path(target), BUDGET, target["budget"]),
    "check_budget": asks_to_read(lambda target: f"{_path(target)}/check"),
}

"""Requests to outreach metrics."""

from typing import Any

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.sessions.made import Ids, a_programme


def value(ids: Ids, **facts: Any) -> dict[str, Any]:
    """How many accounts followed at the end of 2023."""
    return {
        "programme_id": ids["programme"],
        "metric": "accounts_followed",
        "value": 136,
        "as_of": "2023-12-31",
        "source": "profil projektu",
        **facts,
    }


async def prepare(target: Target, make: Make) -> None:
    """A value."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    target.made["ids"] = await a_programme(target.client)
    target.made["metric"] = await make("/outreach-metrics", value(target["ids"]))


ASKS: Asks = {
    "list_outreach_metrics": asks_to_read("/outreach-metrics"),
    "get_outreach_metric": asks_to_read(lambda target: f"/outreach-metrics/{target['metric']['id']}"),
    "record_outreach_metric": lambda target: Ask(
        "POST", "/outreach-metrics", value(target["ids"], metric="accounts_reached")
    ),
    "amend_outreach_metric": lambda target: Ask(
        "PATCH", f"/outreach-metrics/{target['metric']['id']}", {"value": 137}, target["metric"]
    ),
    "annul_outreach_metric": lambda target: Ask(
        "POST", f"/outreach-metrics/{target['metric']['id']}/annul", {"reason": "wrong_facts"}, target["metric"]
    ),
}

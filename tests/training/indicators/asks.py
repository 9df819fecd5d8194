"""Requests to indicators."""

import uuid

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.programmes import asks as programmes

INDICATOR: Made = {
    "kind": "output",
    "measure": "recorded",
    "title_pl": "Osoby",
    "title_en": "People",
    "target": 150,
    "target_female": 105,
    "target_male": 45,
}
VALUE: Made = {"as_of": "2026-06-30", "total": 12, "female": 8, "male": 4, "source": "sprawozdanie"}


async def prepare(target: Target, make: Make) -> None:
    """A programme with an indicator."""
    await programmes.prepare(target, make)
    target.made["indicator"] = await make("/indicators", _new(target))
    target.made["value"] = await make(f"{_path(target)}/values", VALUE)


def _new(target: Target) -> Made:
    return INDICATOR | {"programme": target["programme"]["code"], "code": f"i{uuid.uuid4().hex[:8]}"}


def _path(target: Target) -> str:
    return f"/indicators/{target['indicator']['id']}"


ASKS: Asks = {
    "list_indicators": asks_to_read("/indicators"),
    "create_indicator": lambda target: Ask("POST", "/indicators", _new(target)),
    "get_indicator": asks_to_read(_path),
    "report_indicator_value": lambda target: Ask("POST", f"{_path(target)}/values", VALUE | {"as_of": "2026-07-01"}),
    "get_indicator_value": asks_to_read(lambda target: f"{_path(target)}/values/{target['value']['id']}"),
    "annul_indicator_value": lambda target: Ask(
        "POST",
        f"{_path(target)}/values/{target['value']['id']}/annul",
        {"reason": "wrong_facts"},
        target["value"],
    ),
    "get_indicator_progress": asks_to_read(lambda target: f"{_path(target)}/progress"),
    "draw_indicator": asks_to_read(lambda target: f"{_path(target)}/picture"),
}

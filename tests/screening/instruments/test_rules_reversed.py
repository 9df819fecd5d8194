"""A reversed item needs both ends of its range, and stays between them."""

from typing import Any

import pytest

from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.definitions import Definition
from tests.screening.instruments.test_rules_definitions import demo
from tests.screening.instruments.test_rules_exact import one_scale, scored


def reversed_part(item: dict[str, Any]) -> dict[str, Any]:
    document = one_scale([1.0], 1.0, turned=["Q0"])
    return document | {"items": [{"code": "Q0"} | item]}


@pytest.mark.parametrize(
    ("item", "place", "code"),
    [
        ({"type": "number"}, "is_reversed", "range_missing"),
        ({"type": "number", "minimum": 1.0}, "is_reversed", "range_missing"),
        ({"type": "number", "maximum": 5.0}, "is_reversed", "range_missing"),
        ({"type": "ordinal", "options": [{"code": "a"}, {"code": "b"}]}, "item", "not_scored"),
    ],
)
def test_a_reversed_item_needs_both_ends_and_a_scored_one_some_value(
    item: dict[str, Any], place: str, code: str
) -> None:
    wrong = contradictions(Definition.model_validate(reversed_part(item)))
    assert wrong == [(f"/scales/0/items/0/{place}", code)]


def test_a_value_for_a_reversed_item_that_is_not_asked_lies_between_its_ends() -> None:
    document = demo()
    document["scales"][0]["items"][0]["is_reversed"] = True
    document["items"][0] |= {"value_when_not_asked": -5.0}
    wrong = contradictions(Definition.model_validate(document))
    assert ("/scales/0/items/0/is_reversed", "default_out_of_range") in wrong


def test_a_reversed_item_stays_between_its_ends() -> None:
    number = reversed_part({"type": "number", "minimum": 1.0, "maximum": 5.0})
    assert [scored(number, {"Q0": value}).raw for value in (1, 4.5, 5)] == [5, 1.5, 1]
    options = [{"code": "a", "value": 1.0}, {"code": "b", "value": 2.0}, {"code": "c", "value": -0.5}]
    ticked = reversed_part({"type": "multi_select", "options": options})
    # From −0.5 to 3: the mirror is 2.5.
    answers: tuple[list[str], ...] = (["a", "b"], [], ["c"], ["a", "b", "c"])
    assert [scored(ticked, {"Q0": answer}).raw for answer in answers] == [-0.5, 2.5, 3, 0]

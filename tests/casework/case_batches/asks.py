"""Requests that take cases over, and the count of them."""

from tests.casework.case_batches.made import taken
from tests.support.asks import Ask, Asks, asks_to_read

ASKS: Asks = {
    "take_over_cases": lambda target: Ask("POST", "/cases:batch", {"items": [taken(county_terc=target.county)]}),
    "count_cases": asks_to_read("/cases/counts"),
}

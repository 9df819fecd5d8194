"""Requests to the results of screenings."""

from tests.screening.screenings.asks import path_of, prepare
from tests.support.asks import Asks, asks_to_read

__all__ = ["ASKS", "prepare"]

ASKS: Asks = {
    "get_screening_result": asks_to_read(lambda target: f"{path_of(target)}/result", "screening-not-found"),
    "get_screening_explanation": asks_to_read(lambda target: f"{path_of(target)}/explanation", "screening-not-found"),
    "get_screening_comparison": asks_to_read(lambda target: f"{path_of(target)}/comparison", "screening-not-found"),
    "get_screening_profile": asks_to_read(
        lambda target: f"{path_of(target)}/profile?format=vega-lite", "screening-not-found"
    ),
}

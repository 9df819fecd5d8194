"""Requests to the page for parents."""

from tests.screening.screenings.asks import path_of, prepare
from tests.support.asks import Ask, Asks

__all__ = ["ASKS", "prepare"]

ASKS: Asks = {
    "get_screening_document": lambda target: Ask(
        "GET",
        f"{path_of(target)}/document",
        out_of_reach="screening-not-found",
        # Nobody has confirmed it yet: it was reached all the same.
        lacks="result-not-confirmed",
    ),
}

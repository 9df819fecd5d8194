"""Requests to the batches of screenings."""

from tests.screening.screenings.asks import new
from tests.support.asks import Ask, Asks

ASKS: Asks = {
    "create_screenings": lambda target: Ask("POST", "/screenings:batch", {"items": [new(target)]}),
}
